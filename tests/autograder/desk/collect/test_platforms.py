"""The platform is decided once for an archive; no name that a student chose is read as the platform's."""

import random

import pytest

from autograder.desk.collect.platforms import Layout
from autograder.desk.course.names import identifier, shown_name
from autograder.notebooks.strangers_texts import MOST_SIGNS
from tests.autograder.notebooks.test_strangers_texts import highest_pile

LESSON = "00-start-here"


def owners(*paths: str) -> list[tuple[str, str] | None]:
    layout = Layout.of(paths, LESSON)
    found = [layout.owner(path, LESSON) for path in paths]
    return [(owner.name, owner.number) if owner else None for owner in found]


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("doejane_12345_67890_start_here.ipynb", ("doejane", "12345")),
        ("doejane_LATE_12345_67890_start_here-2.ipynb", ("doejane", "12345")),
        ("lated_LATE_94_95_LATE_1_2_start_here.ipynb", ("lated", "94")),
        ("anon_LATE_xY3z9_67890_start_here.ipynb", ("anon", "xY3z9")),
        ("submissions/doejane_12345_67890_my_own_99_name.ipynb", ("doejane", "12345")),
        ("Jane O'Doe_4711_assignsubmission_file_/start_here.ipynb", ("Jane O'Doe", "4711")),
        ("Jane O'Doe_4711_assignsubmission_file_/deep/er/start_here.ipynb", ("Jane O'Doe", "4711")),
        ("Jane Doe_4711_assignsubmission_onlinetext_/onlinetext.html", ("Jane Doe", "4711")),
        ("Participant_4711_assignsubmission_file_start_here.ipynb", ("Participant", "4711")),
        ("Ann_Lee_79_assignsubmission_file_/start_here.ipynb", ("Ann_Lee", "79")),
        ("  _700_assignsubmission_file_/start_here.ipynb", ("", "700")),
        ("course-lesson/Jane Doe_4711_assignsubmission_file_/start_here.ipynb", ("Jane Doe", "4711")),
        ("submitted/jane/00-start-here/start_here.ipynb", ("jane", "")),
        ("class/jane/start_here.ipynb", ("jane", "")),
        ("start_here.ipynb", None),
    ],
)
def test_the_name_tells_whose_it_is(path, owner):
    assert owners(path) == [owner]


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["class/eve/a.ipynb", "class/eve/ada/a.ipynb", "class/ada/a.ipynb"], ["eve", "eve", "ada"]),
        (["eve/ada/a.ipynb", "ada/a.ipynb"], ["eve", "ada"]),
        (["class/eve/ada_12_34_a.ipynb", "class/ada/a.ipynb"], ["eve", "ada"]),
        (["class/eve/x_7_assignsubmission_file_/a.ipynb", "class/ada/a.ipynb"], ["eve", "ada"]),
        (["hw/ana/a.ipynb", "hw/ben/a.ipynb", "hw/a.ipynb"], ["ana", "ben", None]),
        (["Eve_1_assignsubmission_file_/Ada_2_assignsubmission_file_/a.ipynb"], ["Eve"]),
        (["Eve_1_assignsubmission_file_/ada_12_34_a.ipynb"], ["Eve"]),
    ],
)
def test_no_name_within_a_hand_in_makes_it_somebody_elses(paths, names):
    assert [owner and owner[0] for owner in owners(*paths)] == names


@pytest.mark.parametrize("others", [0, 1, 5])
@pytest.mark.parametrize("rest", ["x_666_777_start_here.ipynb", "666_file_start_here.ipynb"])
def test_moodle_archive_never_gives_anothers_number(rest, others):
    names = (f"S T_{n}_assignsubmission_file_start_here.ipynb" for n in range(1, others + 1))
    assert owners(f"Bad Guy_555_assignsubmission_file_{rest}", *names)[0] == ("Bad Guy", "555")


def test_number_of_thousands_of_digits_is_no_number():
    assert owners(f"x_{'9' * 5000}_1_a.ipynb", "ana_1_2_a.ipynb") == [None, ("ana", "1")]


def test_identifier_is_a_safe_folder_name_and_keeps_what_tells_names_apart():
    luck = random.Random(4)
    for name in (
        "../../etc",
        ".hidden",
        "a/b\\c",
        "x" * 500,
        "名前 さん",
        "".join(map(chr, luck.sample(range(1, 0x3000), 300))),
    ):
        made = identifier(name)
        assert "/" not in made and not made.startswith(".") and 0 < len(made) <= 100
    assert identifier("राम") != identifier("रीम") and identifier("รัก") != identifier("รีก")


def test_shown_name_holds_nothing_that_a_page_or_a_terminal_obeys():
    name = shown_name("<img src=x onerror='a(\"b\")'> & \x1b]0;x\x07 O'Doe\u202e" + "\u0305" * 100)
    assert not set(name) & set("<>&\"'\x1b\x07\u202e") and "Doe" in name and highest_pile(name) <= MOST_SIGNS


NAMES_OF_TWO = ["Zed_666_assignsubmission_file", "Zed_666_assignsubmission_file_", "_666_assignsubmission_onlinetext_x"]


@pytest.mark.parametrize("name", NAMES_OF_TWO)
def test_full_name_that_looks_like_a_folder_of_moodles_takes_nobody_elses_number(name):
    """In many a Moodle a student writes the full name; the file's name is the student's everywhere."""
    honest = [f"S T_{n}_assignsubmission_file_" for n in (1, 2)]
    folders = owners(f"{name}_555_assignsubmission_file_/a.ipynb", *(f"{each}/a.ipynb" for each in honest))
    assert [number for _, number in folders] == ["555", "1", "2"]
    files = [f"{name}_555_assignsubmission_file_a.ipynb", *(f"{each}a.ipynb" for each in honest)]
    assert Layout.of(files, LESSON).owner(files[0], LESSON) is None
    assert [each.number for file in files[1:] if (each := Layout.of(files, LESSON).owner(file, LESSON))] == ["1", "2"]


@pytest.mark.parametrize("digits", ["\u0666\u0666\u0666", "\uff16\uff16\uff16", "\u096c\u096c\u096c"])
def test_number_of_other_digits_is_no_number(digits):
    """`int` would read them as 666, which is another student's."""
    files = [f"A B_{n}_assignsubmission_file_/a.ipynb" for n in (1, digits, 2)]
    assert Layout.of(files, LESSON).owner(files[1], LESSON) is None
    names = [f"ab_{n}_77_a.ipynb" for n in (1, digits, 2)]
    assert Layout.of(names, LESSON).owner(names[1], LESSON) is None
