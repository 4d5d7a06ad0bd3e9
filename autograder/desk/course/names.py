"""Names of people: ids that are safe as folder names, and names that are safe to show."""

import re
import unicodedata

LONGEST_NAME = 60  # letters of an id; a number or a hash may follow
HARMLESS = str.maketrans({"<": "‹", ">": "›", "&": "＆", '"': "”", "'": "’"})


def identifier(name: str) -> str:
    """A student's id, safe as a folder name: letters with their signs, digits, dashes and dots."""
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" or c in "._-" else " " for c in name.lower())
    made = re.sub(r" +", "-", unicodedata.normalize("NFC", kept).strip(" "))
    return made.strip("-.")[:LONGEST_NAME].strip("-.")


def shown_name(name: str) -> str:
    """A name without what a page or a terminal would obey: nbgrader's pages show names as they are."""
    plain = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    return " ".join(plain.translate(HARMLESS).split())[:120]
