"""Tests of agents/kafka."""
