"""Contact sheets: every explorer at three positions in four settings, to be looked at by a person.

    python -m tests.browser.contact_sheets [lesson.figure …]

Writes tests/artefacts/sheets/LESSON.FIGURE.png: one row a setting (light, dark, phone, zoom of 200 % beside a
file browser), one column a position (start, low end, high end). Prints the smallest letter of each in CSS pixels.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from gradlab.explore.explorer import Explorer
from gradlab.explore.page import html
from tests.browser.lab import ARTEFACTS
from tests.gradlab.lessons.figures import FIGURES, explorer_of

SHEETS = ARTEFACTS / "sheets"
# What is left for a cell's output: on a screen, on a phone, at 200 % of a screen of 1366 px with the file browser open.
MARGIN = 4  # of a page, in px
SETTINGS = {"light": (760, "light"), "dark": (760, "dark"), "phone": (390, "light"), "zoom": (303, "dark")}
SMALLEST = 9.0

# The height of what a text was drawn as, per group: its glyphs are scaled by font size / 100 in matplotlib's SVG.
LETTERS = """() => [...document.querySelectorAll('.gradlab-explorer [role=img] svg g')].map((g) => {
  const scale = /scale\\(([\\d.]+)/.exec(g.getAttribute('transform') ?? '');
  if (!scale || !g.querySelector(':scope > use, :scope > g > use')) return null;
  const svg = g.closest('svg');
  return 100 * Number(scale[1]) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
}).filter((size) => size)"""

GO = """async (position) => {
  const player = document.querySelector('.gradlab-explorer').player;
  await player.ready;
  player.go(position);
}"""


def positions(explorer: Explorer) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The start and both ends of all controls."""
    yield "start", explorer.start
    yield "low", tuple(0 for _ in explorer.controls)
    yield "high", tuple(len(control) - 1 for control in explorer.controls)


def page_of(explorer: Explorer, dark: bool) -> str:
    """A page with the explorer as a notebook shows it."""
    theme = "false" if dark else "true"
    paper = "#111" if dark else "#fff"
    return (
        f'<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>explorer</title>'
        f'<body data-jp-theme-light={theme} style="margin:{MARGIN}px;background:{paper}">{html(explorer, "")}'
    )


def shots(browser: Browser, explorer: Explorer, folder: Path, name: str) -> dict[str, float]:
    """A picture of each setting and position; returns the smallest letter of each setting."""
    smallest: dict[str, float] = {}
    for setting, (width, scheme) in SETTINGS.items():
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.set_content(page_of(explorer, scheme == "dark"))
        for k, (_, position) in enumerate(positions(explorer)):
            page.evaluate(GO, list(position))
            letters = page.evaluate(LETTERS)
            smallest[setting] = min([smallest.get(setting, 99.0), *letters])
            page.locator(".gradlab-explorer").screenshot(path=folder / f"{name}-{setting}-{k}.png")
        page.close()
    return smallest


def sheet(browser: Browser, folder: Path, name: str) -> None:
    """Put the pictures of an explorer together."""
    rows = ""
    for setting, (width, _) in SETTINGS.items():
        cells = "".join(
            f'<td><img src="{(folder / f"{name}-{setting}-{k}.png").as_uri()}" width={width}>' for k in range(3)
        )
        rows += f"<tr><th>{setting}{cells}"
    path = folder / f"{name}.html"
    path.write_text(f"<table style='background:#888'>{rows}</table>", encoding="utf-8")
    page = browser.new_page(viewport={"width": 2360, "height": 900})
    page.goto(path.as_uri())
    page.screenshot(path=SHEETS / f"{name}.png", full_page=True)
    page.close()


def main(names: list[str]) -> None:
    """Make the sheets of these figures, of all if none is named."""
    SHEETS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name in names or FIGURES:
            explorer = explorer_of(FIGURES[name])
            for _, position in positions(explorer):
                explorer.show(position)
            smallest = shots(browser, explorer, Path(scratch), name)
            sheet(browser, Path(scratch), name)
            small = [setting for setting, size in smallest.items() if size < SMALLEST]
            note = f"  SMALL in {', '.join(small)}" if small else ""
            print(name, json.dumps({setting: round(size, 1) for setting, size in smallest.items()}) + note, flush=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
