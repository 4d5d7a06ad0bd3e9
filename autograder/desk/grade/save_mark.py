"""Write what came of a hand-in into the gradebook and the autograded folder."""

from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from traitlets.config import Config

from autograder.desk.course.files import replace_folder
from autograder.desk.course.folder import Course
from autograder.desk.grade.marks import HANDED_IN, SCORES, answers_of, digest_of, marked_notebook
from autograder.desk.gradebook.late_penalty import renew_penalties
from autograder.desk.gradebook.removed_marks import kept
from autograder.marking.hand_in import Examined, HandIn, kept_beside
from autograder.marking.scoring import save
from autograder.notebooks.cells import VERDICTS
from autograder.notebooks.files import write_whole
from autograder.notebooks.strangers_texts import visible
from autograder.notebooks.timestamp import time_handed_in


def save_mark(
    course: Course, gradebook: Gradebook, settings: Config, hand_in: HandIn, examined: Examined, against: dict[str, str]
) -> None:
    """The gradebook first, in one transaction, then the folder, which alone says that the hand-in is done.

    `against` is what the marked notebook keeps of lesson and exams: FINGERPRINT and LESSON_SOURCE.
    """
    lesson, student = hand_in.lesson, hand_in.student
    notebook = nbformat.reads(examined.notebook, as_version=4)
    gradebook.update_or_create_student(student)
    note_time(gradebook, lesson, student, hand_in.files)
    resources = {
        "nbgrader": {"db_url": course.db_url, "assignment": lesson, "notebook": hand_in.notebook, "student": student},
        VERDICTS: examined.verdicts,
    }
    settled = _settled(course, gradebook, lesson, student)
    save(gradebook, notebook, resources)
    [submitted] = gradebook.find_submission(lesson, student).notebooks
    answers = answers_of(notebook)
    for grade in submitted.grades:
        if settled.get(grade.name) == (answers.get(grade.name), grade.max_score, grade.auto_score):
            grade.needs_manual_grade = False
    gradebook.db.commit()
    renew_penalties(gradebook, settings, lesson, student)
    [submitted] = gradebook.find_submission(lesson, student).notebooks
    notebook.metadata["gradlab"] |= {
        **against,
        SCORES: {grade.name: grade.auto_score for grade in submitted.grades},
        HANDED_IN: digest_of(hand_in.files),
    }
    text = nbformat.writes(notebook).encode()
    replace_folder(
        course.autograded(student, lesson).parent, kept_beside(hand_in.files) | {f"{hand_in.notebook}.ipynb": text}
    )


def _settled(course: Course, gradebook: Gradebook, lesson: str, student: str) -> dict[str, tuple]:
    """Graded cell → the answer, points and automatic mark to which a person gave a mark that does not wait any more."""
    notebook = marked_notebook(course, lesson, student)
    try:
        [submitted] = gradebook.find_submission(lesson, student).notebooks
    except (MissingEntry, ValueError):
        return {}
    given = [grade for grade in submitted.grades if grade.manual_score is not None and not grade.needs_manual_grade]
    if notebook is None or not given:
        return {}
    answers = answers_of(notebook)
    known = (cell["metadata"]["nbgrader"] for cell in notebook["cells"] if "nbgrader" in cell["metadata"])
    points = {each["grade_id"]: each.get("points") for each in known}
    settled = {grade.name: (answers.get(grade.name), points.get(grade.name), grade.auto_score) for grade in given}
    for name in settled.keys() - answers.keys():  # the question has returned since that notebook was marked
        if before := kept(course, lesson).get(name, {}).get(student):
            settled[name] = tuple(before.get(key) for key in ("answer", "max_score", "auto_score"))
    return settled


def note_time(gradebook: Gradebook, lesson: str, student: str, files: dict[str, bytes]) -> None:
    """The submission exists in the gradebook, with the time of the file `timestamp.txt`, as nbgrader has it.

    Raises ValueError for a time that cannot be read.
    """
    gradebook.update_or_create_submission(lesson, student, timestamp=time_handed_in(files))


def write_log(course: Course, lesson: str, examined: Examined) -> Path:
    """A log for each hand-in: how long it took, what went wrong, each verdict in full."""
    path = course.root / "logs" / lesson / f"{examined.student}.log"
    lines = [f"{examined.student}: {examined.seconds:.1f} s", examined.log, examined.failure]
    lines += [verdict.text for verdict in examined.verdicts.values()]
    text = "\n".join(line for line in lines if line) + "\n"
    write_whole(path, visible(text).encode(errors="replace"))
    return path
