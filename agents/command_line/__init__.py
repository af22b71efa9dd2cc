"""The `leadstream` command: one file per group of commands."""
