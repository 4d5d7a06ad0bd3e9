"""A text that was cut into pieces is the same again, and repeats are stored once, however far apart they are."""

import random

from hypothesis import given
from hypothesis import strategies as st

from autograder.desk.give_back.repeats import BLOCK, pieces_of

words = st.lists(st.text("ab<>", min_size=1, max_size=90), min_size=1, max_size=5)


@given(words.flatmap(lambda few: st.lists(st.sampled_from(few), max_size=60)))
def test_text_is_the_same_again(parts):
    text = "".join(parts)
    pieces, again = pieces_of(text), ""
    for piece in pieces:
        again += piece if isinstance(piece, str) else again[piece[0] : sum(piece)]
    assert again == text
    places = [piece for piece in pieces if not isinstance(piece, str)]
    assert all(start >= 0 and length >= BLOCK for start, length in places)


def test_repeat_is_stored_once_beyond_what_deflate_sees():
    luck = random.Random(0)
    once = "".join(luck.choices("0123456789", k=50_000))
    new = sum(len(piece) for piece in pieces_of(once + "x" + once) if isinstance(piece, str))
    assert len(once) <= new <= len(once) + 2 * BLOCK
