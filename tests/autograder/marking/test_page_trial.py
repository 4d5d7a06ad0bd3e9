"""The self-test of pages tells a page that is cleaned from one that is not."""

from autograder.marking import page_trial


def as_it_is(text: str) -> str:
    """A cleaner that cleans nothing."""
    return str(text)


def test_a_page_as_it_is_drawn_holds():
    _, holds, seen = page_trial.page_finding()
    assert holds, seen


def test_a_page_that_is_not_cleaned_does_not(monkeypatch):
    config = page_trial.marking()
    config.HTMLExporter.filters = {"clean_html": as_it_is, "markdown2html": as_it_is}
    monkeypatch.setattr(page_trial, "marking", lambda: config)
    _, holds, seen = page_trial.page_finding()
    assert not holds and seen
