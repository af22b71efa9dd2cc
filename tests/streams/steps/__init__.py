"""Tests of the steps, one kind of event a file."""
