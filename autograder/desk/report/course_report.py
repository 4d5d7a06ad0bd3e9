"""The course over its lessons on one page: marks, progress, who is behind, misconceptions that stay."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.course.person import Person
from autograder.desk.give_back.standings import EXEMPT, MISSING, NOT_MARKED, OLD, Standing, standings
from autograder.desk.report.item_statistics import share_earned
from autograder.desk.report.report_figures import course_figure
from autograder.notebooks.files import write_whole
from autograder.notebooks.places import ROOT
from gradlab.course import LESSONS
from gradlab.explore.figures import svg, svg_uri

BEHIND = 0.5  # of the marks of what was asked so far


@dataclass(frozen=True)
class LessonRow:
    """A lesson in the course's table; shares are of the lesson's marks. `old` marks are not of what is there now."""

    lesson: str
    handed_in: int
    not_marked: int
    missing: int
    late: int
    waiting: int
    old: int
    quartiles: tuple[float, float, float]
    hardest: str


@dataclass(frozen=True)
class StudentRow:
    """A student over all lessons that were marked: the share of their marks, how many lessons are missing."""

    student: str
    name: str
    share: float
    missing: int
    shares: tuple[float | None, ...]

    @property
    def behind(self) -> bool:
        """Whether somebody should ask how it goes."""
        return self.missing > 0 or self.share < BEHIND


@dataclass(frozen=True)
class StayingMisconception:
    """A misconception that students have had in more than one lesson."""

    label: str
    students: tuple[str, ...]
    exercises: tuple[str, ...]


def write_course_report(course: Course, *, names: bool = False) -> Path:
    """Write `reports/course.html` in the course folder. Raises CourseError if nothing has been marked."""
    found = {lesson: standings(course, lesson) for lesson in LESSONS if course.marked(lesson)}
    if not found:
        raise CourseError("Nothing of this course has been marked yet; run `gradlab grade LESSON` first.")
    path = course.root / "reports" / "course.html"
    there = {lesson for lesson in found if (path.parent / f"{lesson}.html").exists()}
    write_whole(path, course_page(found, names=names, reports=there).encode())
    return path


def course_page(found: dict[str, list[Standing]], *, names: bool, reports: set[str]) -> str:
    """The page as text; `reports` are the lessons whose own report stands beside it."""
    rows = [lesson_row(lesson, each) for lesson, each in found.items()]
    students = student_rows(found)
    figure, alt = course_figure({row.lesson: row.quartiles for row in rows})
    template = Environment(loader=FileSystemLoader(ROOT / "assets"), autoescape=True)
    return template.get_template("course_report.html.j2").render(
        rows=rows,
        students=students,
        behind=[student for student in students if student.behind],
        staying=staying_misconceptions(found),
        picture={"uri": Markup(svg_uri(svg(figure))), "alt": alt},
        lessons=list(found),
        names=names,
        reports=reports,
    )


def lesson_row(lesson: str, found: list[Standing]) -> LessonRow:
    """One lesson's numbers."""
    listed = any(each.person.on_roster for each in found)
    not_marked = sum(each.state == NOT_MARKED for each in found)
    marks = [each.mark for each in found if each.mark and each.state != MISSING]
    shares = [mark.score / mark.max_score for mark in marks if mark.max_score] or [0.0]
    low, middle, high = np.percentile(shares, [25, 50, 75])
    earned: dict[str, list[float]] = {}
    for mark in marks:
        for exercise in mark.verdicts:
            if (share := share_earned(mark, exercise)) is not None:
                earned.setdefault(exercise, []).append(share)
    hardest = min(earned, key=lambda name: np.mean(earned[name]), default="")
    return LessonRow(
        lesson,
        len(marks) + not_marked,
        not_marked,
        sum(_is_missing(each, each.person, listed) for each in found),
        sum(mark.seconds_late > 0 for mark in marks),
        sum(mark.needs_manual_grade for mark in marks),
        sum(each.state in OLD for each in found),
        (float(low), float(middle), float(high)),
        hardest,
    )


def student_rows(found: dict[str, list[Standing]]) -> list[StudentRow]:
    """Every student over the lessons, those who are furthest behind first.

    What was handed in and not marked, or is not due yet, counts in no share.
    """
    by_lesson = {lesson: {each.person.id: each for each in standing} for lesson, standing in found.items()}
    people = {each.person.id: each.person for standing in found.values() for each in standing}
    listed = any(person.on_roster for person in people.values())
    rows = []
    for id, person in people.items():
        here = [standing.get(id) for standing in by_lesson.values()]
        shares = tuple(_share(each) for each in here)
        missing = sum(_is_missing(each, person, listed) for each in here)
        known = [share for share in shares if share is not None] + [0.0] * missing
        share = float(np.mean(known)) if known else 1.0
        rows.append(StudentRow(id, person.name, share, missing, shares))
    return sorted(rows, key=lambda row: (-row.missing, row.share, row.student))


def _share(each: Standing | None) -> float | None:
    if each is None or each.mark is None or each.state in (MISSING, EXEMPT) or not each.mark.max_score:
        return None
    return each.mark.score / each.mark.max_score


def _is_missing(each: Standing | None, person: Person, listed: bool) -> bool:
    """Whether a hand-in is missing; not one of somebody who is not on the class list any more."""
    return (each is None or each.state == MISSING) and (person.on_roster or not listed)


def staying_misconceptions(found: dict[str, list[Standing]]) -> list[StayingMisconception]:
    """Labels that one student has had in several lessons, those of most students first."""
    seen: dict[str, dict[str, set[str]]] = {}
    exercises: dict[str, list[str]] = {}
    for lesson, standing in found.items():
        for each in standing:
            for exercise, verdict in each.mark.verdicts.items() if each.mark else ():
                label = verdict.get("misconception")
                if verdict["outcome"] not in ("right", "not attempted") and label:
                    seen.setdefault(label, {}).setdefault(each.person.id, set()).add(lesson)
                    exercises.setdefault(label, []).append(exercise)
    rows = [
        StayingMisconception(label, stay, tuple(dict.fromkeys(exercises[label])))
        for label, students in seen.items()
        if (stay := tuple(sorted(id for id, lessons in students.items() if len(lessons) > 1)))
    ]
    return sorted(rows, key=lambda row: (-len(row.students), row.label))
