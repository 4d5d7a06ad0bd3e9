"""Marks and comments by hand of questions that a lesson has no longer: kept, and given back when a question returns."""

import json

from nbgrader.api import Notebook

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.grade.marks import answers_of, marked_notebook
from autograder.notebooks.files import write_whole

FILE = "marks-of-removed-questions.json"
Given = dict[str, dict]
"""Student → what a person gave to one cell: `manual_score`, `extra_credit`, `manual_comment`, and what it was given to."""


def given_by_hand(notebook: Notebook, cell: str) -> Given:
    """What a person gave to a cell, in a gradebook's notebook of a lesson."""
    found: Given = {}
    for submitted in notebook.submissions:
        given = {}
        for grade in submitted.grades:
            if grade.name == cell and (grade.manual_score is not None or grade.extra_credit):
                names = ("manual_score", "extra_credit", "needs_manual_grade", "auto_score", "max_score")
                given |= {name: getattr(grade, name) for name in names}
        for comment in submitted.comments:
            if comment.name == cell and comment.manual_comment:
                given["manual_comment"] = comment.manual_comment
        if given:
            found[submitted.student.id] = given
    return found


def counted(given: Given) -> str:
    """How much that is, as `3 marks and 1 comments by hand`; "" for nothing."""
    marks = sum("max_score" in each for each in given.values())
    comments = sum("manual_comment" in each for each in given.values())
    said = [f"{many} {what}" for many, what in ((marks, "marks"), (comments, "comments")) if many]
    return f"{' and '.join(said)} by hand" if said else ""


def kept(course: Course, lesson: str) -> dict[str, Given]:
    """What is kept of a lesson, by cell. Raises CourseError where the file is damaged."""
    return _all_kept(course).get(lesson, {})


def keep(course: Course, lesson: str, removed: dict[str, Given]) -> None:
    """Write down what was given to cells that are about to be removed, in the place of what was kept of them before."""
    everything = _all_kept(course)
    here = everything.setdefault(lesson, {})
    for cell, given in removed.items():
        here[cell] = {
            student: {**each, "answer": _answer(course, lesson, student, cell)} for student, each in given.items()
        }
    if any(removed.values()) or (course.root / FILE).exists():
        write_whole(course.root / FILE, json.dumps(everything, indent=1, ensure_ascii=False).encode())


def _answer(course: Course, lesson: str, student: str, cell: str) -> str | None:
    notebook = marked_notebook(course, lesson, student)
    return answers_of(notebook).get(cell) if notebook else None


def _all_kept(course: Course) -> dict[str, dict[str, Given]]:
    path = course.root / FILE
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if all(isinstance(cells, dict) for cells in found.values()):
            return found
    except (ValueError, AttributeError):
        pass
    raise CourseError(
        f"{path} is damaged. Move it away: marks by hand of questions that were removed then do not come back by themselves."
    )
