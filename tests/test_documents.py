"""What README and guides say is true: commands exist and run, links lead somewhere, rooms are there."""

import re
import shlex
import subprocess
from pathlib import Path
from zipfile import ZipFile

import nbformat
import pytest

from autograder.notebooks.places import ROOT, source_path, written_lessons
from autograder.release.source import read_source
from tests.autograder.desk.hand_ins import filled, hand_in, solved
from tests.warm.client import run_gradlab

DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "ERRATA.md",
    *sorted((ROOT / "assets" / "guides").glob("*.md")),
]
FENCE = re.compile(r"^( *)```sh\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#]+)(?:#[^)]*)?\)")
# Run elsewhere: `make` and `gradlab build` by CI itself, JupyterLab by the browser tests, the site by its own tests, what
# writes into the repository in a copy of it (test_new.py), copies and editions in tests/autograder/work and editions,
# nbgrader's exchange and the set-up of a JupyterHub in tests/autograder/hub; conda and podman are not on CI, and what a
# container would run is run by tests/autograder/editions/test_container.py; the commands of one's own lessons by
# test_own_lessons.py beside it; a bank is judged in test_own_lessons.py and test_new.py, and under the arithmetic of other
# processors in tests/kernels.
ELSEWHERE = (
    "make lab",
    "make test",
    "gradlab build",
    "gradlab lab",
    "gradlab site",
    "gradlab update",
    "gradlab release",
    "gradlab teach",
    "python3 -m venv",
    ".venv/bin/",
    "cd course && nbgrader",
    "/srv/gradlab/bin/",
    "install --directory",
    "gradlab new",
    "gradlab bank",
    "MKL_CBWR=COMPATIBLE gradlab bank",
    "conda ",
    "podman ",
    "pip install",
    "sudo apt-get",
)


def commands() -> list[str]:
    found = []
    for document in DOCUMENTS:
        for _, block in FENCE.findall(document.read_text(encoding="utf-8")):
            found += [line.split(" #")[0].strip() for line in block.splitlines() if line.strip()]
    return list(dict.fromkeys(found))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Where an instructor stands who follows the guide: a hand-in of lesson 1 in ./course, marked, another in a zip."""
    folder = tmp_path_factory.mktemp("instructor")
    hand_in(folder / "course", "ada", "01-soft-thresholding", solved("01-soft-thresholding"))
    with ZipFile(folder / "submissions.zip", "w") as packed:
        notebook = nbformat.writes(filled("01-soft-thresholding", {}))
        packed.writestr("booleg_31415_92653_soft_thresholding-1.ipynb", notebook)
    run("gradlab grade 01-soft-thresholding --course course", folder)
    return folder


def run(command: str, folder: Path) -> None:
    program, *arguments = shlex.split(command)
    assert program == "gradlab", (
        f"no test runs {command!r}; add it to ELSEWHERE with the reason, or make it a gradlab command"
    )
    done = run_gradlab(arguments, folder=folder)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("command", [c for c in commands() if not c.startswith(ELSEWHERE)])
def test_command_of_a_document_runs(course, command):
    run(command, course)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_inside_the_repository_lead_somewhere(document):
    for target in LINK.findall(document.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        places = [
            document.parent / target,
            ROOT / "assets" / target.removeprefix("../").replace("pictures/", ""),
            ROOT / "assets" / "guides" / target.removeprefix("../").replace("pictures/", ""),
            ROOT / "assets" / "guides" / Path(target).name,
        ]
        assert any(place.exists() for place in places), f"{document.name}: {target} leads nowhere"


def test_times_of_the_readme_are_those_of_the_lessons():
    told = dict(re.findall(r"^\| `(\d\d-[\w-]+)` \|.*\| (\d+) min \|$", (ROOT / "README.md").read_text(), re.MULTILINE))
    asked = {}
    for lesson in written_lessons():
        (line,) = re.findall(
            r"^\*\*(.*) · \d+ points\*\*$", read_source(source_path(lesson)).cells[0].source, re.MULTILINE
        )
        minutes = int(re.search(r"\d+(?= minutes)", line)[0])
        asked[lesson] = str(2 * minutes if line.startswith("Two sittings") else minutes)
    assert told == asked


def test_rooms_of_the_readme_are_the_folders_of_the_repository():
    named = set(re.findall(r"^\| `(\w+)/` \|", (ROOT / "README.md").read_text(), re.MULTILINE))
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert named == {path.split("/")[0] for path in tracked if "/" in path and not path.startswith(".")}
