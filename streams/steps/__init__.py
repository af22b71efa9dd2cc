"""One file per kind of event: `step(tables, event, policy, now)` gives the outgoing events."""
