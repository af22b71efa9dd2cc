"""The rows that each stage keeps, and its tables."""
