"""Tests of how leads were shared out."""
