"""The self-test of pages tells a page that is cleaned from one that is not."""

from autograder.marking import page_trial, sanitise


def test_a_page_as_it_is_drawn_holds():
    _, holds, seen = page_trial.page_finding()
    assert holds, seen


def test_a_page_that_is_not_cleaned_does_not(monkeypatch):
    config = page_trial.marking()
    config.HTMLExporter.filters = {"clean_html": str, "markdown2html": sanitise.escape}
    monkeypatch.setattr(page_trial, "marking", lambda: config)
    _, holds, seen = page_trial.page_finding()
    assert not holds and seen
