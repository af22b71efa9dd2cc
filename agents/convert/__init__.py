"""Turns a CSV export of a CRM into input lines (`leadstream convert`)."""
