"""Every lesson runs from top to bottom, untouched and solved, and is what its source says."""

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.notebooks.cells import TEST, grade_id
from autograder.notebooks.places import lesson_path, written_lessons
from autograder.pages.forked_kernels import ForkedKernelManager
from autograder.release.build import build_lesson, stale
from gradlab.exercises.card import MIME

LESSONS = written_lessons()


def run(notebook, folder):
    """Execute as nbclient does by default: a cell that fails and is not expected to stops the run."""
    return NotebookClient(
        notebook, timeout=240, kernel_manager_class=ForkedKernelManager, resources={"metadata": {"path": str(folder)}}
    ).execute()


def verdicts(notebook):
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [output.data[MIME] for output in outputs if MIME in output.get("data", {})]


def noise(notebook):
    """Everything written to stderr, which costs marks under stock nbgrader."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [output.text for output in outputs if output.output_type == "stream" and output.name == "stderr"]


def graded_tests(notebook):
    return [cell for cell in notebook.cells if (grade_id(cell) or "").startswith(TEST)]


@pytest.mark.parametrize("lesson", LESSONS)
def test_untouched_lesson_runs_to_its_end_and_attempts_nothing(lesson, tmp_path):
    notebook = run(nbformat.read(lesson_path(lesson), as_version=4), tmp_path)
    assert [v["outcome"] for v in verdicts(notebook)] == ["not attempted"] * len(graded_tests(notebook))
    assert not noise(notebook)


@pytest.mark.parametrize("lesson", LESSONS)
def test_solved_lesson_passes_every_check(lesson, solved_lessons):
    notebook = solved_lessons(lesson)
    assert [v["outcome"] for v in verdicts(notebook)] == ["right"] * len(graded_tests(notebook))
    assert not noise(notebook)


@pytest.mark.parametrize("lesson", LESSONS)
def test_committed_lesson_is_current_and_keeps_every_rule(lesson):
    built = build_lesson(lesson)
    assert built.problems + stale(built) == []
