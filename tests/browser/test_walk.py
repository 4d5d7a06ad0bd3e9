"""Lesson 1 by keyboard alone: predict wrong, reveal, answer wrong, answer right, follow the link, reload; nothing is lost."""

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbclient import NotebookClient
from playwright.sync_api import Page, expect

from autograder.desk.report.expectations import expectations
from autograder.notebooks.places import ROOT, lesson_path
from tests.browser.lab import Lab, open_notebook, screenshot

LESSON = "01-soft-thresholding"
PREDICTION = 'predict("slope_with_sign", ...)'
WRONG = "def soft_abs(x, lam):\nreturn torch.sqrt(x**2 + lam**2)"  # JupyterLab indents the second line
RIGHT = "def soft_abs(x, lam):\nreturn torch.sqrt(x**2 + lam)"
SOURCE = "() => window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.getSource()"
CARDS = ".jp-OutputArea-output [role=status]"


def go_down_to(page: Page, start: str) -> None:
    """Run cell after cell with Shift+Enter until the active one starts with this text."""
    for _ in range(80):
        if page.evaluate(SOURCE).startswith(start):
            return
        page.keyboard.press("Shift+Enter")
        page.wait_for_timeout(150)
    raise AssertionError(f"no cell starts with {start}")


def write(page: Page, text: str) -> None:
    """Replace the text of the active cell, run it, and leave it."""
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(text)
    page.keyboard.press("Shift+Enter")


def test_a_walk_by_keyboard_loses_nothing(page: Page, lab: Lab, tmp_path):
    address = lab.add(lesson_path(LESSON), "walk/soft_thresholding.ipynb")
    open_notebook(page, address)
    page.locator(".jp-Notebook").focus()
    go_down_to(page, PREDICTION)
    write(page, PREDICTION.replace("...", "5, 0"))
    page.keyboard.press("Shift+Enter")
    revealed = page.locator(CARDS, has_text="you said")
    expect(revealed).to_contain_text("x = 2: 5 times too large; x = 0: off by 1", timeout=60_000)
    screenshot(page, "walk-predicted")

    go_down_to(page, "def soft_abs")
    write(page, WRONG)
    page.keyboard.press("Shift+Enter")
    expect(page.locator(CARDS, has_text="Not right yet")).to_contain_text("squared", timeout=60_000)
    assert page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(SOURCE).startswith("def soft_abs")
    write(page, RIGHT)
    page.keyboard.press("Shift+Enter")
    card = page.locator(CARDS, has_text="✓ Right")
    expect(card).to_contain_text("2 of 17 points", timeout=60_000)
    screenshot(page, "walk-right")
    found = Axe().run(page, context={"include": [[CARDS]]}).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []

    link = card.get_by_role("link", name="Exercise 2")
    for _ in range(60):
        if link.evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Exercise 2 — Smooth the sign")).to_be_in_viewport(timeout=10_000)

    page.keyboard.press("Control+s")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty", timeout=30_000)
    open_notebook(page, address)  # a new page, as after a restart of the browser
    sources = page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.sharedModel.getSource())"
    )
    assert PREDICTION.replace("...", "5, 0") in sources and any("x**2 + lam)" in source for source in sources)
    saved = nbformat.read(lab.root / "walk" / "soft_thresholding.ipynb", as_version=4)
    NotebookClient(saved, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    [expected] = expectations(LESSON, [saved])
    assert expected.answers == [("x = 2: 5; x = 0: 0", 1)] and expected.right == 0


@pytest.mark.parametrize(
    ("scheme", "width", "zoom"), [("light", 1366, 1), ("dark", 1366, 1), ("light", 390, 1), ("dark", 1366, 2)]
)
def test_cards_are_readable_in_every_setting(browser, lab: Lab, scheme: str, width: int, zoom: int):
    context = browser.new_context(viewport={"width": width // zoom, "height": 900 // zoom}, color_scheme=scheme)
    page = context.new_page()
    cells = ["from gradlab import check, predict, reveal", 'predict("jump", 3)\npredict("jump", ...)']
    cells += ['predict("loss_slopes", 0, -1, 4)\nreveal("loss_slopes")']
    cells += ["import torch\ndef soft_abs(x, lam):\n    return torch.sqrt(x**2 + lam)\n\ncheck('soft_abs')"]
    open_notebook(page, lab.write(f"cards-{scheme}-{width}-{zoom}.ipynb", cells))
    if scheme == "dark":
        page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    if width < 500:
        page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    page.evaluate("async () => { await window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    expect(page.locator(CARDS, has_text="✓ Right")).to_be_visible(timeout=60_000)
    page.wait_for_timeout(500)
    found = Axe().run(page, context={"include": [[CARDS]]}).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []
    for card in page.locator(CARDS).all():
        assert card.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    screenshot(page, f"cards-{scheme}-{width}-{zoom}")
    context.close()


def test_start_page_leads_to_the_open_exercise(page: Page, lab: Lab):
    lab.add(lesson_path(LESSON), f"course/{LESSON}/soft_thresholding.ipynb")
    address = lab.add(ROOT / "lessons" / "start.ipynb", "course/start.ipynb")
    open_notebook(page, address)
    page.evaluate("async () => { await window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    page.get_by_role("link", name="Exercise 1 — Smooth the absolute value").click(timeout=60_000)
    expect(page.locator(".jp-CodeCell", has_text="def soft_abs").first).to_be_in_viewport(timeout=30_000)
    screenshot(page, "start-page-led-here")
