"""`gradlab new` in a copy of the repository: what it writes builds, judges, grades, reports, and stands on the site."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.notebooks.places import ROOT
from autograder.release.new import new_exercise, new_lesson
from autograder.release.own_home import NewError

LESSON, PACKAGE = "77-a-new-lesson", "a_new_lesson"
EXERCISES = (f"{PACKAGE}_example", "another_one")


class Copy:
    """A copy of the repository with a new lesson and a further exercise in it, made by `gradlab new` alone."""

    def __init__(self, folder: Path):
        self.root = folder / "repository"
        tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for name in filter(None, tracked.split("\0")):
            if (ROOT / name).is_file():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, self.root / name)
        self.before = self.files()
        self.gradlab("new", "lesson", LESSON)
        self.gradlab("new", "exercise", "77", "another_one")
        self.gradlab("build", LESSON)

    def files(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in self.root.rglob("*") if path.is_file() and path.suffix != ".pyc"}

    def run(self, *command: str, code: int = 0) -> str:
        paths = {"PYTHONPATH": f"{self.root}:{self.root / 'lessons'}", "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.root,
            env=os.environ | paths,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stderr if code else done.stdout

    def gradlab(self, *arguments: str, code: int = 0) -> str:
        return self.run("-m", "autograder.cli", *arguments, code=code)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return Copy(tmp_path_factory.mktemp("new"))


def test_no_file_that_was_there_is_changed(copy):
    assert {path: data for path, data in copy.files().items() if path in copy.before} == copy.before


def test_an_exercise_is_three_files_and_a_cell(copy):
    added = {path.relative_to(copy.root).as_posix() for path in copy.files() if "another_one" in path.name}
    home = f"lessons/gradlab/lessons/{PACKAGE}/exercises"
    assert added == {
        f"{home}/another_one.py",
        f"{home}/another_one.mistakes.py",
        f"tests/answers/{PACKAGE}/another_one.py",
    }


def test_every_lesson_builds_and_keeps_the_rules(copy):
    assert "lessons are up to date" in copy.gradlab("build", "--check")


def test_bank_is_judged_as_it_says_under_several_seeds(copy):
    assert ": 0 disagree" in copy.gradlab("bank", LESSON, "--seeds", "3")


def test_untouched_and_solved_lesson_run_to_their_ends_with_its_explorer(copy):
    program = (
        "import sys, nbformat; from nbclient import NotebookClient; from pathlib import Path\n"
        "from autograder.notebooks.places import lesson_path, source_path\n"
        "from autograder.release.source import read_source\n"
        f"lesson = '{LESSON}'\n"
        "for notebook in (nbformat.read(lesson_path(lesson), as_version=4), read_source(source_path(lesson))):\n"
        "    done = NotebookClient(notebook, timeout=120, kernel_name='python3').execute()\n"
        "    data = [o.data for c in done.cells for o in c.get('outputs', []) if 'data' in o]\n"
        "    print([v['outcome'] for d in data for k, v in d.items() if k.endswith('verdict+json')])\n"
        "    print(any('slider' in d.get('text/html', '') for d in data))\n"
    )
    said = copy.run("-c", program).split("\n")
    assert said[:4] == ["['not attempted', 'not attempted']", "True", "['right', 'right']", "True"]


def test_hand_ins_are_graded_and_reported(copy, tmp_path):
    course = tmp_path / "course"
    right, wrong = "return 2 * x", "return x * x"
    for student, answer in (("ada", right), ("eve", wrong)):
        notebook = json.loads((copy.root / "lessons" / LESSON / f"{PACKAGE}.ipynb").read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") in EXERCISES:
                cell["source"] = "".join(cell["source"]).rpartition("    raise")[0] + f"    {answer}"
        path = course / "submitted" / student / LESSON / f"{PACKAGE}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
    copy.gradlab("grade", LESSON, "--course", str(course), "--json", str(tmp_path / "marks.json"))
    table = copy.gradlab("export", LESSON, "--course", str(course), "--format", "csv")
    rows = {line.split(",")[0]: line for line in table.replace("\ufeff", "").splitlines()}
    assert "squared" in (tmp_path / "marks.json").read_text() and "ada" in rows and "eve" in rows
    copy.gradlab("report", LESSON, "--course", str(course))
    page = next((course / "reports").rglob("*.html")).read_text(encoding="utf-8")
    assert all(name in page for name in EXERCISES) and "squared" in page


@pytest.mark.parametrize(
    "folder", ["my-lesson", "7-my-lesson", "77-My-Lesson", "77", "01-other", "88-soft-thresholding"]
)
def test_name_that_no_lesson_can_have_is_said(folder, tmp_path):
    with pytest.raises(NewError):
        new_lesson(folder, tmp_path)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["2x", "my function", "gradient"])
def test_name_that_no_exercise_can_have_is_said(name):
    with pytest.raises(NewError):
        new_exercise("00-start-here", name)


def test_nothing_is_overwritten(tmp_path):
    new_lesson(LESSON, tmp_path)
    with pytest.raises(NewError, match="exists already"):
        new_lesson(LESSON, tmp_path)


def test_the_record_of_an_explorer_is_made_anew_when_its_code_changes_and_goes_with_it(copy):
    folder = copy.root / "lessons" / "gradlab" / "lessons" / PACKAGE / "explorers"
    (before,) = (folder / "records").iterdir()
    explorer = folder / f"{before.name.rpartition('-')[0]}.py"
    text = explorer.read_text(encoding="utf-8")
    try:
        explorer.write_text(text + "\n# a change\n", encoding="utf-8")
        assert "has no record" in copy.gradlab("build", "--check", LESSON, code=1)
        copy.gradlab("build", LESSON)
        (after,) = (folder / "records").iterdir()
        assert after.name != before.name
        explorer.write_text(text + "\nraise RuntimeError('a fault')\n", encoding="utf-8")
        assert "RuntimeError: a fault" in copy.gradlab("build", LESSON, code=1)
    finally:
        explorer.write_text(text, encoding="utf-8")
        copy.gradlab("build", LESSON)
    assert [path.name for path in (folder / "records").iterdir()] == [before.name]
