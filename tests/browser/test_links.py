"""Links as a learner follows them in JupyterLab: from a card to its passage, from lesson to lesson, to the glossary."""

import pytest
from playwright.sync_api import Page, expect

from autograder.notebooks.places import ROOT, lesson_path, written_lessons
from tests.browser.lab import Lab, open_notebook
from tests.browser.test_lessons import WRITE, show

RUN = "() => window.jupyterapp.commands.execute('notebook:run-cell')"
HALF_AN_ANSWER = """import torch
from gradlab import check

def gradient(f, x):
    point = x.detach().clone().requires_grad_(True)
    return torch.autograd.grad(f(point), point)[0]"""


@pytest.fixture
def first(page: Page, lab: Lab) -> Page:
    """Lesson 0, in a folder like the repository's, with its neighbour and the guides."""
    for lesson in written_lessons()[:2]:
        lab.add(lesson_path(lesson), str(lesson_path(lesson).relative_to(ROOT)))
    for guide in ("glossary.md", "notation.md"):
        lab.add(ROOT / "assets" / "guides" / guide, f"assets/guides/{guide}")
    open_notebook(page, lab.address(lab.root / lesson_path(written_lessons()[0]).relative_to(ROOT)))
    return page


def test_a_card_leads_to_the_passage_that_it_names(first: Page):
    first.evaluate(WRITE, ["gradient", HALF_AN_ANSWER])
    for start in ("import torch\nfrom gradlab", 'check("gradient")'):
        show(first, start)
        first.evaluate(RUN)
    link = first.get_by_role("link", name="“None is not zero”")
    expect(link).to_be_visible(timeout=60_000)
    heading = first.get_by_role("heading", name="None is not zero")
    assert not heading.is_visible() or heading.bounding_box()["y"] < 0
    link.click()
    expect(heading).to_be_in_viewport(timeout=10_000)


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("lesson 1", "lessons/01-soft-thresholding/soft_thresholding.ipynb"),
        ("glossary", "assets/guides/glossary.md"),
        ("table of notation", "assets/guides/notation.md"),
    ],
)
def test_a_link_to_another_file_opens_it(first: Page, words: str, path: str):
    first.get_by_role("link", name=words, exact=True).first.click()
    first.wait_for_function("path => window.jupyterapp.shell.currentWidget?.context?.path === path", arg=path)
