"""Feedback pages in one zip file, under names by which a learning platform finds whose they are."""

import zipfile
from io import BytesIO
from pathlib import Path, PurePosixPath

from autograder.desk.course.folder import Course
from autograder.desk.gradebook.due_dates import collected
from autograder.notebooks.files import write_whole

SAME_TIME = (1980, 1, 1, 0, 0, 0)  # the same pages make the same file


def pack(course: Course, lesson: str, pages: list[Path], to: Path) -> list[str]:
    """Write the zip file; returns the students that no platform knows, whose pages are not in it.

    A page has the name of the hand-in as it was downloaded, but for its ending. Moodle (mod/assign/feedback/file/
    importziplib.php) reads NAME_NUMBER_assignsubmission_file, as a folder or before the file's name; Canvas
    (AbstractAssignment#infer_comment_context_from_filename) reads the numbers of user and file in NAME_USER_FILE_NAME.
    """
    records, unknown, archive = collected(course).get(lesson, {}), [], BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for page in pages:
            student = page.parts[-3]
            if path := records.get(student, {}).get("path"):
                packed.writestr(
                    zipfile.ZipInfo(str(PurePosixPath(path).with_suffix(".html")), SAME_TIME),
                    page.read_bytes(),
                    zipfile.ZIP_DEFLATED,
                )
            else:
                unknown.append(student)
    write_whole(to, archive.getvalue())
    return unknown
