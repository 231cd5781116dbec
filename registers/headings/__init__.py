"""What the headings of a table mean, told by their words, their parents and the cells below."""

from registers.headings.matching import Match, known_headings, match_headings

__all__ = ["Match", "known_headings", "match_headings"]
