"""A class list: what may stand in the column `exempt`, and what a renewed list leaves, changes and clears."""

import pytest

from autograder.desk.course.folder import CourseError
from autograder.desk.course.people import People
from autograder.desk.course.person import Person
from autograder.desk.course.roster import read_roster, take_in
from gradlab.course import LESSONS


@pytest.fixture
def listed(course, tmp_path):
    """Take in a class list; the only person on it."""

    def run(text: str) -> Person:
        people, file = People.of(course), tmp_path / "list.csv"
        file.write_text(text)
        with course.gradebook() as gradebook:
            [id] = take_in(people, read_roster(file), gradebook)
        people.save()
        return People.of(course).get(id)

    return run


ALL, NONE = set(LESSONS), set()
EXEMPT = {
    "1": {"01-soft-thresholding"},
    "01": {"01-soft-thresholding"},
    "3": {lesson for lesson in LESSONS if lesson.startswith("03")},
    "00; 3": {lesson for lesson in LESSONS if lesson[:2] in ("00", "03")},
    "0 1": {lesson for lesson in LESSONS if lesson[:2] in ("00", "01")},
    "01-soft-thresholding,2": {lesson for lesson in LESSONS if lesson[:2] in ("01", "02")},
    "yes": ALL,
    "EX": ALL,
    "": NONE,
    "no": NONE,
    "0": NONE,
}


@pytest.mark.parametrize("cell", EXEMPT)
def test_exempt_names_lessons_as_the_commands_do(listed, cell):
    person = listed(f'name,exempt\nAda,"{cell}"\n')
    assert {lesson for lesson in LESSONS if person.is_exempt(lesson)} == EXEMPT[cell]


@pytest.mark.parametrize("cell", ["lesson 3", "excused", "99", "03 perhaps", "yes 3", "no 3", "²", "1.0"])
def test_word_that_names_no_lesson_is_refused_with_its_row(tmp_path, cell):
    file = tmp_path / "list.csv"
    file.write_text(f"name,exempt\nBen,\nAda,{cell}\n")
    with pytest.raises(CourseError) as refused:
        read_roster(file)
    said = str(refused.value)
    assert "row 3" in said and "Ada" in said and any(word in said for word in cell.split()) and "exempt" in said
    assert "01 03" in said, "what may stand there"


FULL = "name,group,section,exempt\nAda,A,S,01\n"


def kept(person: Person) -> tuple:
    return person.group, person.section, person.exempt


def test_renewed_list_leaves_what_it_has_no_column_for(listed):
    before = listed(FULL)
    assert all(kept(before)) and kept(listed("name,email\nAda,a@x.org\n")) == kept(before)


@pytest.mark.parametrize("row", ["Ada,,,", "Ada"], ids=["empty cells", "short row"])
def test_empty_cell_of_a_renewed_list_clears_what_was_there(listed, row):
    listed(FULL)
    assert not any(kept(listed(f"name,group,section,exempt\n{row}\n")))


def test_empty_cell_takes_nobodys_address_or_number_away(listed):
    text = "name,email,sis id,login\nAda,{},{},{}\n"
    before = listed(text.format("a@x.org", "s1", "ada"))
    assert (before.email, before.sis, before.login) == ("a@x.org", "s1", "ada")
    assert listed(text.format("", "", "")) == before


def test_list_of_the_guide_is_read(listed):
    person = listed("name,id,group,exempt\nAda Berg,ada,A,01 03\n")
    assert person.id == "ada" and person.group == "A" and not person.is_exempt("00-start-here")
