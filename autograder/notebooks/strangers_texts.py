"""Texts that strangers wrote, made fit to be shown: nothing in them is obeyed, piled up, or without end."""

import re
import unicodedata

# What a terminal obeys instead of showing, and what turns the direction of writing.
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
MOST_SIGNS = 4
"""On one letter; real writing has up to three. A pile of them reaches over the lines above and below."""


def visible(text: str) -> str:
    """The text with a sign for each character that a terminal would obey."""
    return UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


def with_few_signs(text: str) -> str:
    """The text without what is piled up on its letters."""
    return Signs().few(text)


def shortened(text: str, most: int) -> str:
    """The beginning of a text that is longer than this, with few signs on its letters."""
    plain = with_few_signs(text[: most + 1])
    return f"{plain[: most - 1]}…" if len(text) > most else plain


class Signs:
    """Counts the signs on the letter that was read last, through all the pieces of a text."""

    def __init__(self) -> None:
        self._on_the_letter = 0

    def few(self, piece: str) -> str:
        """The next piece, without the signs that are too many."""
        if piece.isascii():
            self._on_the_letter = 0 if piece else self._on_the_letter
            return piece
        kept: list[str] = []
        for c in piece:
            category = unicodedata.category(c)
            if category in ("Mn", "Me"):
                self._on_the_letter += 1
            elif category != "Cf":  # what is not shown ends no pile
                self._on_the_letter = 0
            if self._on_the_letter <= MOST_SIGNS or category == "Cf":
                kept.append(c)
        return "".join(kept)
