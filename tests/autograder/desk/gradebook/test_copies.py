"""A gradebook that is empty, missing, older or damaged comes back from its newest copy, with a person's marks."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from autograder.desk.course.folder import Course
from autograder.desk.gradebook.copies import FOLDER, NEWEST, keep_copy, mend
from autograder.desk.gradebook.given_by_hand import how_many
from tests.autograder.desk.conftest import SMALL_LESSON, decided, graded, gradlab

COMMENT = "Nearly: look at the graph."


def comment(course: Path, student: str = "wrong", text: str | None = COMMENT) -> None:
    with Course.at(course).gradebook() as gradebook:
        [notebook] = gradebook.find_submission(SMALL_LESSON, student).notebooks
        notebook.comments[0].manual_comment = text
        gradebook.db.commit()


def comment_of(course: Path, student: str = "wrong") -> str | None:
    with Course.at(course).gradebook() as gradebook:
        return gradebook.find_submission(SMALL_LESSON, student).notebooks[0].comments[0].manual_comment


def truncate(book: Path) -> None:
    book.write_bytes(b"")


def halve(book: Path) -> None:
    book.write_bytes(book.read_bytes()[: book.stat().st_size // 2])


def overwrite(book: Path) -> None:
    data = bytearray(book.read_bytes())
    data[:16] = bytes(16)
    book.write_bytes(data)


def scribble(book: Path) -> None:
    data = bytearray(book.read_bytes())
    data[8192 : 8192 + 40_000] = b"\xa5" * 40_000
    book.write_bytes(data)


def begin_anew(book: Path) -> None:
    """What nbgrader or a Formgrader does that finds no gradebook."""
    book.unlink()
    with Course.at(book.parent).gradebook() as gradebook:
        gradebook.update_or_create_student("somebody")


ACCIDENTS = {
    "empty": (truncate, "was empty"),
    "missing": (Path.unlink, "was missing"),
    "cut in half": (halve, "was damaged"),
    "overwritten head": (overwrite, "was damaged"),
    "scribbled pages": (scribble, "was damaged"),
    "no tables": (lambda book: (book.unlink(), sqlite3.connect(book).execute("CREATE TABLE t (x)")), "was empty"),
    "begun anew": (begin_anew, "was an older one"),
}


@pytest.mark.parametrize("accident", ACCIDENTS)
def test_gradebook_comes_back_with_marks_by_hand_whatever_command_is_next(small_course, accident):
    comment(small_course)
    keep_copy(Course.at(small_course))
    change, said = ACCIDENTS[accident]
    change(small_course / "gradebook.db")
    [sentence] = mend(Course.at(small_course))
    assert said in sentence and "has taken its place" in sentence
    assert comment_of(small_course) == COMMENT
    assert mend(Course.at(small_course)) == []


@pytest.mark.parametrize("command", ["export", "grade", "report"])
def test_commands_say_that_they_put_the_copy_back_and_no_copy_is_replaced_by_less(undisturbed, small_course, command):
    comment(small_course)
    gradlab(small_course, "export", SMALL_LESSON)
    before = how_many(max((small_course / FOLDER).glob("*.db"), key=lambda copy: copy.stat().st_mtime_ns))
    truncate(small_course / "gradebook.db")
    assert "The gradebook was empty" in gradlab(small_course, command, SMALL_LESSON)
    assert comment_of(small_course) == COMMENT and before == 1
    assert max(map(how_many, (small_course / FOLDER).glob("*.db"))) == 1
    assert decided(graded(small_course, SMALL_LESSON)) == decided(undisturbed[1])


def test_older_gradebook_gives_what_a_person_gave_since_and_takes_nothing_back(small_course):
    book, aside = small_course / "gradebook.db", small_course / "yesterday.db"
    keep_copy(Course.at(small_course))
    shutil.copy(book, aside)
    comment(small_course, "wrong", "of today")
    keep_copy(Course.at(small_course))
    shutil.copy(aside, book)
    comment(small_course, "right", "given in yesterday's book")
    comment(small_course, "wrong", "another")
    [sentence] = mend(Course.at(small_course))
    assert "older" in sentence and "1 marks and comments by hand were taken over" in sentence
    assert comment_of(small_course, "wrong") == "of today"
    assert comment_of(small_course, "right") == "given in yesterday's book"
    assert list(small_course.glob("gradebook.db.older-*"))


def test_copy_of_an_earlier_version_is_used(small_course):
    comment(small_course)
    shutil.rmtree(small_course / FOLDER)
    shutil.copy(small_course / "gradebook.db", small_course / "gradebook.db.copy")
    truncate(small_course / "gradebook.db")
    assert mend(Course.at(small_course)) and comment_of(small_course) == COMMENT


def test_damaged_copy_is_passed_over(small_course):
    comment(small_course)
    keep_copy(Course.at(small_course))
    newest = max((small_course / FOLDER).glob("*.db"), key=lambda copy: int(copy.stem.rsplit("-", 1)[1]))
    comment(small_course, text="newer")
    keep_copy(Course.at(small_course))
    newer = max((small_course / FOLDER).glob("*.db"), key=lambda copy: int(copy.stem.rsplit("-", 1)[1]))
    assert newer != newest
    halve(newer)
    truncate(small_course / "gradebook.db")
    assert mend(Course.at(small_course)) and comment_of(small_course) == COMMENT


def test_gradebook_without_any_copy_is_begun_anew_and_that_is_said(undisturbed, small_course):
    halve(small_course / "gradebook.db")
    shutil.rmtree(small_course / FOLDER)
    assert "There was no copy of it" in gradlab(small_course, "grade", SMALL_LESSON)
    assert decided(graded(small_course, SMALL_LESSON)) == decided(undisturbed[1])


def test_journal_of_the_lost_book_is_not_applied_to_the_copy(small_course):
    comment(small_course)
    keep_copy(Course.at(small_course))
    halve(small_course / "gradebook.db")
    (small_course / "gradebook.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
    assert mend(Course.at(small_course)) and comment_of(small_course) == COMMENT
    assert not (small_course / "gradebook.db-journal").exists()


def test_copies_are_few_and_the_one_with_most_marks_by_hand_stays(small_course):
    course = Course.at(small_course)
    comment(small_course)
    keep_copy(course)
    for number in range(NEWEST + 5):
        with course.gradebook() as gradebook:
            gradebook.update_or_create_student(f"student-{number}")
        comment(small_course, text=None)
        keep_copy(course)
    copies = list((small_course / FOLDER).glob("*.db"))
    assert NEWEST <= len(copies) <= NEWEST + 2 and max(map(how_many, copies)) == 1


def test_unchanged_gradebook_is_copied_once(small_course):
    for _ in range(3):
        keep_copy(Course.at(small_course))
        number = len(list((small_course / FOLDER).glob("*.db")))
    keep_copy(Course.at(small_course))
    assert len(list((small_course / FOLDER).glob("*.db"))) == number
    with closing(sqlite3.connect(small_course / "gradebook.db")) as book:
        assert book.execute("PRAGMA quick_check").fetchone() == ("ok",)


def add_student(course: Course, name: str) -> None:
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student(name)


def students(course: Course) -> set[str]:
    with course.gradebook() as gradebook:
        return {student.id for student in gradebook.students}


@pytest.mark.parametrize("folder", ["course", "elsewhere"])
def test_each_gradebook_of_a_course_comes_back_from_copies_of_its_own(small_course, tmp_path, empty_gradebook, folder):
    place = small_course / "trial.db" if folder == "course" else tmp_path / "department.db"
    shutil.copy(empty_gradebook, place)
    own, other = Course.at(small_course), Course.at(small_course, f"sqlite:///{place}")
    for number in range(3):  # the one that has more copies changes
        for course, many in ((own, 1), (other, 3), (own, 4)):
            for step in range(many):
                add_student(course, f"{'own' if course is own else 'other'}-{number}-{step}")
                keep_copy(course)
            assert mend(own) == mend(other) == []
    before = students(own), students(other)
    assert not before[0] & {name for name in before[1] if name.startswith("other")}
    truncate(small_course / "gradebook.db")
    halve(place)
    assert "was empty" in mend(own)[0] and "was damaged" in mend(other)[0]
    assert (students(own), students(other)) == before
