"""A lead's way through the pipeline, read from the topics: each hop with its times."""
