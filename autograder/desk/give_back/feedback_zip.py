"""Feedback pages in one zip file, under names by which a learning platform finds whose they are."""

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

from autograder.desk.course.folder import Course
from autograder.desk.course.people import People
from autograder.desk.course.person import Person
from autograder.desk.gradebook.due_dates import collected
from autograder.notebooks.files import write_whole

SAME_TIME = (1980, 1, 1, 0, 0, 0)  # the same pages make the same file


def pack(course: Course, lesson: str, pages: list[Path], to: Path) -> list[str]:
    """Write the zip file; returns the students that no platform knows, whose pages are not in it."""
    records, people, unknown, archive = collected(course).get(lesson, {}), People.of(course), [], BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for page in pages:
            student = page.parts[-3]
            if name := _name(people.get(student), records.get(student, {}), page.name):
                packed.writestr(zipfile.ZipInfo(name, SAME_TIME), page.read_bytes(), zipfile.ZIP_DEFLATED)
            else:
                unknown.append(student)
    write_whole(to, archive.getvalue())
    return unknown


def _name(person: Person, record: dict[str, Any], page: str) -> str:
    """The name by which the platform knows whose page it is; "" where it does not.

    Moodle (mod/assign/feedback/file/importziplib.php) reads NAME_NUMBER_assignsubmission_file in the first folder in which
    it finds somebody; Canvas (AbstractAssignment#infer_comment_context_from_filename) the first two numbers of
    NAME_USER_FILE_NAME. No other number stands in the name: students choose their names, and those of their files.
    """
    name = "".join(re.findall(r"[^\W\d_]", person.name)) or "student"
    platform = record.get("platform", person.platform)
    if not record.get("path") or platform != person.platform or not person.is_numbered:
        return ""
    if platform == "moodle":
        return f"{name}_{person.number}_assignsubmission_file_/{page}"
    order = record["order"]
    file = order[0] if isinstance(order, list) else order  # earlier versions wrote a list
    return f"{name}_{person.number}_{int(file)}_{page}"
