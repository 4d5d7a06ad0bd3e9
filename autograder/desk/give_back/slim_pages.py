"""Feedback pages without what no reader sees: unused style rules out, explorers and drawings packed until the page is shown."""

import base64
import gzip
import html
import json
import re
from functools import cache

import tinycss2

from autograder.desk.give_back.repeats import pieces_of
from gradlab.explore.page import with_plain_record

STYLE = re.compile(r"(<style[^>]*>)(.*?)(</style>)", re.DOTALL)
WORD = re.compile(r"[\w-]+")
FIGURE = re.compile(r"(?<=<figure>).*?(?=</figure>)", re.DOTALL)  # the first picture, which its player draws at once
FIRST_TEXT = re.compile(r'<img[^>]* alt="([^"]*)"')
UNPACKED = """const gradlabUnpacked = (id) => new Response(
  new Blob([Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0))]).stream()
    .pipeThrough(new DecompressionStream("gzip"))).json();"""
UNPACK = """(async () => {
  const { size, pieces } = await gradlabUnpacked("gradlab-packed");
  const text = new Uint8Array(size);
  let written = 0;
  for (const piece of pieces) {
    if (typeof piece === "string") written += new TextEncoder().encodeInto(piece, text.subarray(written)).written;
    else {
      const [start, length] = piece;
      text.copyWithin(written, start, start + length);
      written += length;
    }
  }
  const explorers = JSON.parse(new TextDecoder().decode(text));
  for (const place of document.querySelectorAll("[data-packed]")) {
    place.replaceChildren(document.createRange().createContextualFragment(explorers[place.dataset.packed]));
  }
})();"""
UNPACK_IMAGES = """(async () => {
  const images = await gradlabUnpacked("gradlab-images");
  for (const place of document.querySelectorAll("[data-image]")) {
    place.replaceWith(document.createRange().createContextualFragment(images[place.dataset.image]));
  }
})();"""
DRAWING = re.compile(r"<img\b[^>]*\bsrc=\"data:image/svg\+xml,[^>]*>")
LONGEST_IMAGE = 8_000  # characters; a shorter one gains little
SPAN = re.compile(r'<span(?: class="([\w-]+)")?>([^<]*)</span>')
LONGEST_SHEET = 20_000  # characters; shorter ones are a page's own and stay as they are


def packed(explorers: dict[str, str]) -> tuple[dict[str, str], str]:
    """For each explorer the place that it takes in a page, and what unpacks them all, to stand at the page's end.

    Where no script runs, the place says what the explorer's first picture shows.
    """
    if not explorers:
        return {}, ""
    places, contents = {}, {}
    for number, (source, explorer) in enumerate(explorers.items()):
        told = FIRST_TEXT.search(explorer)
        said = html.unescape(told[1]) if told else "An explorer of the lesson."
        places[source] = f'<div data-packed="{number}"><noscript><p>{html.escape(said)}</p></noscript></div>'
        contents[str(number)] = FIGURE.sub("", with_plain_record(explorer))
    text = json.dumps(contents)  # in ASCII: a place in it is the same in characters and in bytes
    whole = json.dumps({"size": len(text), "pieces": pieces_of(text)}, separators=(",", ":"))
    return places, _scripts("gradlab-packed", whole, UNPACK)


def _scripts(id: str, text: str, unpack: str) -> str:
    """The text, packed, as an element of this id, and the program that unpacks it; a block of its own keeps names apart."""
    data = base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()
    return (
        f'<script type="application/octet-stream" id="{id}">{data}</script><script>{{ {UNPACKED}\n{unpack} }}</script>'
    )


def at_the_end(page: str, scripts: str) -> str:
    """The page with scripts behind everything that they look for."""
    body, end, rest = page.rpartition("</body>")
    return f"{body}{scripts}{end}{rest}"


def with_images_packed(page: str) -> str:
    """The page with its long drawings packed; where no script runs, their alternative texts stand in their places."""
    found: list[str] = []

    def place(image: re.Match) -> str:
        if len(image[0]) < LONGEST_IMAGE:
            return image[0]
        found.append(image[0])
        told = FIRST_TEXT.search(image[0])
        said = f"<noscript>{told[1]}</noscript>" if told else ""
        return f'<span data-image="{len(found) - 1}">{said}</span>'

    page = DRAWING.sub(place, page)
    if not found:
        return page
    return at_the_end(page, _scripts("gradlab-images", json.dumps(found), UNPACK_IMAGES))


def without_unused_rules(page: str) -> str:
    """The page with its long style sheets cut down to rules whose classes, ids and elements are in it."""
    words = frozenset(WORD.findall(STYLE.sub("", page)))

    def slim(sheet: re.Match) -> str:
        if len(sheet[2]) < LONGEST_SHEET:
            return sheet[0]
        return sheet[1] + "".join(_kept(_rules(sheet[2]), words)) + sheet[3]

    return STYLE.sub(slim, page)


def without_plain_spans(page: str) -> str:
    """The page with the text alone where a highlighter named a word and no rule says how it looks."""
    styled = frozenset(WORD.findall("".join(sheet[2] for sheet in STYLE.finditer(page))))
    return SPAN.sub(lambda span: span[0] if span[1] in styled else span[2], page)


@cache
def _rules(sheet: str) -> tuple[tuple[str, str, tuple], ...]:
    """The rules of a style sheet: selectors or a condition, the text, and the rules within, for a condition."""
    found = []
    for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            found.append((tinycss2.serialize(rule.prelude), tinycss2.serialize([rule]), ()))
        elif rule.type == "at-rule" and rule.lower_at_keyword == "media":
            inner = _rules(tinycss2.serialize(rule.content))
            found.append((f"@media{tinycss2.serialize(rule.prelude)}", "", inner))
        elif rule.type == "at-rule" and rule.lower_at_keyword != "font-face":  # its files are not there
            found.append(("", tinycss2.serialize([rule]), ()))
    return tuple(found)


def _kept(rules: tuple[tuple[str, str, tuple], ...], words: frozenset[str]) -> list[str]:
    kept = []
    for selectors, text, inner in rules:
        if inner:
            if within := _kept(inner, words):
                kept.append(f"{selectors}{{{''.join(within)}}}")
        elif not selectors or any(_can_match(selector, words) for selector in selectors.split(",")):
            kept.append(text)
    return kept


def _can_match(selector: str, words: frozenset[str]) -> bool:
    """Whether all names of a selector are in the page; states such as :hover and attributes count for nothing."""
    plain = re.sub(r"\[[^\]]*\]|::?[\w-]+(?:\([^)]*\))?", "", selector)
    return all(name in words for name in WORD.findall(plain) if name not in ("html", "body"))
