"""How a heading of a lesson is linked to, in a card, in a guide and on the site."""

import re
import unicodedata

NUMBER = re.compile(r"^\d+ · ")
PASSAGE = re.compile(r"“(.+?)”")


def anchor(heading: str) -> str:
    """The name of a heading in links: "2 · Smooth the corner" → "smooth-the-corner".

    It is the id that Sphinx gives the heading, and it is ASCII: JupyterLab does not follow a link that the browser
    has to rewrite.
    """
    letters = unicodedata.normalize("NFKD", NUMBER.sub("", heading).lower())
    return re.sub(r"[^a-z0-9]+", "-", letters.encode("ascii", "ignore").decode()).strip("-")
