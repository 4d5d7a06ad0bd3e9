"""Names of people: ids that are safe as folder names, and names that are safe to show."""

import re
import unicodedata

from autograder.notebooks.strangers_texts import with_few_signs

LONGEST_NAME = 60  # letters of an id; a number or a hash may follow
HARMLESS = str.maketrans({"<": "‹", ">": "›", "&": "＆", '"': "”", "'": "’"})


def identifier(name: str) -> str:
    """A student's id, safe as a folder name: letters with their signs, digits, dashes and dots."""
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" or c in "._-" else " " for c in name.lower())
    made = re.sub(r" +", "-", unicodedata.normalize("NFC", kept).strip(" "))
    return made.strip("-.")[:LONGEST_NAME].strip("-.")


def shown_name(name: str) -> str:
    """A name without what a page or a terminal would obey: nbgrader's pages show names as they are."""
    plain = with_few_signs("".join(c for c in name if unicodedata.category(c)[0] != "C"))
    return " ".join(plain.translate(HARMLESS).split())[:120]


def one_line(text: str) -> str:
    """A name in one spelling of its letters, with single blanks."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def name_key(name: str) -> tuple[str, ...]:
    """What names have in common that are one name: their words, in any order, without case and punctuation."""
    return tuple(sorted(_letters(name).split()))


def alike(name: str, other: str) -> bool:
    """Whether two spellings are of one name: Canvas writes the other as `doejane` for Jane Doe."""
    words = name_key(name), name_key(other)
    if words[0] == words[1]:
        return bool(words[0])
    if len(words[1]) == 1 and len(words[0]) > 1:
        first, *rest = _letters(name).split()
        return words[1][0] in ("".join([*rest, first]), "".join([first, *rest]))
    return False


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFC", name).casefold()
    return "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in plain if c not in "'’-")
