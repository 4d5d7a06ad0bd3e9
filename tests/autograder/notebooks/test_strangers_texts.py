"""What strangers wrote is shown without what is piled up or obeyed, and otherwise as it is."""

import random
import unicodedata
from itertools import groupby

import pytest

from autograder.notebooks.strangers_texts import MOST_SIGNS, Signs, shortened, visible, with_few_signs

SIGNS = "\u0305\u0301\u0316\u20de\u0489\ufe0f\U0001d167"
UNSHOWN = "\u200d\u200b\ufeff\u2060"


def highest_pile(text: str) -> int:
    """The most signs on one letter; what is not shown does not part them."""
    shown = [unicodedata.category(c) for c in text if unicodedata.category(c) != "Cf"]
    return max((len([*run]) for sign, run in groupby(shown, lambda each: each in ("Mn", "Me")) if sign), default=0)


@pytest.mark.parametrize("seed", range(20))
def test_no_letter_bears_a_pile_of_signs_however_the_text_is_cut(seed):
    luck = random.Random(seed)
    text = "".join(luck.choices(SIGNS + UNSHOWN + "M漢 \n", [9] * len(SIGNS) + [1] * 8, k=400))
    assert highest_pile(text) > MOST_SIGNS >= highest_pile(with_few_signs(text))
    places = sorted(luck.sample(range(400), 9))
    signs = Signs()
    pieces = [signs.few(text[start:end]) for start, end in zip([0, *places], [*places, 400])]
    assert "".join(pieces) == with_few_signs(text)


@pytest.mark.parametrize(
    "text", ["Nguyễn Thị", "रामकृष्ण", "בְּרֵאשִׁ֖ית", "ที่นี่", "👨‍👩‍👧 👍🏽 ❤️", "مُحَمَّد", "a\u0302\u0301b", "plain", ""]
)
def test_real_writing_stays(text):
    for form in ("NFC", "NFD"):
        assert with_few_signs(unicodedata.normalize(form, text)) == unicodedata.normalize(form, text)


def test_long_text_is_cut_and_says_so():
    for text in ("a" * 50, "a" * 51, "a" * 10**6, "M" + "\u0305" * 10**5):
        short = shortened(text, 50)
        assert len(short) <= 50 and (short.endswith("…") == (len(text) > 50)) and text.startswith(short.rstrip("…"))


@pytest.mark.parametrize("c", ["\x1b", "\x00", "\r", "\x9b", "\u202e", "\u2066"])
def test_what_a_terminal_obeys_is_shown_as_a_sign(c):
    assert visible(f"a{c}b\tc\n") == "a\N{REPLACEMENT CHARACTER}b\tc\n"
