"""Lesson 1 as a student meets it: run all, move sliders with mouse and keys, answer, check, Validate."""

import pytest
from playwright.sync_api import Page, expect

from autograder.notebooks.places import lesson_path, source_path
from autograder.release.source import read_source, worked_answers
from tests.browser.lab import Lab, open_notebook, run_all, screenshot

LESSON = "01-soft-thresholding"
ALL_RUN = """() => window.jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === 'code').every(cell => cell.model.executionCount)"""
SHOW = """async (text) => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    const index = notebook.widgets.findIndex(cell => cell.model.sharedModel.getSource().startsWith(text));
    notebook.activeCellIndex = index;
    await notebook.scrollToItem(index, 'start');
}"""
WRITE = """([name, source]) => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    notebook.widgets.find(cell => cell.model.getMetadata('nbgrader')?.grade_id === name).model.sharedModel.setSource(source);
}"""


@pytest.fixture(scope="module")
def lesson(lab: Lab, browser) -> Page:
    """Lesson 1, untouched, run from top to bottom."""
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    open_notebook(page, lab.add(lesson_path(LESSON)))
    run_all(page)
    page.wait_for_function(ALL_RUN, timeout=180_000)
    yield page
    page.close()


def show(page: Page, start: str):
    """Scroll to the cell whose source starts with this text; returns the active cell."""
    page.evaluate(SHOW, start)
    page.wait_for_timeout(300)
    return page.locator(".jp-Cell.jp-mod-active")


def picture(cell) -> str:
    return cell.locator(".gradlab-explorer figure").evaluate("node => node.innerHTML")


@pytest.mark.parametrize("call", ["explorers.soft_sign", "explorers.kink"])
def test_arrow_keys_move_the_picture_and_not_the_cell(lesson, call):
    cell = show(lesson, call)
    slider = cell.get_by_role("slider").first
    before, value = picture(cell), slider.get_attribute("aria-valuetext") or slider.input_value()
    slider.focus()
    for _ in range(5):
        lesson.keyboard.press("ArrowRight")
    lesson.wait_for_timeout(1000)
    assert (slider.get_attribute("aria-valuetext") or slider.input_value()) != value
    assert picture(cell) != before
    screenshot(lesson, f"lesson-1-{call.removeprefix('explorers.')}-keys")


@pytest.mark.parametrize("call", ["explorers.soft_sign", "explorers.kink"])
def test_dragging_the_slider_moves_the_picture(lesson, call):
    cell = show(lesson, call)
    slider = cell.get_by_role("slider").first
    box, before = slider.bounding_box(), picture(cell)
    middle = box["y"] + box["height"] / 2
    lesson.mouse.move(box["x"] + 0.5 * box["width"], middle)
    lesson.mouse.down()
    for part in (0.45, 0.35, 0.25, 0.15):
        lesson.mouse.move(box["x"] + part * box["width"], middle)
    lesson.mouse.up()
    lesson.wait_for_timeout(1000)
    assert picture(cell) != before
    screenshot(lesson, f"lesson-1-{call.removeprefix('explorers.')}-drag")


def test_validate_names_every_open_exercise_and_then_passes(lesson):
    exercises = worked_answers(read_source(source_path(LESSON)))
    lesson.keyboard.press("Escape")
    lesson.get_by_role("button", name="Validate").first.click()
    dialog = lesson.locator(".jp-Dialog")
    expect(dialog).to_contain_text("soft_threshold: not attempted", timeout=120_000)
    screenshot(lesson, "lesson-1-validate-open")
    dialog.get_by_role("button", name="Ok").click()
    for name, source in exercises.items():
        lesson.evaluate(WRITE, [name, source])
    lesson.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    lesson.get_by_role("button", name="Validate").first.click()
    expect(dialog).to_contain_text("Success", timeout=120_000)
    screenshot(lesson, "lesson-1-validate-passed")
    dialog.get_by_role("button", name="Ok").click()


def test_check_of_a_known_mistake_says_what_it_is(lesson):
    lesson.evaluate(WRITE, ["soft_abs", "def soft_abs(x, lam):\n    return torch.sqrt(x**2 + lam**2)"])
    for start in ("def soft_abs", 'check("soft_abs")'):
        show(lesson, start)
        lesson.evaluate("() => window.jupyterapp.commands.execute('notebook:run-cell')")
        lesson.wait_for_timeout(1500)
    card = lesson.locator(".jp-Cell.jp-mod-active [role=status]")
    expect(card).to_contain_text("Not right yet")
    expect(card).to_contain_text("squared")
    screenshot(lesson, "lesson-1-mistake")
