"""Rows of the registers as records: how they are read from the tables and written to them."""
