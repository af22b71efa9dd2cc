"""What grows with persons, reps, workers and partitions; `tests/bench/growth.py` runs all of it."""
