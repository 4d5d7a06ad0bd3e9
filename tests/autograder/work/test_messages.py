"""What `gradlab lab`, `update` and `progress` say: whatever is wrong with a file has a sentence, and 80 columns are enough."""

import copy
import errno
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console
from typer.testing import CliRunner

from autograder.cli import app
from autograder.cli.learner import counted
from autograder.cli.progress import headline, table
from autograder.notebooks.files import write_bytes, write_whole
from autograder.notebooks.places import ROOT
from autograder.notebooks.system_errors import sentence_of
from autograder.overview import overview
from autograder.progress import State
from autograder.work.copies import BACKUPS, lay_copies
from autograder.work.edition import EditionError, installed, read_edition
from gradlab.course import LESSONS
from tests.autograder.work.lessons import sealed

LESSON, NOTEBOOK = "00-start-here", "start_here.ipynb"
NAME = f"{LESSON}/{NOTEBOOK}"
RAW = re.compile(r"Errno|Traceback")
WIDE = 80


@pytest.fixture(scope="module")
def lessons():
    return {name: notebook for name, notebook in installed().items() if name < "02"}


@pytest.fixture
def work(tmp_path, lessons) -> Path:
    """Work on lessons 0 and 1."""
    lay_copies(tmp_path / "work", lessons)
    return tmp_path / "work"


def edition(folder: Path, lessons, *, released: str = "", sentence: str = "Newer words.") -> Path:
    """An edition in a folder, whose lessons have a sentence more."""
    newer = copy.deepcopy(lessons)
    for name, notebook in newer.items():
        notebook.cells[0].source += f"\n\n{sentence}"
        sealed(notebook.cells[0])
        write_whole(folder / "lessons" / name, write_bytes(notebook))
    if released:
        (folder / "pyproject.toml").write_text(f'[project]\nversion = "0.1.0+{released}"\n')
    return folder


def said_by(*command: object, code: int = 1) -> str:
    """What a command says, which ends with this exit code and no raw error."""
    done = CliRunner().invoke(app, [*map(str, command)])
    assert done.exit_code == code and not RAW.search(done.output), done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output


def as_folder(path: Path) -> None:
    path.mkdir(parents=True)


def as_dangling_link(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere")


def as_link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def as_pipe(path: Path) -> None:
    os.mkfifo(path)


def as_torn_file(path: Path) -> None:
    path.write_text('{"cells": [')


ODD = [as_folder, as_dangling_link, as_link_to_itself, as_pipe, as_torn_file]


@pytest.mark.parametrize("name", [f"lessons/{NAME}", "lessons/renamed.ipynb", "notes.ipynb"])
@pytest.mark.parametrize("make", ODD, ids=lambda make: make.__name__)
def test_what_is_no_notebook_is_named_and_left_and_the_others_are_updated(work, lessons, tmp_path, make, name):
    odd = work / name
    odd.unlink(missing_ok=True)
    make(odd)
    before = os.lstat(odd)
    said = said_by("update", "--in", work, "--from", edition(tmp_path / "newer", lessons))
    assert str(odd) in said and ("as it is" in said or "not a whole notebook" in said)
    assert os.lstat(odd).st_ino == before.st_ino and os.lstat(odd).st_mode == before.st_mode
    other = work / "lessons" / next(other for other in lessons if other != NAME)
    assert "Newer words." in other.read_text(encoding="utf-8") and f"{BACKUPS}/" in said


@pytest.mark.parametrize("make", ODD, ids=lambda make: make.__name__)
def test_copies_are_laid_beside_what_is_no_notebook(tmp_path, lessons, make):
    odd = tmp_path / "lessons" / NAME
    odd.parent.mkdir(parents=True)
    make(odd)
    before = os.lstat(odd)
    assert len(lay_copies(tmp_path, lessons)) == len(lessons) - 1 and os.lstat(odd).st_ino == before.st_ino


def test_work_that_lies_elsewhere_is_written_through_its_link(work, lessons, tmp_path):
    path, aside = work / "lessons" / NAME, tmp_path / "aside.ipynb"
    shutil.move(path, aside)
    path.symlink_to(aside)
    said_by("update", "--in", work, "--from", edition(tmp_path / "newer", lessons), code=0)
    assert path.is_symlink() and "Newer words." in aside.read_text(encoding="utf-8")
    assert "Newer words." not in next((work / BACKUPS).rglob(NOTEBOOK)).read_text(encoding="utf-8")


LONG = "x" * 300


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("lab", "--in", "FILE"), "is a file, and a folder should be there"),
        (("lab", "--in", "FILE/new"), "is a file, and a folder should be there"),
        (("lab", "--in", LONG), "longer than this disk allows"),
        (("update", "--in", LONG), "longer than this disk allows"),
        (("update", "--in", "FILE"), "There is no folder"),
        (("update", "--in", "WORK", "--from", LONG), "longer than this disk allows"),
        (("update", "--in", "WORK", "--from", "FILE"), "Download it again"),
        (("update", "--in", "WORK", "--from", "PIPE"), "There is no"),
        (("update", "--in", "WORK", "--from", "AROUND"), "holds no lessons"),
        (("progress", "--in", LONG), "longer than this disk allows"),
        (("progress", "--in", "FILE"), "There is no lesson in"),
        (("release", "learner", "--to", f"{LONG}.zip"), "longer than this disk allows"),
        (("release", "learner", "--to", "FILE/new"), "is a file, and a folder should be there"),
        (("release", "learner", "--to", "/proc/edition.whl"), "/proc"),
        (("release", "instructor", "--to", "/proc/edition.whl"), "/proc"),
        (("release", "instructor", "--to", "FILE/new.whl"), "is a file, and a folder should be there"),
    ],
    ids=lambda value: " ".join(value)[:60].replace("/", "|") if isinstance(value, tuple) else "",
)
def test_place_that_cannot_be_used_is_one_sentence(work, tmp_path, command, words):
    (tmp_path / "file").write_text("text")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "another").mkdir()  # `around` holds several folders, of which one has lessons
    places = {"FILE": tmp_path / "file", "PIPE": tmp_path / "pipe", "WORK": work, "AROUND": tmp_path}
    parts = [word.partition("/") for word in map(str, command)]
    said = said_by(*[f"{places.get(first, first)}{slash}{rest}" for first, slash, rest in parts])
    assert words in said and len(said.strip().splitlines()) == 1, said


def in_small_disk(script: str, **words: object) -> str:
    """What a shell script says in a mount namespace of its own, with a disk of 1 MB at $DISK."""
    root = ["unshare", "--mount", "--map-root-user"] if os.geteuid() else ["unshare", "--mount"]
    command = [*root, "sh", "-c", f"exec 2>&1; mkdir $DISK && mount -t tmpfs -o size=1m tmpfs $DISK && {script}"]
    environment = os.environ | {key: str(value) for key, value in words.items()} | {"COLUMNS": "1000"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, env=environment)
    assert not RAW.search(done.stdout), done.stdout
    return done.stdout


GRADLAB = f"{sys.executable} -m autograder.cli"


def test_full_disk_and_one_that_takes_nothing_are_a_sentence_with_the_file(work, lessons, tmp_path):
    """After it is writable and has room again, the same command does all."""
    newer = edition(tmp_path / "newer", lessons)
    said = in_small_disk(
        "cp -r $WORK $DISK/work && cat /dev/zero > $DISK/full 2> $DISK/../aside; "
        f"{GRADLAB} update --in $DISK/work --from $NEWER; echo first $?; {GRADLAB} lab --in $DISK/new; echo second $?; "
        f"rm $DISK/full; mount -o remount,ro $DISK; {GRADLAB} update --in $DISK/work --from $NEWER; echo third $?; "
        f"{GRADLAB} lab --in $DISK/work/new/place; echo fourth $?; mount -o remount,rw $DISK; "
        f"{GRADLAB} update --in $DISK/work --from $NEWER; echo fifth $?",
        DISK=tmp_path / "disk",
        WORK=work,
        NEWER=newer,
    )
    steps = re.split(r"(first|second|third|fourth|fifth) (\d)\n", said)
    assert steps[2::3] == ["1", "1", "1", "1", "0"], said
    for lines in (steps[0], steps[3]):
        assert "The disk is full" in lines and f"{tmp_path}/disk/" in lines
    assert said.count("You have no right to use") == 2 and f"{tmp_path}/disk/work" in said


@pytest.mark.parametrize("number", errno.errorcode, ids=errno.errorcode.get)
def test_every_error_of_the_system_about_a_file_says_what_happened_and_what_to_do(number):
    sentence = sentence_of(OSError(number, os.strerror(number), "/work/lesson.ipynb"))
    assert sentence and "/work/lesson.ipynb" in sentence and ". " in sentence and not RAW.search(sentence)


def test_file_that_is_written_aside_is_not_named(tmp_path):
    (tmp_path / ("x" * 250)).mkdir()
    with pytest.raises(OSError) as error:
        write_whole(tmp_path / ("x" * 256), b"")
    assert str(error.value.filename).endswith("x" * 256)


def test_edition_is_not_looked_for_in_other_folders(work, tmp_path):
    (tmp_path / "another").mkdir()
    with pytest.raises(EditionError, match="holds no lessons"):
        read_edition(tmp_path)
    assert read_edition(work).lessons, "a folder with lessons"
    shutil.rmtree(tmp_path / "another")
    assert read_edition(tmp_path).lessons, "the only folder within one, as zip files are unpacked"


def test_edition_that_is_not_whole_is_said_and_the_rest_is_brought_in(work, lessons, tmp_path):
    newer = edition(tmp_path / "newer", lessons)
    shutil.copy(ROOT / "lessons" / "start.ipynb", newer / "lessons")
    said = said_by("update", "--in", work, "--from", newer)
    missing = [f"{folder}/{name}.ipynb" for folder, name in LESSONS.items() if folder >= "02"]
    assert "is not whole" in said and all(name in said for name in missing) and NAME in said


def test_time_of_an_edition_is_said_where_it_matters(work, lessons, tmp_path):
    first, second, third = (
        edition(tmp_path / name, lessons, released=f"2099030{day}.120000.000000", sentence=f"Words of day {day}.")
        for day, name in enumerate(("first", "second", "third"), 1)
    )
    said = said_by("update", "--in", work, "--from", second, code=0)
    assert f"pip install --upgrade {second}" in said and "older" not in said
    assert "older" not in said_by("update", "--in", work, "--from", second, code=0)
    assert "older" not in said_by("update", "--in", work, "--from", third, code=0)
    assert f"{first} is older" in said_by("update", "--in", work, "--from", first, code=0)
    assert "Words of day 1." in (work / "lessons" / NAME).read_text(encoding="utf-8")
    unmarked = edition(tmp_path / "clone", lessons)
    said = said_by("update", "--in", work, "--from", unmarked, code=0)
    assert "older" not in said and "pip" not in said


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("state", State.__args__)
def test_progress_of_every_lesson_fits_80_columns_without_an_ellipsis(lesson, state):
    (found,) = overview(ROOT / "lessons", [lesson])
    sentence = "A sentence that is long enough to need more than one line of any terminal, and says what is wrong"
    rows = [type(row)(row.exercise, row.points, state, sentence) for row in found.rows]
    console = Console(width=WIDE, record=True, file=io.StringIO())
    console.print(headline(found))
    console.print(table(rows))
    shown = console.export_text()
    assert "…" not in shown and max(map(len, shown.splitlines())) <= WIDE
    for row in rows:
        (line,) = [line for line in shown.splitlines() if re.match(rf"\s*{re.escape(row.exercise)}\s", line)]
        assert state in line and f" {row.points:g} " in line
    assert "points" in shown and found.outline.title.partition(":")[0] in shown


def test_what_an_update_did_is_readable_in_80_columns(tmp_path):
    everything = installed()
    lay_copies(tmp_path / "work", everything)
    newer = edition(tmp_path / "newer", everything)
    said = said_by("update", "--in", tmp_path / "work", "--from", newer, code=0)
    assert "…" not in said and all(f"lessons/{name}" in said for name in everything)
    most = SimpleNamespace(answers=range(99), own=99, renewed=99, added=99, removed=99)
    assert len(f"  {counted(most)}") <= WIDE + 4
