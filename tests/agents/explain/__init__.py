"""Tests of the story of a lead."""
