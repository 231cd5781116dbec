"""Figures: each a value, the rule that gives it and the rows behind it."""

from organizations.figures.figure import Figure, Measured, Scope, citywide, list_url, measure
from organizations.figures.headline import FIGURES

__all__ = ["FIGURES", "Figure", "Measured", "Scope", "citywide", "list_url", "measure"]
