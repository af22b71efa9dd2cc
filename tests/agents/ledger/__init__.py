"""Tests of agents/ledger."""
