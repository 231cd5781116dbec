"""Formats of numbers and dates where Django's own differ from the house style."""
