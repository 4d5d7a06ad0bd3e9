"""Who is in the course: ids, names, the numbers that learning platforms use, groups and exemptions."""

import hashlib
import json
import unicodedata
from dataclasses import asdict, dataclass, field, replace

from nbgrader.api import Gradebook, MissingEntry

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.course.names import identifier, shown_name
from autograder.notebooks.files import write_whole

FILE = "students.json"


@dataclass(frozen=True)
class Person:
    """A student: `platform` and `number` say who it is where a platform does; `name` is as it was found."""

    id: str
    name: str = ""
    platform: str = ""
    number: str = ""
    email: str = ""
    login: str = ""
    sis: str = ""
    section: str = ""
    group: str = ""
    exempt: tuple[str, ...] = ()
    on_roster: bool = False

    def is_exempt(self, lesson: str) -> bool:
        """Whether this lesson asks nothing of the student."""
        return any(lesson.startswith(word) or word == "all" for word in self.exempt)


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
            known = {id: Person(id, **{**row, "exempt": tuple(row.get("exempt", ()))}) for id, row in rows.items()}
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

    def id_of(self, platform: str, number: str, name: str, gradebook: Gradebook) -> str:
        """The id of the student with this platform's number, or else of this name; a new one where there is none."""
        found = self._known(platform, number, name) or self._in_gradebook(platform, number, name, gradebook)
        if found is None:
            found = Person(self._new_id(f"{platform} {number}" if number else name, number, name), name)
        changed = {"platform": platform, "number": number} if number else {}
        if not found.on_roster and (number or not found.name):
            changed["name"] = name or found.name
        self.by_id[found.id] = replace(found, **changed)
        return found.id

    def missing(self, lesson: str) -> list[str]:
        """Names of those on the class list who have not handed in a lesson and are not exempt from it."""
        there = set(self.course.submitted(lesson))
        waited_for = [each for each in self.by_id.values() if each.on_roster and not each.is_exempt(lesson)]
        return sorted(self.name_of(each.id) or each.id for each in waited_for if each.id not in there)

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

    def _known(self, platform: str, number: str, name: str) -> Person | None:
        everybody = self.by_id.values()
        if number:
            same = [each for each in everybody if each.number == number and each.platform == platform]
            listed = [each for each in everybody if not (each.number and each.platform)]
            named = [each for each in listed if _alike(each.name, name)]
            if same or len(named) == 1:
                return (same or named)[0]
            # A class list's number may be any number: it counts where the name says nothing else.
            numbered = [each for each in named or listed if each.number == number]
            return numbered[0] if len(numbered) == 1 else None
        if name in self.by_id:
            return self.by_id[name]
        listed = self.by_id.get(identifier(name))  # ids are in small letters, the class list's too: MAT77 is mat77
        if listed and listed.on_roster and listed.id == name.lower().replace(" ", "-"):
            return listed
        numbered = [each for each in everybody if each.number == name and not each.platform]
        if len(numbered) == 1:  # a folder that is called like the number in the class list
            return numbered[0]
        same = [each for each in everybody if _nfc(each.name) == _nfc(name)]
        return same[0] if len(same) == 1 else None

    def _in_gradebook(self, platform: str, number: str, name: str, gradebook: Gradebook) -> Person | None:
        """A student whom the gradebook has and this file has not: nbgrader's own, or of an earlier version."""
        for student in gradebook.students:
            same = student.lms_user_id == number if number else student.id in (name, identifier(name))
            if same and student.id not in self.by_id:
                return Person(student.id)
        return None

    def _new_id(self, key: str, number: str, name: str) -> str:
        made = identifier(name) or "student"
        made = f"{made}-{number.lower()}" if number else made
        if made not in self.by_id:
            return made
        return f"{made}-{hashlib.sha256(_nfc(key).encode()).hexdigest()[:6]}"


def _has_a_name(gradebook: Gradebook, id: str) -> bool:
    try:
        return bool(gradebook.find_student(id).last_name)
    except MissingEntry:
        return False


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _alike(one: str, other: str) -> bool:
    """Whether two spellings are of one name: Canvas writes `doejane` for Jane Doe."""
    words = [sorted(word for word in _letters(name).split()) for name in (one, other)]
    if words[0] == words[1]:
        return bool(words[0])
    if len(words[1]) == 1 and len(words[0]) > 1:
        first, *rest = _letters(one).split()
        return words[1][0] in ("".join([*rest, first]), "".join([first, *rest]))
    return False


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFC", name).casefold()
    return "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in plain if c not in "'’-")
