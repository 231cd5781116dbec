"""Primary keys as requests write them."""

LONGEST = 18  # digits that a bigint holds, whatever they are


def key_of(text: str) -> int | None:
    """The primary key that `text` writes in plain digits; None for everything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else None
