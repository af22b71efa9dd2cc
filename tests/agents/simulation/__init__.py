"""Tests of agents/simulation."""
