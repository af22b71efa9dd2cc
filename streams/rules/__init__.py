"""One noun, one file, one test file; rules do not know each other, a step combines them."""
