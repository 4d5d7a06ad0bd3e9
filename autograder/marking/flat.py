"""Markup of a hand-in, well nested and of bounded depth, before it is parsed as browsers do it.

Such a parser looks through all open elements at each tag, so that its time grows with the depth times the length. This
rebuilding is no filter, only a bound: it takes time in proportion to the length, whatever the markup.
"""

import re
from html import escape, unescape

from autograder.marking.allowed import link
from autograder.marking.allowed_elements import ATTRIBUTES, EVERYWHERE, FORMATS, FORMULAS, SHAPES, TAGS, VOID
from autograder.notebooks.strangers_texts import Signs, shortened

DEEPEST = 40  # elements within one another; a formula has some ten, a table of a data frame six
MOST_FORMATS = 6  # of them such as <b>, which browsers repeat in every paragraph
MOST_ATTRIBUTES = 20
LONGEST_ADDRESS = 200
SILENT = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "noembed",
        "noframes",
        "xmp",
        "plaintext",
        "textarea",
        "title",
    ]
)
"""Elements whose content is no text of the page."""

NAME = re.compile(r"[a-zA-Z][^\s/>]*+")
ATTRIBUTE = re.compile(
    r"""[\s/]*+(?:>|([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"'][^\s>]*+)))?+)"""
)


def flattened(markup: str, own_host: str = "") -> str:
    """The markup with the elements that may stay, closed where they end; what is deeper loses its tags, not its text.

    A link that may not be followed is followed by its address, as text.
    """
    return _Rebuilding(markup, own_host).result()


class _Rebuilding:
    """One pass over the markup, which never looks back."""

    def __init__(self, markup: str, own_host: str):
        self.markup, self.own_host = markup.replace("\0", ""), own_host
        self.written: list[str] = []
        self.open: list[tuple[str, str]] = []  # the element, and what to write behind it
        self.counts: dict[str, int] = {}
        self.signs = Signs()  # of one letter, in whichever element: browsers pile them up through tags

    def result(self) -> str:
        """All that was written, with what is still open closed."""
        at, end = 0, len(self.markup)
        while at < end:
            found = self.markup.find("<", at)
            if found == -1:
                self._text(self.markup[at:])
                break
            self._text(self.markup[at:found])
            at = self._markup_at(found)
        while self.open:
            self._close()
        return "".join(self.written)

    def _text(self, text: str) -> None:
        if text:
            self.written.append(escape(self.signs.few(unescape(text)), quote=False))

    def _markup_at(self, at: int) -> int:
        """Deal with what begins here with a `<`; return where it ends."""
        if self.markup.startswith("<!--", at):
            return _behind(self.markup, "-->", at + 4)
        closes = self.markup.startswith("/", at + 1)
        name = NAME.match(self.markup, at + 1 + closes)
        if name is None:
            if self.markup.startswith(("<!", "<?", "</"), at):
                return _behind(self.markup, ">", at + 2)
            self.written.append("&lt;")
            return at + 1
        tag = name[0].lower()
        attributes, at = self._attributes(name.end())
        if closes:
            self._end(tag)
        elif tag in SILENT and not (tag == "title" and self.counts.get("svg")):
            return self._silent_end(tag, at)
        elif tag in TAGS:
            self._begin(tag, attributes)
            if self.markup.endswith("/>", 0, at) and tag in SHAPES | FORMULAS and self.open and self.open[-1][0] == tag:
                self._close()
        return at

    def _attributes(self, at: int) -> tuple[dict[str, str], int]:
        found: dict[str, str] = {}
        while each := ATTRIBUTE.match(self.markup, at):
            at = each.end()
            if each[1] is None:  # the tag's end
                return found, at
            if len(found) < MOST_ATTRIBUTES:
                found.setdefault(each[1].lower(), unescape(each[2] or each[3] or each[4] or ""))
        at = _behind(self.markup, ">", at)
        return found, at

    def _silent_end(self, tag: str, at: int) -> int:
        """Where the end tag of such an element begins; what is never closed goes on to the end."""
        found = re.compile(f"</{tag}", re.IGNORECASE | re.ASCII).search(self.markup, at)
        return _behind(self.markup, ">", found.end()) if found else len(self.markup)

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        formats = sum(self.counts.get(name, 0) for name in FORMATS) if tag in FORMATS else 0
        if tag not in VOID and (len(self.open) >= DEEPEST or formats >= MOST_FORMATS):
            return
        behind = ""
        address = attributes.get("href", "").strip() if tag == "a" else ""
        if address and link(address, self.own_host) is None:
            attributes, behind = {}, f" ({escape(shortened(address, LONGEST_ADDRESS))})"
        kept = {name.lower(): name for name in ATTRIBUTES[tag] | EVERYWHERE}
        written = "".join(f' {kept[name]}="{escape(text)}"' for name, text in attributes.items() if name in kept)
        self.written.append(f"<{tag}{written}>")
        if tag not in VOID:
            self.open.append((tag, behind))
            self.counts[tag] = self.counts.get(tag, 0) + 1

    def _end(self, tag: str) -> None:
        if self.counts.get(tag):
            while self._close() != tag:
                pass

    def _close(self) -> str:
        tag, behind = self.open.pop()
        self.counts[tag] -= 1
        self.written.append(f"</{tag}>{behind}")
        return tag


def _behind(text: str, end: str, at: int) -> int:
    found = text.find(end, at)
    return len(text) if found == -1 else found + len(end)
