"""Tests of the rules, one noun a file."""
