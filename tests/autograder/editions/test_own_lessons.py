"""Lessons of one's own in a folder outside the clone: made by `gradlab new`, installed, then built, checked, graded, reported, put
on a site and into an edition like the course's; the clone's files stay as they are, and a hand-in sees no answer."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder.notebooks.cells import grade_id
from autograder.notebooks.places import ROOT
from autograder.release.new import new_lesson
from autograder.release.own_home import NewError
from gradlab.course import LESSONS
from tests.autograder.editions.conftest import Environment

LESSON, NAME = "70-my-lesson", "my_lesson"
EXAMPLE = f"{NAME}_example"
GUIDE = (ROOT / "assets" / "guides" / "author.md").read_text(encoding="utf-8").partition("\n## 7. ")[2]
COMMANDS = re.search(r"```sh\n(.*?)```", GUIDE, re.DOTALL)[1].splitlines()
HEADING = "\n# %% [markdown]\n# ### Exercise — Quick\n#\n# ●○○ · 2 minutes · 1 point\n#\n# Write `quick(n)`.\n\n"
QUICK = HEADING + re.search(r"```python\n(.*?)```", GUIDE, re.DOTALL)[1]
LOOK = """
import os
from pathlib import Path
import gradlab.lessons.my_lesson as mine
package = Path(mine.__file__).parents[2]
print("SEEN", sorted(os.listdir(package.parents[1])), sorted(os.listdir(package.parent)))
print("JUDGES", [name for name in ("worked", "lessons/my_lesson/exercises") if any((package / name).glob("*"))])
"""
RUN = """
import sys, nbformat
from nbclient import NotebookClient
from autograder.notebooks.places import lesson_path, source_path
from autograder.release.source import read_source
lesson = sys.argv[1]
for notebook in (nbformat.read(lesson_path(lesson), as_version=4), read_source(source_path(lesson))):
    done = NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    data = [output.data for cell in done.cells for output in cell.get("outputs", []) if "data" in output]
    said = [value["outcome"] for each in data for kind, value in each.items() if kind.endswith("verdict+json")]
    print("SAID", said, any("slider" in each.get("text/html", "") for each in data))
"""
SITE = """
import sys
from pathlib import Path
from autograder.pages.lesson_page import executed
from autograder.pages.site import write_site
lesson, folder = sys.argv[1], Path(sys.argv[2])
print(write_site({lesson: executed(lesson, folder)}, folder / "site"))
"""


def with_this_clone(folder: Path) -> Environment:
    """A fresh environment in which gradlab is this clone."""
    environment = Environment(folder)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "clone.pth").write_text(f"{ROOT}\n{ROOT / 'lessons'}\n")
    program = environment.bin / "gradlab"
    main = 'from autograder.cli import app\n\nif __name__ == "__main__":\n    app()\n'  # as pip writes it
    program.write_text(f"#!{environment.bin / 'python'}\n{main}")
    program.chmod(0o755)
    environment.environment |= {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0"}
    return environment


class Own:
    """A folder of lessons, made by the commands of the author guide in an environment that has gradlab from this clone."""

    def __init__(self, folder: Path):
        self.home, self.course = folder / "my-lessons", folder / "course"
        self.environment = with_this_clone(folder / "venv")
        (folder / "elsewhere").mkdir()
        self.home.symlink_to("elsewhere")  # a folder that is reached by a link is one, too
        for command in COMMANDS:
            self.environment.run(*command.split(), cwd=folder)
        self.gradlab("new", "exercise", "70", "further")
        with self.source.open("a", encoding="utf-8") as file:
            file.write(QUICK)
        self.built = self.gradlab("build", "70")

    @property
    def source(self) -> Path:
        return self.home / "solutions" / LESSON / f"{NAME}.py"

    @property
    def notebook(self) -> Path:
        return self.home / "lessons" / LESSON / f"{NAME}.ipynb"

    def gradlab(self, *arguments: object, ok: bool = True) -> str:
        return self.environment.run("gradlab", *arguments, ok=ok)

    def hand_in(self, student: str, bodies: dict[str, str], cell: str = "") -> None:
        """Put a hand-in with these bodies of functions into the course, and with a cell of the student's own."""
        notebook = nbformat.read(self.notebook, as_version=4)
        for each in notebook.cells:
            if grade_id(each) in bodies:
                each.source = each.source.rpartition("    raise")[0] + f"    {bodies[grade_id(each)]}"
        if cell:
            notebook.cells.append(nbformat.v4.new_code_cell(cell))
        path = self.course / "submitted" / student / LESSON / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)


def files_of_the_clone() -> dict[Path, bytes]:
    listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True)
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return {path: path.read_bytes() for path in paths if path.is_file()}


@pytest.fixture(scope="module")
def before() -> dict[Path, bytes]:
    return files_of_the_clone()


@pytest.fixture(scope="module")
def own(before, tmp_path_factory) -> Own:
    return Own(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def marked(own) -> dict[str, dict]:
    """Three hand-ins graded: all right, two wrong, one forged and with a look around."""
    right = {EXAMPLE: "return 2 * x", "further": "return x + x", "quick": "return n + 1"}
    own.hand_in("ada", right)
    own.hand_in("bob", right | {EXAMPLE: "return x * x", "quick": "return n * n - 2 * n + 1"})
    own.hand_in("eve", {"further": "return 3 * x - x"}, LOOK)
    own.gradlab("grade", "70", "--course", own.course, "--json", own.course / "marks.json", "--jobs", "2")
    marks = json.loads((own.course / "marks.json").read_text(encoding="utf-8"))
    return {mark["student"]: mark for mark in marks}


def test_everything_of_a_lesson_lies_in_its_folder_and_the_clone_stays(own, before):
    assert files_of_the_clone() == before
    package = own.home / "lessons" / "my_lessons"
    made = ("worked/70-my-lesson.b64", "outlines/70-my-lesson.json", f"lessons/{NAME}/exercises/further.mistakes.py")
    assert all((package / name).exists() for name in made)
    assert own.notebook.exists() and (own.home / "tests" / "answers" / NAME / "further.py").exists()


def test_it_builds_keeps_the_rules_and_says_which_test_is_unprotected(own):
    assert "test-quick is a test of plain asserts" in own.built
    assert "1 lessons are up to date" in own.gradlab("build", "--check", "70")
    assert "HIDDEN" not in own.notebook.read_text(encoding="utf-8")


def test_bank_is_judged_as_it_says(own):
    said = own.gradlab("bank", "70", "--seeds", "2")
    assert "20 answers and 6 mistakes" in said and ": 0 disagree" in said


def test_checks_and_explorer_work_in_a_notebook(own):
    printed = own.environment.run("python", "-c", RUN, LESSON)
    said = re.findall("^SAID (.*)$", printed, re.MULTILINE)
    assert said == ["['not attempted', 'not attempted'] True", "['right', 'right'] True"]


def test_learner_finds_it_among_the_course_s_lessons(own, tmp_path):
    work = tmp_path / "work"
    own.gradlab("lab", "--in", work, "--version")
    assert (work / "lessons" / LESSON / f"{NAME}.ipynb").exists()
    start = (work / "lessons" / "start.ipynb").read_text(encoding="utf-8")
    assert f"**70** · [My lesson]({LESSON}/{NAME}.ipynb)" in start and "00-start-here" in start
    assert re.search(r"further\s.*not", own.gradlab("progress", "70", "--in", work))


def test_hand_ins_are_marked_by_its_exams_its_mistakes_and_its_asserts(own, marked):
    assert {student: mark["score"] for student, mark in marked.items()} == {"ada": 3, "bob": 1, "eve": 1}
    said = json.dumps(marked["bob"])
    assert "squared" in said and "after -1 comes 0" in said
    assert "This is x²" in own.gradlab("why", "bob", EXAMPLE, "--course", own.course)


def test_hand_in_sees_of_the_folder_its_package_alone_and_nothing_that_judges(own, marked):
    page = own.course / "autograded" / "eve" / LESSON / f"{NAME}.ipynb"
    seen = "".join(output.get("text", "") for output in nbformat.read(page, as_version=4).cells[-1].outputs)
    assert "SEEN ['lessons'] ['my_lessons']" in seen and "JUDGES []" in seen


def test_report_and_feedback_are_those_of_any_lesson(own, marked):
    own.gradlab("feedback", "70", "--course", own.course)
    page = (own.course / "feedback" / "bob" / LESSON / f"{NAME}.html").read_text(encoding="utf-8")
    assert "This is x²" in page and "after -1 comes 0" in page and "data-packed" in page
    own.gradlab("report", "70", "--course", own.course)
    report = next((own.course / "reports").rglob("*.html")).read_text(encoding="utf-8")
    assert all(name in report for name in (EXAMPLE, "further", "quick")) and "squared" in report


def test_a_hand_in_from_a_platform_is_collected(own, tmp_path):
    (tmp_path / "downloads" / "gus").mkdir(parents=True)
    shutil.copy(own.notebook, tmp_path / "downloads" / "gus" / "renamed.ipynb")
    said = own.gradlab("collect", "70", tmp_path / "downloads", "--course", tmp_path / "course")
    assert "1 collected" in said and (tmp_path / "course" / "submitted" / "gus" / LESSON / f"{NAME}.ipynb").exists()


def test_it_has_a_page_of_the_site(own, tmp_path):
    own.environment.run("python", "-c", SITE, LESSON, tmp_path)
    page = (tmp_path / "site" / "lessons" / f"{LESSON}.html").read_text(encoding="utf-8")
    assert "One way to write it" in page and "gradlab-explorer-range" in page
    assert f"lessons/{LESSON}.html" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def test_learners_edition_has_it_without_its_answers(own, tmp_path):
    own.gradlab("release", "learner", "--to", tmp_path / "edition.whl", "--lessons", "70")
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        text = "\n".join(packed.read(name).decode(errors="replace") for name in names)
    assert f"gradlab/edition/lessons/{LESSON}/{NAME}.ipynb" in names and "gradlab/recorded/further.json" in names
    assert not [name for name in names if ".mistakes." in name or "worked" in name.split("/") or "solutions" in name]
    assert "return x + x" not in text and "return n + 1" not in text and "after -1 comes 0" not in text
    learner = Environment(tmp_path / "venv")
    learner.install(wheel)
    checked = "from gradlab.exercises.check import verdict_on as v; print(v('further', {'further': lambda x: x * x}))"
    assert "squared" in learner.run("python", "-c", checked)


def test_colleague_installs_it_as_a_wheel_and_may_not_build_it(own, tmp_path):
    colleague = with_this_clone(tmp_path / "venv")
    copy = shutil.copytree(own.home, tmp_path / "my-lessons")
    colleague.run("pip", "install", copy)
    shutil.rmtree(copy)
    assert "installed edition" in colleague.run("gradlab", "build", "70", ok=False)
    path = tmp_path / "course" / "submitted" / "ada" / LESSON / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    notebook = nbformat.read(own.notebook, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(LOOK))
    nbformat.write(notebook, path)
    assert "1 marked" in colleague.run("gradlab", "grade", "70", "--course", tmp_path / "course")
    marked = nbformat.read(tmp_path / "course" / "autograded" / "ada" / LESSON / f"{NAME}.ipynb", as_version=4)
    assert "JUDGES []" in marked.cells[-1].outputs[0].text


BROKEN = {
    "no package": ({}, "There is no package brought"),
    "no Python": ({"lessons/mine/__init__.py": "def"}, "cannot be imported (SyntaxError"),
    "no folder": ({"lessons/mine/__init__.py": ""}, "Mend its __init__.py"),
    "folder that is none": ({"lessons/mine/__init__.py": "FOLDER = 7"}, "is not like '07-my-lesson'"),
    "folder without a number": ({"lessons/mine/__init__.py": "FOLDER = 'mine'"}, "is not like '07-my-lesson'"),
    "raises": ({"lessons/mine/__init__.py": "1 / 0"}, "ZeroDivisionError"),
    "folder taken": ({"lessons/mine/__init__.py": "FOLDER = '01-soft-thresholding'"}, "already. Choose another"),
    "name taken": ({"lessons/lasso_path/__init__.py": "FOLDER = '80-mine'"}, "already. Choose another"),
    "nothing": ({"__init__.py": ""}, ""),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_lessons_that_cannot_be_used_are_left_out_with_a_sentence_and_the_course_goes_on(broken, tmp_path):
    files, sentence = BROKEN[broken]
    files |= {
        "../brought-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: brought\nVersion: 1\n",
        "../brought-1.dist-info/entry_points.txt": "[gradlab.lessons]\nbrought = brought\n",
    }
    for name, text in files.items():
        path = tmp_path / "brought" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    if broken == "no package":
        (tmp_path / "brought").mkdir(exist_ok=True)
        (tmp_path / "brought").rmdir()
    program = "from gradlab.course import LESSONS; print('|'.join(f'{a}/{b}' for a, b in LESSONS.items()))"
    paths = os.pathsep.join(map(str, (tmp_path, ROOT, ROOT / "lessons")))
    done = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "|".join(f"{folder}/{name}" for folder, name in LESSONS.items())
    assert sentence in done.stderr and bool(sentence) == bool(done.stderr.strip())


def test_names_that_another_lesson_has_are_said_by_the_build(own):
    before = own.source.read_text(encoding="utf-8")
    try:
        own.source.write_text(
            before.replace("quick", "soft_abs").replace("test-soft_abs", "test-soft-abs"), encoding="utf-8"
        )
        assert "soft_abs: is a name of 01-soft-thresholding too" in own.gradlab("build", "70", ok=False)
    finally:
        own.source.write_text(before, encoding="utf-8")


@pytest.mark.parametrize(
    "name, project, sentence",
    [
        ("123", None, "with a letter first"),
        ("torch", None, "There is a Python package torch already"),
        ("gradlab", None, "There is a Python package gradlab already"),
        ("mine", "[project]\nname = 'other'\n", "without lessons"),
        ("mine", "[project.entry-points.'gradlab.lessons']\nmine = 'elsewhere'\n", "without lessons"),
        ("mine", "project = 1\n", "without lessons"),
        ("mine", "[project.entry-points.'gradlab.lessons']\nmine = 1\n", "without lessons"),
        ("mine", "[project", "cannot be read"),
    ],
)
def test_folder_that_cannot_hold_lessons_is_said_and_nothing_is_written(name, project, sentence, tmp_path):
    home = tmp_path / name
    home.mkdir()
    if project:
        (home / "pyproject.toml").write_text(project)
    with pytest.raises(NewError, match=sentence):
        new_lesson(LESSON, home)
    assert [path.name for path in home.iterdir()] == ["pyproject.toml"] * bool(project)
