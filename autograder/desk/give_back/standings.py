"""Where each student of the course stands with a lesson: marked, not handed in, exempt, or to be looked at."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from nbgrader.api import MissingEntry

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.course.people import People, Person
from autograder.desk.grade.marks import Mark, read_mark
from autograder.desk.grade.up_to_date import CHANGED, LESSON_CHANGED, Comparison
from autograder.desk.gradebook.due_dates import write_times_of_late_hand_ins
from autograder.desk.gradebook.late_penalty import renew_penalties

NOT_MARKED, MISSING, NOT_DUE, EXEMPT = "not marked", "not handed in", "not due yet", "exempt"
OLD = (CHANGED, LESSON_CHANGED)
"""States of a mark that is not of what is there now."""


@dataclass(frozen=True)
class Standing:
    """A student, the state of the hand-in, and the mark if there is one.

    A missing hand-in has the mark 0 once the student's own due date has passed, or where there is none.
    """

    person: Person
    state: str
    mark: Mark | None = None


def standings(course: Course, lesson: str) -> list[Standing]:
    """One for each student, by id. Raises CourseError if nothing of the lesson has been marked."""
    people, settings = People.of(course), course.settings()
    with course.gradebook() as gradebook:
        write_times_of_late_hand_ins(course, gradebook, lesson)  # the Formgrader may have moved the due date
        renew_penalties(gradebook, settings, lesson)
        try:
            assignment = gradebook.find_assignment(lesson)
            submissions, due = assignment.submissions, assignment.duedate
        except MissingEntry:
            submissions, due = [], None
        extended = {each.student.id: each.duedate for each in submissions}
        known = {each.student.id: each.student for each in submissions}
        marks = {id: read_mark(course, gradebook, lesson, id) for id in known}
        worth = max((mark.max_score for mark in marks.values()), default=0.0)
        persons = {id: _person(people, student) for id, student in known.items()}
    handed_in, marked = set(course.submitted(lesson)), set(course.marked(lesson))
    if not marked:
        raise CourseError(f"Nothing of {lesson} has been marked yet; run `gradlab grade {lesson}` first.")
    persons |= {
        id: people.get(id) for id in {*handed_in, *(p.id for p in people.by_id.values() if p.on_roster)} - set(known)
    }
    comparison, now = Comparison(course, lesson, settings), datetime.now(UTC).replace(tzinfo=None)
    found = []
    for id, person in sorted(persons.items()):
        if person.is_exempt(lesson):
            found.append(Standing(person, EXEMPT))
        elif id in marked and id in marks:
            found.append(Standing(person, comparison.state(id), marks[id]))
        elif id in handed_in:
            found.append(Standing(person, NOT_MARKED))
        elif (until := extended.get(id, due)) and until > now:
            found.append(Standing(person, NOT_DUE))
        else:
            found.append(Standing(person, MISSING, Mark(id, 0.0, worth, False, {}, fresh=False)))
    return found


def _person(people: People, student) -> Person:
    """The course's own record, filled up from nbgrader's gradebook where nbgrader knows more."""
    person = people.get(student.id)
    name = person.name or f"{student.first_name or ''} {student.last_name or ''}".strip()
    return replace(person, name=name, number=person.number or student.lms_user_id or "")
