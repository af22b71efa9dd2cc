"""Tests of the conversion of CRM exports."""
