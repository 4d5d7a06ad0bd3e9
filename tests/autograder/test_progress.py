"""A learner's marks are read from the checks as they stand in the notebooks."""

import copy
import json
import os
import subprocess
import sys
from typing import get_args

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.notebooks.cells import grade_id
from autograder.notebooks.files import read_notebook
from autograder.notebooks.places import ROOT, lesson_path
from autograder.overview import as_html, overview
from autograder.progress import State, progress_of
from autograder.work.copies import lay_copies
from autograder.work.edition import read_edition
from gradlab.course import LESSONS
from gradlab.exercises.card import MIME
from tests.autograder.desk.hand_ins import filled, solved

LESSON = "00-start-here"


def run(notebook, folder):
    return NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()


@pytest.fixture(scope="module")
def worked(tmp_path_factory):
    """Lesson 0 solved and run by its learner."""
    return run(filled(LESSON, solved(LESSON)), tmp_path_factory.mktemp("work"))


def test_lesson_that_was_never_run_is_not_checked():
    assert [(row.exercise, row.points, row.state) for row in progress_of(filled(LESSON, {}))] == [
        ("gradient", 2.0, "not checked"),
        ("chain_vjp", 3.0, "not checked"),
    ]


def test_passed_check_counts(worked):
    assert [row.state for row in progress_of(worked)] == ["right", "right"]


def test_stub_that_was_run_is_not_attempted(tmp_path):
    assert [row.state for row in progress_of(run(filled(LESSON, {}), tmp_path))] == ["not attempted", "not attempted"]


def test_answer_run_again_after_its_check_has_changed_since(worked):
    notebook = nbformat.from_dict(worked)
    answer = next(cell for cell in notebook.cells if grade_id(cell) == "gradient")
    answer.execution_count = 1000
    assert [row.state for row in progress_of(notebook)] == ["changed since", "right"]


def _no_metadata(data):
    for cell in data["cells"]:
        cell["metadata"] = {}


def _odd_metadata(data):
    for cell, odd in zip(data["cells"], [None, "x", 3, [], {}] * len(data["cells"])):
        cell["metadata"].setdefault("nbgrader", odd)


def _no_counts(data):
    for cell in data["cells"]:
        cell.pop("execution_count", None)


def _no_ids(data):
    data["nbformat_minor"] = 4
    for cell in data["cells"]:
        cell.pop("id", None)


def _own_test_cells(data):
    for cell in data["cells"]:
        if "check(" in "".join(cell["source"]):
            cell["metadata"].pop("nbgrader", None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("edit", [_no_metadata, _odd_metadata, _no_counts, _no_ids, _own_test_cells])
def test_checks_count_whatever_another_editor_left_out(worked, tmp_path, edit, encoding):
    data = json.loads(nbformat.writes(worked))
    edit(data)
    path = tmp_path / "start_here.ipynb"
    path.write_bytes(json.dumps(data).encode(encoding))
    assert [row.state for row in progress_of(read_notebook(path), read_notebook(lesson_path(LESSON)))] == ["right"] * 2


def test_answer_without_outputs_was_not_checked(worked, tmp_path):
    data = json.loads(nbformat.writes(worked))
    for cell in data["cells"]:
        cell.pop("outputs", None)
    path = tmp_path / "start_here.ipynb"
    path.write_text(json.dumps(data))
    assert [row.state for row in progress_of(read_notebook(path))] == ["not checked"] * 2


@pytest.mark.parametrize(("text", "state"), [(None, "to be written"), ("", "to be written"), ("It is 0.", "written")])
def test_text_answers_wait_for_a_person_once_they_are_written(text, state):
    notebook = read_notebook(lesson_path("01-soft-thresholding"))
    answer = next(cell for cell in notebook.cells if grade_id(cell) == "why-kink")
    answer.source = answer.source if text is None else text
    rows = progress_of(notebook)
    assert {row.exercise: row.state for row in rows}["why-kink"] == state
    assert sum(row.points for row in rows) == 20


ODD = (None, [], "text", 3, {})


def odd_notebooks(notebook):
    """The notebook with one field of every cell, and then of every output, left out or replaced by something odd."""
    fields = ("metadata", "execution_count", "outputs")
    for field in fields:
        for value in ("left out", *ODD):
            odd = copy.deepcopy(notebook)
            for cell in odd.cells:
                _set(cell, field, value)
            yield odd
    for value in ("left out", *ODD):
        for key in ("nbgrader", "points"):
            odd = copy.deepcopy(notebook)
            for cell in odd.cells:
                _set(cell.metadata if key == "nbgrader" else cell.metadata.get("nbgrader", {}), key, value)
            yield odd
        for key in ("data", "output_type"):
            odd = copy.deepcopy(notebook)
            for output in (output for cell in odd.cells for output in cell.get("outputs", [])):
                _set(output, key, value)
            yield odd
        for key in (MIME, "outcome", "message"):
            odd = copy.deepcopy(notebook)
            for output in (output for cell in odd.cells for output in cell.get("outputs", [])):
                if MIME in output.get("data", {}):
                    _set(output.data if key == MIME else output.data[MIME], key, value)
            yield odd


def _set(place, key, value):
    if value == "left out":
        place.pop(key, None)
    elif value == {}:
        place[key] = nbformat.from_dict({})
    else:
        place[key] = value


def test_fields_that_an_editor_left_out_or_emptied_are_no_error(worked):
    states = [{row.state for row in progress_of(odd)} for odd in odd_notebooks(worked)]
    assert set().union(*states) <= set(get_args(State))
    assert states[6] == {"right"}, "execution counts left out of the whole notebook: the verdicts still stand"


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "autograder.cli", "progress", *arguments], capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("name", ["0", "00", "00-start-here"])
def test_command_takes_a_lesson_by_number_and_fits_80_columns(worked, tmp_path, name):
    nbformat.write(worked, tmp_path / "start_here.ipynb")
    done = command(name, "--in", str(tmp_path))
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and max(map(len, lines)) <= 80 and len(lines) < 10
    assert "█" in lines[0] and "5 of 5" in lines[0] and "right" in done.stdout


def test_start_page_links_every_lesson_and_shows_what_is_done(worked, tmp_path):
    start = read_notebook(ROOT / "lessons" / "start.ipynb")
    text = "".join(cell.source for cell in start.cells)
    assert all(f"{lesson}/{LESSONS[lesson]}.ipynb" in text for lesson in LESSONS)
    (tmp_path / LESSON).mkdir()
    nbformat.write(worked, tmp_path / LESSON / "start_here.ipynb")
    shown = run(start, tmp_path).cells[-1].outputs[0].data
    assert 'href="00-start-here/start_here.ipynb"' in shown["text/html"] and "5 of 5 points" in shown["text/plain"]
    assert "all done" in shown["text/html"] and "Map of the course" in shown["text/html"]


def test_notebook_that_cannot_be_read_hides_no_other(worked, tmp_path):
    nbformat.write(worked, tmp_path / "start_here.ipynb")
    (tmp_path / "soft_thresholding.ipynb").write_text("{")
    done = command("--in", str(tmp_path))
    assert done.returncode == 1 and "5 of 5" in done.stdout and "soft_thresholding.ipynb is not a whole" in done.stderr
    found = overview(tmp_path, list(LESSONS))
    assert [bool(each.trouble) for each in found] == [False, True]
    page = as_html(found, tmp_path)
    assert "5 of 5" in page and "is not a whole notebook" in page


@pytest.mark.parametrize("make", ["folder", "dangling", "deep", "twice"])
def test_odd_files_in_the_place_of_a_lesson_are_a_sentence(worked, tmp_path, make):
    path = tmp_path / "start_here.ipynb"
    if make == "folder":
        path.mkdir()
    elif make == "dangling":
        path.symlink_to(tmp_path / "nowhere")
    elif make == "deep":
        path.write_text('{"cells": ' + "[" * 60_000 + "]" * 60_000 + "}")
    else:
        path.write_text(json.dumps({**worked, "cells": worked.cells * 2}))
    done = command("--in", str(tmp_path))
    assert "Traceback" not in done.stderr and "Warning" not in done.stderr
    assert (done.returncode == 0) == (make == "twice"), done.stderr


def test_start_page_shows_lessons_that_lie_elsewhere(worked, tmp_path):
    (tmp_path / "else").mkdir()
    nbformat.write(worked, tmp_path / "else" / "start_here.ipynb")
    work = tmp_path / os.fsdecode(b"w\xe9 #1")
    work.mkdir()
    (work / "start_here.ipynb").symlink_to(tmp_path / "else" / "start_here.ipynb")
    assert "5 of 5" in as_html(overview(work, [LESSON]), work)


def test_command_reads_a_copy_wherever_it_lies(worked, tmp_path):
    (tmp_path / "my work").mkdir()
    nbformat.write(worked, tmp_path / "my work" / "start_here.ipynb")
    done = command("--in", str(tmp_path))
    assert done.returncode == 0 and "5 of 5 points checked right" in done.stdout


@pytest.mark.parametrize(("text", "words"), [(None, "There is no lesson in"), ("{", "not a whole notebook")])
def test_nothing_to_read_is_said_in_a_sentence(tmp_path, text, words):
    if text:
        (tmp_path / "start_here.ipynb").write_text(text)
    done = command("--in", str(tmp_path))
    assert done.returncode == 1 and words in done.stderr.replace("\n", " ") and "Traceback" not in done.stderr


def test_command_reads_notebooks_without_counts_and_with_empty_metadata(worked, tmp_path):
    odd = copy.deepcopy(worked)
    for cell in odd.cells:
        cell.pop("execution_count", None)
        cell.metadata.setdefault("nbgrader", None)
    (tmp_path / "start_here.ipynb").write_text(json.dumps(odd))
    done = command("--in", str(tmp_path))
    assert done.returncode == 0 and "5 of 5 points checked right" in done.stdout, done.stderr


def test_renamed_notebook_is_found_and_no_kept_copy(worked, tmp_path):
    lay_copies(tmp_path, read_edition(ROOT).lessons)
    lesson = tmp_path / "lessons" / LESSON
    (lesson / "start_here.ipynb").unlink()
    nbformat.write(worked, lesson / "start here - anna.ipynb")
    for kept in ("backups", ".gradlab", ".ipynb_checkpoints"):
        (tmp_path / kept / "x").mkdir(parents=True)
        nbformat.write(worked, tmp_path / kept / "x" / "soft_thresholding.ipynb")
    found = {each.outline.lesson: each for each in overview(tmp_path, list(LESSONS))}
    assert found[LESSON].path == lesson / "start here - anna.ipynb" and found[LESSON].earned == 5
    assert all(each.path.is_relative_to(tmp_path / "lessons") for each in found.values()) and len(found) == len(LESSONS)
