"""What values the attributes of a hand-in's markup may have, parsed and written anew."""

import platform
import re
from collections.abc import Callable

import tinycss2
from pygments.token import STANDARD_TYPES
from tinycss2.color3 import RGBA, parse_color

from autograder.marking.allowed_elements import ATTRIBUTES, BLOCKS, EVERYWHERE, FORMULAS

PYGMENTS = frozenset(filter(None, STANDARD_TYPES.values())) | {"highlight"}
"""The classes that a hand-in may use. Any other may mean something to the page: to its scripts, or to its style sheets."""

LONGEST = {"em": 3.0, "ex": 6.0, "rem": 3.0, "px": 48.0, "pt": 36.0, "": 48.0}
"""The largest lengths by unit: what is larger, or less than nothing, reaches over what stands beside it."""
THIN = {"em": 0.5, "ex": 1.0, "rem": 0.5, "px": 8.0, "pt": 6.0, "": 8.0}
"""The same around words within a line, for which the line makes no room."""
WIDEST = {"em": 100.0, "ex": 200.0, "rem": 100.0, "px": 2000.0, "pt": 1500.0, "%": 100.0, "": 2000.0}
NUMBER = r"[+-]?(?:\d{1,9}(?:\.\d{0,12})?|\.\d{1,12})(?:[eE][+-]?\d{1,2})?"
LENGTH = re.compile(rf"\s*\+?({NUMBER})\s*(em|ex|rem|px|pt|%|)\s*", re.IGNORECASE)
NUMBERS = re.compile(rf"(?:\s|,|{NUMBER})*+")
OUTLINE = re.compile(rf"(?:[MmZzLlHhVvCcSsQqTtAa]|\s|,|{NUMBER})*+")
MOVES = re.compile(rf"(?:(?:translate|scale|rotate|matrix|skewX|skewY)\((?:\s|,|{NUMBER})*+\)\s*+,?\s*+)*+")
LETTERS = re.IGNORECASE | re.ASCII  # else ſ matches as an s, and as an s browsers read it
PICTURE = re.compile(
    r"data:image/(?:(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*+|svg\+xml,[\w%!$'()*+,./:;=?@\[\]^`{|}~ -]*+)"
)
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])", LETTERS)
OTHERS = re.compile(r"https?://([a-z0-9.-]+)(?::[0-9]*)?(?:[/?#]|$)", LETTERS)
NUMBERED = re.compile(
    r"\d+[.-]\d+[.-]\d+[.-]\d+"
)  # a name that says which number it stands for, such as this machine's
ADDRESS = re.compile(r"mailto:[\w.+%-]+@[\w.-]+", re.ASCII)
OURS = ("localhost", "local", "localdomain", "internal", "lan", "home", "test", "invalid")
"""Ends of names that mean a machine nearby, which may be the one that serves the page."""


def link(value: str, own_host: str = "") -> str | None:
    """The address if it leads to another host, or is a mail address; None for all that could mean this server."""
    value = value.strip()
    if ADDRESS.fullmatch(value):
        return value
    found = OTHERS.match(value)
    if not found or re.search(r"[\x00-\x20\x7f\\]", value):
        return None
    host = found[1].rstrip(".")
    if not HOST.fullmatch(host) or NUMBERED.search(host) or host.rsplit(".", 1)[-1].lower() in OURS:
        return None
    return None if host.lower() in (own_host.lower().rstrip("."), platform.node().lower()) else value


def picture(value: str) -> str | None:
    """A picture that is in the page: one from the network would tell who reads the page, and when."""
    return value if PICTURE.fullmatch(value) else None


def colour(value: str) -> str | None:
    """The colour, written anew; `none` and `transparent` stay."""
    if value.strip().lower() in ("none", "transparent"):
        return value.strip().lower()
    found = parse_color(value)
    if not isinstance(found, RGBA):
        return None
    red, green, blue = (round(255 * part) for part in found[:3])
    return f"#{red:02x}{green:02x}{blue:02x}" if found.alpha == 1 else f"rgba({red},{green},{blue},{found.alpha:.3g})"


def length(value: str, largest: dict[str, float] = WIDEST) -> str | None:
    """The length if it is none below zero and no longer than that."""
    found = LENGTH.fullmatch(value)
    if not found:
        return None
    size, unit = float(found[1]), found[2].lower()
    return f"{size:g}{unit}" if unit in largest and 0 <= size <= largest[unit] else None


def classes(value: str) -> str | None:
    """Those of Pygments, for code in colours."""
    return " ".join(word for word in value.split()[:20] if word in PYGMENTS) or None


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda value: value if pattern.fullmatch(value) else None


def _one_of(words: str) -> Callable[[str], str | None]:
    known = {word.lower(): word for word in words.split()}
    return lambda value: known.get(value.strip().lower())


def _short(value: str) -> str | None:
    return length(value, LONGEST)


def _thin(value: str) -> str | None:
    return length(value, THIN)


def style(value: str, *, in_a_line: bool = False) -> str | None:
    """The declarations that are known, each of its value's parts parsed and written anew."""
    kept = []
    for each in tinycss2.parse_declaration_list(value[:2000], skip_comments=True, skip_whitespace=True):
        if each.type == "declaration" and each.lower_name in PROPERTIES:
            parts = [tinycss2.serialize([part]) for part in each.value if part.type not in ("whitespace", "comment")]
            rules = PROPERTIES[each.lower_name]
            if in_a_line:
                rules = tuple(_thin if rule is _short else rule for rule in rules)
            written = [_part(part, rules) for part in parts[:6]]
            if written and all(written):
                kept.append(f"{each.lower_name}:{' '.join(filter(None, written))}")
    return ";".join(kept) or None


def _part(text: str, rules: tuple[Callable[[str], str | None], ...]) -> str | None:
    return next((written for rule in rules if (written := rule(text)) is not None), None)


def _font_family(part: str) -> str | None:
    return _one_of("serif sans-serif monospace cursive system-ui ui-monospace")(part)


_LINES = _one_of("none solid dashed dotted double")
PROPERTIES: dict[str, tuple[Callable[[str], str | None], ...]] = {
    "background": (colour,),
    "background-color": (colour,),
    "border": (_short, _LINES, colour),
    **dict.fromkeys(("border-left", "border-right", "border-top", "border-bottom"), (_short, _LINES, colour)),
    "border-collapse": (_one_of("collapse separate"),),
    "color": (colour,),
    "font-family": (_font_family,),
    "font-size": (
        lambda value: length(value, {"rem": 2.5, "px": 40, "pt": 30}),  # others multiply in one another
        _one_of("small medium large x-small x-large"),
    ),
    "font-style": (_one_of("normal italic oblique"),),
    "font-weight": (_one_of("normal bold bolder lighter 100 200 300 400 500 600 700 800 900"),),
    "line-height": (lambda value: value if re.fullmatch(r"1\.[2-9]\d{0,2}|[23](?:\.0)?", value) else None,),
    "margin": (_short, _one_of("auto")),
    "max-width": (length, _one_of("none")),
    "padding": (_short,),
    "text-align": (_one_of("left right center justify start end"),),
    "vertical-align": (_one_of("top middle bottom baseline sub super"),),
    "white-space": (_one_of("normal pre pre-wrap pre-line nowrap"),),
}
"""No property that moves an element out of its place; as a value no address, no function, no size that reaches over others."""

_WORDS: Callable[[str], str | None] = lambda value: value[:2000]  # noqa: E731 (one of a table of rules)
_TRUTH = _one_of("true false")
_WHOLE = _matching(re.compile(r"\d{1,2}"))
VALUES: dict[str, Callable[[str], str | None]] = {
    "class": classes,
    "style": style,
    "role": _one_of("img status math note list listitem table row cell rowheader columnheader presentation"),
    "title": _WORDS,
    "alt": _WORDS,
    "alttext": _WORDS,
    "aria-label": _WORDS,
    "aria-hidden": _TRUTH,
    "lang": _matching(re.compile(r"[A-Za-z0-9-]{1,35}")),
    "dir": _one_of("ltr rtl auto"),
    "src": picture,
    "href": link,
    "open": lambda value: "",
    "scope": _one_of("row col rowgroup colgroup"),
    **dict.fromkeys(("colspan", "rowspan", "start"), _WHOLE),
    **dict.fromkeys(("width", "height", "lspace", "rspace", "minsize", "maxsize", "linethickness"), length),
    **dict.fromkeys(("x", "y", "x1", "y1", "x2", "y2", "cx", "cy"), _matching(re.compile(NUMBER + r"%?"))),
    "r": length,
    "viewBox": _matching(NUMBERS),
    "points": _matching(NUMBERS),
    "stroke-dasharray": _matching(NUMBERS),
    "d": _matching(OUTLINE),
    "transform": _matching(MOVES),
    "fill": colour,
    "stroke": colour,
    "stroke-width": length,
    "stroke-linecap": _one_of("butt round square"),
    "opacity": length,
    "font-size": lambda value: length(value, LONGEST),
    "text-anchor": _one_of("start middle end"),
    **dict.fromkeys(("stretchy", "fence", "accent", "displaystyle"), _TRUTH),
    "form": _one_of("prefix infix postfix"),
    "mathvariant": _matching(re.compile(r"[a-z-]{1,24}")),
    "columnalign": _matching(re.compile(r"(?:(?:left|right|center)\s*+){1,40}+")),
    "scriptlevel": _matching(re.compile(r"[0-3]")),
    "display": _one_of("block inline"),
}


def value_of(tag: str, name: str, value: str) -> str | None:
    """What may stand in this attribute; None where nothing of it may."""
    if name not in EVERYWHERE and name not in ATTRIBUTES.get(tag, ()):
        return None
    if name == "style":
        return style(value, in_a_line=tag not in BLOCKS)
    return _short(value) if tag in FORMULAS and VALUES[name] is length else VALUES[name](value)
