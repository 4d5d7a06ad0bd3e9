"""Why an answer has its marks: what was handed in, what it was asked, what came back, and the same once more."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from nbgrader.api import Gradebook, MissingEntry

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.grade.hand_in_files import hand_in_files, source_files
from autograder.desk.grade.marks import Mark, full_name, marked_notebook, read_mark
from autograder.desk.grade.up_to_date import CHANGED, LESSON_CHANGED, Comparison
from autograder.desk.grade.warm_up import warm_zygote
from autograder.desk.grade.workers import work_through
from autograder.marking.hand_in import Examined, HandIn, examine_hand_in, for_workers
from autograder.marking.source_cell import source_cells
from autograder.sandbox.zygote import SandboxUnavailable, refuse_if_shown
from gradlab.course import LESSONS
from gradlab.probe.plain import NotPlain, from_plain

LONGEST = 4000  # characters of one value
WARNINGS = {
    CHANGED: "The hand-in has changed since it was marked: answer, points and verdict below are those of the hand-in that "
    "was marked, and what is asked and run again is the one that lies there now.",
    LESSON_CHANGED: "The lesson has changed since this was marked: points and verdict below are those of the lesson as it "
    "was, and what is asked and run again is the lesson as it is now.",
}
"""What is to be known first, by the state of the mark."""


@dataclass(frozen=True)
class Question:
    """One call of an answer, as Python that can be typed again, and what was seen of it."""

    call: str
    seen: str


@dataclass(frozen=True)
class Explanation:
    """All that is known of one answer; `questions` and `again` come of running the hand-in once more.

    `warning` says that the two are of different texts, and `answer_now` is then the text of the second, if it differs.
    """

    lesson: str
    student: str
    exercise: str
    answer: str
    points: float
    verdict: str
    comment: str
    remarks: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    again: str = ""
    messages: str = field(default="", repr=False)
    warning: str = ""
    answer_now: str = ""

    @property
    def differs(self) -> bool:
        """Whether the second run found another verdict."""
        return bool(self.again) and self.again != self.verdict


def explain(course: Course, student: str, exercise: str, *, sandbox: bool = True) -> Explanation:
    """What is known of an answer, from the gradebook and from running the hand-in once more; nothing is written.

    Raises CourseError where there is no such mark, or no sandbox.
    """
    with course.gradebook() as gradebook:
        student = _id_of(gradebook, student)
        lesson, notebook = _lesson_with(course, student, exercise)
        mark = read_mark(course, gradebook, lesson, student)
        exercise = _spelling(notebook, mark, exercise)
        explanation = _from_the_book(gradebook, lesson, student, exercise, notebook, mark)
        warning = WARNINGS.get(Comparison(course, lesson, course.settings()).state(student), "")
        if exercise not in mark.verdicts and not warning:
            return explanation
        hand_in = _hand_in(course, gradebook, lesson, student, sandbox)
        if warning:
            now = _answer_now(hand_in, exercise)
            explanation = replace(explanation, warning=warning, answer_now="" if now == explanation.answer else now)
        if exercise not in mark.verdicts:
            return explanation
    if sandbox:
        try:
            refuse_if_shown(course.root)
            warm_zygote()
        except SandboxUnavailable as reason:
            raise CourseError(str(reason)) from None
    torch.set_num_threads(1)
    [(_, result)] = work_through(examined_with_questions, iter([(hand_in, exercise)]), 1, lambda: None)
    examined, questions = result or (Examined(student, failure="The grader's own process died over it."), [])
    again = examined.verdicts[exercise].text if exercise in examined.verdicts else examined.failure
    return replace(explanation, questions=tuple(questions), again=again, messages=examined.log)


def examined_with_questions(task: tuple[HandIn, str]) -> tuple[Examined, list[Question]]:
    """Examine a hand-in and keep what one of its answers was asked."""
    hand_in, exercise = task
    listener = _Listener(exercise)
    logger = logging.getLogger("gradlab.probe.examine")
    level = logger.level
    logger.addHandler(listener)
    logger.setLevel(logging.DEBUG)
    try:
        return examine_hand_in(hand_in), listener.questions
    finally:
        logger.setLevel(level)
        logger.removeHandler(listener)


class _Listener(logging.Handler):
    """Keeps the questions of one exam, which the examiner logs for whoever listens."""

    def __init__(self, exercise: str):
        super().__init__(logging.DEBUG)
        self.exercise, self.questions, self._now = exercise, [], ""

    def emit(self, record: logging.LogRecord) -> None:
        self._now = getattr(record, "exercise", self._now)
        if self._now == self.exercise and hasattr(record, "call"):
            self.questions.append(Question(_call(self.exercise, record.call), _seen(record.seen)))


def _call(exercise: str, call: dict) -> str:
    try:
        arguments, keywords = from_plain(call["arguments"]), from_plain(call["keywords"])
    except (NotPlain, TypeError, KeyError, ValueError, AttributeError):
        return f"{exercise}(…)"
    shown = [*map(_short, arguments), *(f"{name}={_short(value)}" for name, value in keywords.items())]
    return f"{exercise}({', '.join(shown)})"


def _seen(seen: dict) -> str:
    if seen.get("raised"):
        return f"{seen['raised'].get('type')}: {seen['raised'].get('message')}"[:LONGEST]
    if seen.get("timed_out"):
        return "nothing in time"
    gradients = [f"gradient in {name}: {_value(g)}" for name, g in dict(seen.get("gradients") or {}).items()]
    return "; ".join([_value(seen.get("value")), *gradients])


def _value(plain: Any) -> str:
    """A value with all its digits, as it can be typed."""
    try:
        value = from_plain(plain)
    except (NotPlain, TypeError, KeyError, ValueError, AttributeError):
        return "something that cannot be shown"
    return _short(value)


def _short(value: Any) -> str:
    text = _typed(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _typed(value: Any) -> str:
    if isinstance(value, torch.Tensor):
        kind = "" if value.dtype in (torch.float32, torch.int64, torch.bool) else f", dtype={value.dtype}"
        grad = ", requires_grad=True" if value.requires_grad else ""
        return f"torch.tensor({value.detach().tolist()}{kind}{grad})"
    if isinstance(value, list | tuple):
        inner = ", ".join(map(_typed, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    return repr(value)


def _id_of(gradebook: Gradebook, student: str) -> str:
    """The id of a student who is named by id or by name."""
    found = [each.id for each in gradebook.students if student in (each.id, full_name(each))]
    if len(found) != 1:
        many = f" Several are called so: {', '.join(found)}." if found else ""
        raise CourseError(
            f"There is no student {student!r} in the gradebook.{many} Ids are what `gradlab grade` shows."
        )
    return found[0]


def _lesson_with(course: Course, student: str, exercise: str) -> tuple[str, dict]:
    """The lesson of which the student's marked notebook has this exercise."""
    marked = []
    for lesson in LESSONS:
        notebook = marked_notebook(course, lesson, student)
        if notebook is None:
            continue
        marked.append(f"{lesson} ({', '.join(_answers(notebook))})")
        if any(_same(name, exercise) for name in _answers(notebook)):
            return lesson, notebook
    where = (
        f"Of {student} were marked: {'; '.join(marked)}." if marked else f"Nothing of {student} has been marked yet."
    )
    raise CourseError(f"There is no exercise {exercise!r} in a marked hand-in. {where}")


def _answers(notebook: dict) -> dict[str, str]:
    """Answer → its text."""
    found = {}
    for cell in notebook["cells"]:
        known = cell["metadata"].get("nbgrader") or {}
        if known.get("solution"):
            source = cell["source"]
            found[known["grade_id"]] = source if isinstance(source, str) else "".join(source)
    return found


def _answer_now(hand_in: HandIn, exercise: str) -> str:
    """The text of an answer in the hand-in as it lies there; "" where it has none that can be read."""
    try:
        notebook = json.loads(hand_in.files[f"{hand_in.notebook}.ipynb"])
        return next(text for name, text in _answers(notebook).items() if _same(name, exercise))
    except (KeyError, ValueError, TypeError, AttributeError, StopIteration):
        return ""


def _same(one: str, other: str) -> bool:
    return one.replace("-", "_").casefold() == other.replace("-", "_").casefold()


def _spelling(notebook: dict, mark: Mark, exercise: str) -> str:
    return next(name for name in (*mark.verdicts, *_answers(notebook)) if _same(name, exercise))


def _from_the_book(
    gradebook: Gradebook, lesson: str, student: str, exercise: str, notebook: dict, mark: Mark
) -> Explanation:
    try:
        [submitted] = gradebook.find_submission(lesson, student).notebooks
        comments = {comment.name: comment.comment or "" for comment in submitted.comments}
    except (MissingEntry, ValueError):
        comments = {}
    recorded = next(
        (cell for cell in notebook["cells"] if cell["metadata"].get("gradlab", {}).get("exercise") == exercise), None
    )
    verdict = "".join(_plain_output(recorded)) if recorded else ""
    answer = next(text for name, text in _answers(notebook).items() if _same(name, exercise))
    points = mark.points.get(exercise, 0.0)
    comment = comments.get(exercise, "")
    return Explanation(lesson, student, exercise, answer, points, verdict, comment, mark.remarks)


def _plain_output(cell: dict) -> Iterator[str]:
    for output in cell.get("outputs", ()):
        text = output.get("data", {}).get("text/plain", "")
        yield text if isinstance(text, str) else "".join(text)


def _hand_in(course: Course, gradebook: Gradebook, lesson: str, student: str, sandbox: bool) -> HandIn:
    settings = course.settings()
    settings.ExamineWhileExecuting.sandbox = sandbox
    ignore = settings.CourseDirectory.ignore
    try:
        files = hand_in_files(course, lesson, student, source_files(course, lesson, ignore), ignore)
    except ValueError as error:
        raise CourseError(str(error)) from None
    cells = tuple(source_cells(gradebook, LESSONS[lesson], lesson))
    return HandIn(student, lesson, LESSONS[lesson], files, cells, for_workers(settings))
