"""Who is in the course: ids, names, the numbers that learning platforms use, groups and exemptions."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace

from filelock import FileLock
from nbgrader.api import Gradebook, MissingEntry

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.course.matching import Row, Sender, match_senders
from autograder.desk.course.names import identifier, one_line, shown_name
from autograder.desk.course.person import Person
from autograder.notebooks.files import write_whole

FILE = "students.json"
PATIENCE = 60  # seconds to wait for another process that collects


@dataclass
class People:
    """The students of a course by id, kept in `students.json`; ids and people are one to one."""

    course: Course
    by_id: dict[str, Person] = field(default_factory=dict)

    @classmethod
    def of(cls, course: Course) -> "People":
        """Those that the course knows. Raises CourseError where the file is damaged."""
        path = course.root / FILE
        try:
            rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
            known = {id: Person(id, **{**row, **{name: tuple(row.get(name, ())) for name in ("exempt", "folders")}})
                     for id, row in rows.items()}  # fmt: skip
        except (ValueError, TypeError, AttributeError):
            raise CourseError(
                f"{path} is damaged. Remove it and collect again with --roster: it says who the students are."
            ) from None
        return cls(course, known)

    def save(self) -> None:
        """Write the file."""
        rows = {id: {name: value for name, value in asdict(person).items() if name != "id" and value}
                for id, person in sorted(self.by_id.items())}  # fmt: skip
        write_whole(self.course.root / FILE, json.dumps(rows, indent=1, ensure_ascii=False).encode())

    def get(self, id: str) -> Person:
        """A student, also one of whom only the id is known."""
        return self.by_id.get(id, Person(id))

    def name_of(self, id: str) -> str:
        """The name to show."""
        return shown_name(self.get(id).name)

    def ids_of(self, senders: Sequence[Sender], gradebook: Gradebook) -> list[str]:
        """The id of each who handed in; a new one for who is new, and for whom a name does not tell from others."""
        found = match_senders(senders, self.by_id.values())
        for n, sender in enumerate(senders):
            person = found[n] or self._in_gradebook(sender, gradebook) or self._new(*sender)
            platform, number, name = sender
            changed: dict = {"platform": platform, "number": number} if number else {}
            if not number and one_line(name) not in person.folders:
                changed["folders"] = (*person.folders, one_line(name))
            if not person.on_roster and (number or not person.name):
                changed["name"] = name or person.name
            self.by_id[person.id] = found[n] = replace(person, **changed)
        return [person.id for person in found if person]

    def add_row(self, row: Row, found: Person | None, gradebook: Gradebook) -> Person:
        """The person whom a row of a class list is about, who may be new."""
        if found is None and row.id:
            found = self.by_id.get(row.id, Person(row.id))
        elif found is None and row.is_namesake:
            found = Person(self._new_id(f"{row.name} {row.keys}", next(iter(row.keys.values()), row.number), row.name))
        elif found is None:
            sender = Sender(row.platform, row.number, row.name)
            found = self._in_gradebook(sender, gradebook) or self._new(*sender)
        if row.number and (row.platform or not found.platform):
            found = replace(found, platform=row.platform, number=row.number)
        if row.id not in ("", found.id, *found.folders):
            found = replace(
                found, folders=(*found.folders, row.id)
            )  # a folder of that name is theirs, and nobody else's id
        return found

    def missing(self, lesson: str) -> list[Person]:
        """Those on the class list who have not handed in a lesson and are not exempt from it."""
        there = set(self.course.submitted(lesson))
        waited_for = [each for each in self.by_id.values() if each.on_roster and not each.is_exempt(lesson)]
        return sorted((each for each in waited_for if each.id not in there), key=lambda each: (each.name, each.id))

    def write_to(self, gradebook: Gradebook, id: str) -> None:
        """The student, with what the course knows, stands in the gradebook; names there are harmless to show."""
        person = self.get(id)
        words = shown_name(person.name).split()
        known = {"first_name": " ".join(words[:-1]), "last_name": words[-1]} if words else {}
        known |= {"lms_user_id": person.number} if person.number else {}
        known |= {"email": person.email} if person.email else {}
        if not person.number and not person.on_roster and _has_a_name(gradebook, id):
            known = {}
        gradebook.update_or_create_student(id, **known)

    def _in_gradebook(self, sender: Sender, gradebook: Gradebook) -> Person | None:
        """A student whom the gradebook has and this file has not: nbgrader's own, or of an earlier version."""
        _, number, name = sender
        for student in gradebook.students:
            same = student.lms_user_id == number if number else student.id in (name, identifier(name))
            if same and student.id not in self.by_id:
                return Person(student.id)
        return None

    def _new(self, platform: str, number: str, name: str) -> Person:
        return Person(self._new_id(f"{platform} {number}" if number else name, number, name), name)

    def _new_id(self, key: str, number: str, name: str) -> str:
        made = identifier(name) or "student"
        if number:
            made = f"{made}-{identifier(number)}"
        wanted, digest = made, one_line(key)
        taken = {*self.by_id, *(name for person in self.by_id.values() for name in person.folders)}
        while made in taken:
            digest = hashlib.sha256(digest.encode()).hexdigest()
            made = f"{wanted}-{digest[:6]}"
        return made


@contextmanager
def changing(course: Course) -> Iterator[People]:
    """The people of a course and what was collected of them are this process's to read, change and write; others wait.

    Raises Timeout where another takes too long.
    """
    course.root.mkdir(parents=True, exist_ok=True)
    with FileLock(course.root / ".collecting.lock", timeout=PATIENCE):
        yield People.of(course)


def _has_a_name(gradebook: Gradebook, id: str) -> bool:
    try:
        return bool(gradebook.find_student(id).last_name)
    except MissingEntry:
        return False
