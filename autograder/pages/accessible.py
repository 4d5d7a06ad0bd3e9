"""What the theme leaves for us to say to screen readers and keyboards, added to every page."""

from pathlib import Path

from bs4 import BeautifulSoup

from autograder.pages.outputs import fold


def mend(path: Path) -> None:
    """Headings and their levels, names of landmarks, code that can be scrolled by keyboard, outputs that fold."""
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    for caption in page.select('p.caption[role="heading"]'):
        caption["aria-level"] = "2"
    for drawer, name in (("aside.sidebar-drawer", "All pages"), ("aside.toc-drawer", "On this page")):
        for aside in page.select(drawer):
            aside["aria-label"] = name
    if not page.select("h1") and (article := page.select_one("article")):
        article.insert(0, page.new_tag("h1", string=page.title.string.split(" - ")[0]))
    for region in page.select("pre, div.math, div.cell_output, div.table-wrapper"):
        region["tabindex"] = "0"
    for pre in page.select("div.cell_output pre"):
        fold(pre, page)
    path.write_text(str(page), encoding="utf-8")
