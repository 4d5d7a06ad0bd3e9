"""Markup, Markdown and styles at random, and what must hold of each after cleaning."""

import re
from random import Random

from autograder.marking.allowed import PYGMENTS, style
from autograder.marking.allowed_elements import TAGS
from autograder.marking.sanitise import clean_html, clean_markdown

HACK = "document.documentElement.dataset.hacked=1"
WORDS = [
    "<", ">", "</", "/>", "=", '"', "'", "`", "&", ";", " ", "\n", "\t", "\0", "\f", "<!--", "-->", "--!>", "<![CDATA[", "]]>", "<?", "<!doctype html>",
    "&lt;", "&gt;", "&quot;", "&#x0;", "&#106;", "&colon;", "&Tab;", "&NewLine;", "\\75", "\\", "//", "http:", "https://a.org", "http://localhost", "javascript:",
    "data:", "data:image/svg+xml,", "data:image/png;base64,AAAA", "url(", ")", "(", "/*", "*/", "expression(", "é", "\u202e", "\ud800", "\U0001f600", "x", "1", "-9",
    HACK, "mailto:a@b.org", "attachment:a.png", "#", "?path=", "/formgrader",
]  # fmt: skip
ELEMENTS = [
    *sorted(TAGS), "script", "style", "iframe", "object", "embed", "form", "input", "button", "textarea", "title", "xmp", "plaintext", "noscript", "template",
    "select", "option", "base", "link", "meta", "body", "html", "head", "frameset", "foreignObject", "use", "animate", "set", "image", "annotation-xml",
    "mglyph", "malignmark", "video", "audio", "source", "canvas", "applet", "marquee", "dialog", "slot", "portal", "math", "svg", "nobr", "a", "table",
]  # fmt: skip
ATTRIBUTES = [
    "href", "src", "style", "class", "id", "name", "onerror", "onload", "onclick", "fill", "stroke", "d", "transform", "width", "height", "xlink:href",
    "srcset", "action", "formaction", "background", "poster", "data-toggle", "role", "tabindex", "autofocus", "open", "title", "aria-label", "colspan",
    "encoding", "definitionurl", "srcdoc", "ping", "target", "is", "slot", "scriptlevel", "lspace", "viewBox", "points", "x", "contenteditable", "popover",
]  # fmt: skip
DECLARATIONS = [
    "background",
    "color",
    "margin",
    "padding",
    "border",
    "font-size",
    "position",
    "line-height",
    "width",
    "max-width",
    "font-family",
    "--x",
]
VALUES = [
    "red", "#fff", "rgb(1,2,3)", "rgba(1,2,3,.5)", "hsl(1,2%,3%)", "url(x)", "\\75rl(x)", "\\69mage-set('x' 1x)", "var(--x)", "calc(1px)", "1px", "-9px",
    "9999px", "1e9em", "auto", "fixed", "0", ".5em", "!important", "inherit", "attr(x)", "'x'", '"x"', "u\\72l(x)", "/**/", "serif", "50%", "{", "}", "solid",
]  # fmt: skip
MARKS = [
    "*",
    "**",
    "_",
    "`",
    "```",
    "#",
    "> ",
    "- ",
    "1. ",
    "[a](",
    "![a](",
    "](",
    "[a]: ",
    "|",
    "---",
    "$",
    "$$",
    "\\(",
    "\\[",
    "\\begin{x}",
    "<a>",
    "\n\n",
    "~~",
]
TAG = re.compile(r'<(/?)([a-z][\w-]*)((?: [\w:-]+="[^"<>]*")*)>', re.IGNORECASE)
ATTRIBUTE = re.compile(r' ([\w:-]+)="([^"]*)"')
STYLE = re.compile(r"(?:[a-z-]+:(?:[\w#.%-]+|rgba\([\d.,e-]+\)|\s)+;?)*")
LINK = re.compile(
    r"(?:https?://[\w-]+(?:\.[\w-]+)+\.?(?::\d*)?(?:[/?#][^\s\\]*)?|mailto:[\w.+%-]+@[\w.-]+)", re.IGNORECASE
)
NEVER = {
    "id",
    "name",
    "action",
    "formaction",
    "srcset",
    "xlink:href",
    "target",
    "tabindex",
    "srcdoc",
    "contenteditable",
    "popover",
    "data-toggle",
}


def some_style(random: Random) -> str:
    """Declarations, or what looks like some."""
    pieces = []
    for _ in range(random.randint(0, 4)):
        pieces += [random.choice(DECLARATIONS), random.choice([":", ":", ":", " ", "\\3a "])]
        pieces += [random.choice(VALUES) + random.choice([" ", "", ";"]) for _ in range(random.randint(0, 4))]
        pieces.append(random.choice([";", ";", "", "}"]))
    return "".join(pieces)


def some_html(random: Random) -> str:
    """Elements, ends and words in any order."""
    pieces = []
    for _ in range(random.randint(1, 14)):
        kind = random.random()
        if kind < 0.5:
            pieces.append("<" + random.choice(ELEMENTS))
            for _ in range(random.randint(0, 3)):
                quote = random.choice(['"', "'", "", '"'])
                value = (
                    some_style(random)
                    if random.random() < 0.3
                    else "".join(random.choices(WORDS, k=random.randint(0, 4)))
                )
                pieces.append(f" {random.choice(ATTRIBUTES)}={quote}{value}{quote}")
            pieces.append(random.choice([">", ">", ">", "/>", "", " "]))
        elif kind < 0.7:
            pieces.append(f"</{random.choice(ELEMENTS)}>")
        else:
            pieces.append(random.choice(WORDS))
    return "".join(pieces)


def some_markdown(random: Random) -> str:
    """Marks, markup and words in any order."""
    pieces = [
        random.choice([random.choice(MARKS), random.choice(WORDS), some_html(random)])
        for _ in range(random.randint(1, 8))
    ]
    return "".join(pieces)


def check_html(markup: str) -> None:
    """What is left is made of what is allowed, and is left as it is by another cleaning."""
    cleaned = clean_html(markup)
    assert_harmless(cleaned)
    assert len(cleaned) <= 40 * len(markup) + 1000
    again = clean_html(cleaned)
    assert_harmless(again)


def check_markdown(source: str) -> None:
    """A page's text is harmless, whatever was written."""
    attachments = {"a.png": {"image/png": "AAAA"}}
    assert_harmless(clean_markdown({"cell": {"attachments": attachments}}, source))


def check_style(text: str) -> None:
    """What is left of a style is colours, lengths and known words."""
    written = style(text)
    assert written is None or STYLE.fullmatch(written), written


def assert_harmless(cleaned: str) -> None:
    """Read it by a grammar that is stricter than any browser's: no tag, attribute or value but those known."""
    rest = TAG.sub("", cleaned)
    assert "<" not in rest, rest
    for _, tag, attributes in TAG.findall(cleaned):
        assert tag.lower() in TAGS, tag
        for name, value in ATTRIBUTE.findall(attributes):
            assert not name.lower().startswith("on") and name not in NEVER, (tag, name)
            value = value.replace("&amp;", "&").replace("&quot;", '"').replace("&nbsp;", "\u00a0")
            if name == "href":
                assert tag == "a" and LINK.fullmatch(value) and "localhost" not in value.split("/")[2:3], value
            elif name == "src":
                assert tag == "img" and value.startswith("data:image/"), value
            elif name == "style":
                assert STYLE.fullmatch(value), value
            elif name == "class":
                assert set(value.split()) <= PYGMENTS, value
            elif name in ("fill", "stroke", "d", "points", "width", "height", "viewBox", "x"):
                assert "url" not in value.lower() and "\\" not in value, value
