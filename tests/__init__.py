"""Tests of leadstream, in the order of the tree that they test."""
