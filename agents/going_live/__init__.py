"""Going live: leads that reps have in the system before this one are taken over (decision 0036)."""
