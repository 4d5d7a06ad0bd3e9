"""A hand-in sees the system's programs and libraries, and nothing else that lies beside them.

What lies beside them lies there in a view of this machine's files only: nothing is written into its own /usr.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.notebooks.places import ROOT
from autograder.sandbox.view import shown_around
from tests.hostile.attack import LESSON, RIGHT, Attack, put
from tests.hostile.test_same_marks import SETTINGS

UNSEEN = [
    *("/usr/course", "/usr/src/course", "/usr/local/course", "/usr/local/src/course", "/usr/local/etc/jupyter"),
    *("/usr/local/share/nbgrader/exchange", "/usr/share/nbgrader/exchange"),
]
SHOWN = ["/usr/share/course", "/usr/local/share/a/course"]
LOOK = """
import asyncio, sys
from autograder.sandbox.trial import try_inside
look = f"import os; print('looked', *[path for path in {sys.argv[1:]} if os.path.lexists(path)])"
print(asyncio.run(try_inside(look)).text)
"""
START = "from autograder.sandbox.zygote import Zygote; Zygote()"
REBUILT = ["/usr", "/usr/local", "/usr/share", "/usr/local/share"]


def with_folders(folders: dict[str, Path], *command: str, cwd: Path) -> subprocess.CompletedProcess:
    """Run a command where these folders lie at those places of /usr."""
    view = ["--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--bind", "/proc", "/proc"]
    for folder in filter(os.path.isdir, REBUILT):
        view += ["--tmpfs", folder]
        for entry in os.scandir(folder):
            if entry.is_symlink():
                view += ["--symlink", os.readlink(entry.path), entry.path]
            elif entry.path not in (*REBUILT, "/usr/src", "/usr/local/src", "/usr/local/etc"):
                view += ["--ro-bind", entry.path, entry.path]
    for place, folder in folders.items():
        view += ["--bind", str(folder), place]
    return subprocess.run(
        ["bwrap", *view, "--chdir", str(cwd), *command], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("place", UNSEEN)
def test_what_is_no_program_and_no_library_is_shown_to_nobody(place):
    assert shown_around(Path(place)) is None or "nbgrader" in place


@pytest.mark.parametrize("place", SHOWN)
def test_what_lies_among_libraries_is_known_to_be_shown(place):
    assert shown_around(Path(place)) == Path(place.partition("/share")[0], "share")


def test_a_hand_in_sees_nothing_that_lies_beside_the_system(tmp_path):
    (tmp_path / "gradebook.db").touch()
    done = with_folders(dict.fromkeys(UNSEEN, tmp_path), sys.executable, "-c", LOOK, *UNSEEN, cwd=ROOT)
    assert done.stdout.split() == ["looked"], done.stderr


def test_solutions_among_the_systems_files_start_no_sandbox():
    place = "/usr/share/gradlab"
    paths = f"PYTHONPATH={place}:{place}/lessons"
    done = with_folders({place: ROOT}, "env", paths, sys.executable, "-c", START, cwd=Path(place))
    assert done.returncode == 1 and f"{place} lies in /usr/share" in done.stderr.splitlines()[-1]


def test_a_course_among_the_systems_files_is_marked_by_nobody(tmp_path):
    put(tmp_path, "ada", Attack(answer=RIGHT))
    (tmp_path / "nbgrader_config.py").write_text(SETTINGS)
    place = Path("/usr/share/course")
    by_gradlab = ("autograder.cli", "grade", LESSON, "--course", ".")
    by_nbgrader = ("nbgrader", "autograde", LESSON, "--force")
    elsewhere = subprocess.run([sys.executable, "-m", *by_gradlab], cwd=tmp_path, capture_output=True, timeout=120)
    assert elsewhere.returncode == 0
    for command in ((*by_gradlab, "--force"), by_nbgrader):
        done = with_folders({str(place): tmp_path}, sys.executable, "-m", *command, cwd=place)
        said = " ".join((done.stdout + done.stderr).split())
        assert done.returncode == 1 and f"{place} lies in /usr/share" in said, said
