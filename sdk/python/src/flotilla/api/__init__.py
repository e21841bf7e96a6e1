"""Calls to the REST interface, one file for each noun of it."""
