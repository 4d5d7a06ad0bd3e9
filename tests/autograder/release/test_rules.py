"""`gradlab build`: the same bytes every time, and each rule fails on a source that breaks it."""

import subprocess
import sys

import nbformat
import pytest

from autograder.release.build import ROOT, build, build_lesson, lesson_path, source_path, stale, written_lessons

LESSON = "00-start-here"
GOOD = '''\
# %% [markdown]
# # A lesson

# %%
import torch
from gradlab.checks import check

# %% grade_id="gradient"
def gradient(f, x):
    """The gradient."""
    ### BEGIN SOLUTION
    point = x.detach().clone().requires_grad_(True)
    return torch.autograd.grad(f(point), point)[0]
    ### END SOLUTION

# %% grade_id="test-gradient" points=2
### BEGIN HIDDEN TESTS
from gradlab.probe.examine import examine
examine("gradient")
### END HIDDEN TESTS
check("gradient")

# %% tags=["solution"]
print("for authors only")
'''


@pytest.fixture
def course(tmp_path):
    def write(text):
        path = source_path(LESSON, tmp_path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def problems(course, text):
    return build_lesson(LESSON, course(text)).problems


def test_good_source_has_no_problems_and_its_lesson_no_answer(course):
    root = course(GOOD)
    assert build([LESSON], root)[0].problems == []
    text = lesson_path(LESSON, root).read_text()
    assert "raise NotImplementedError" in text
    for secret in ("requires_grad_", "SOLUTION", "HIDDEN", "examine", "for authors only"):
        assert secret not in text


def test_lesson_folder_holds_only_the_notebook(course):
    root = course(GOOD)
    build([LESSON], root)
    assert [path.name for path in lesson_path(LESSON, root).parent.iterdir()] == ["start_here.ipynb"]


def test_two_builds_are_the_same_to_the_byte(course):
    root = course(GOOD)
    first, second = build_lesson(LESSON, root), build_lesson(LESSON, root)
    assert first.files == second.files and len(first.files) == 2


def test_cell_ids_are_stable_when_another_cell_is_added(course):
    def ids(text):
        root = course(text)
        build([LESSON], root)
        return {cell.source: cell.id for cell in nbformat.read(lesson_path(LESSON, root), as_version=4).cells}

    before, after = ids(GOOD), ids("# %% [markdown]\n# Something new\n" + GOOD)
    assert all(after[source] == cell_id for source, cell_id in before.items())


@pytest.mark.parametrize(
    ("old", "new", "cell", "what"),
    [
        ('grade_id="test-gradient"', 'grade_id="test-slope"', "gradient", "has no test cell"),
        (" points=2", "", "cell 4", "needs points"),
        ('grade_id="gradient"', 'grade_id="gradient" points=1', "cell 3", "belong to its test cell"),
        ("    ### BEGIN SOLUTION\n", "", "cell 3", "has no ### BEGIN SOLUTION"),
        ("    ### END SOLUTION\n", "", "00-start-here", "nbgrader refuses"),
        ('check("gradient")', 'check("slope")', "test-gradient", 'must call check("gradient")'),
        ('examine("gradient")', "pass", "test-gradient", 'must call examine("gradient")'),
        ("### BEGIN HIDDEN TESTS\n", "", "test-gradient", "HIDDEN TESTS"),
        (
            "import torch\n",
            "import torch\ndef f(f, point):\n    return torch.autograd.grad(f(point), point)[0]\n",
            "cell 2",
            "shows a line of the answer",
        ),
        ("import torch\n", "from gradlab.explore.figures import show\nshow(1)\n", "cell 2", "without alt="),
        ("import torch\n", "from gradlab.explore.figures import show\nshow(1, alt='')\n", "cell 2", "without alt="),
        ("import torch\n", "from gradlab.explore import explore\nexplore(1, 2)\n", "cell 2", "without alt="),
        ("import torch\n", "import matplotlib.pyplot as plt\nplt.plot([1])\n", "cell 2", "does not show"),
        ("import torch\n", "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\n", "cell 2", "plt.show()"),
        ("# # A lesson", "# ![](picture.png)", "cell 1", "without alt text"),
        ("# # A lesson", '# <img src="picture.png">', "cell 1", "without alt text"),
        ("# # A lesson", "# Along $y = T\n# + k$ it grows", "cell 1", "list marker"),
        ("import torch\n", "import torch\n" + "x = 1\n" * 16, "cell 2", "lines of code"),
        ("import torch\n", "import torch\nif True\n", "cell 2", "not valid Python"),
        ("import torch\n", "import torch\nraise SystemExit\n", "cell 2", "stops “Run all”"),
        ('# %% grade_id="gradient"', '# %% grade_id="gradient" colour="red"', "cell 3", "colour"),
        ("# %%\nimport", "# %% points=3\nimport", "cell 2", "points without grade_id"),
    ],
)
def test_each_rule_names_file_cell_and_what_to_do(course, old, new, cell, what):
    assert old in GOOD
    found = problems(course, GOOD.replace(old, new, 1))
    assert any(cell in problem and what in problem for problem in found), found


def test_stub_outside_a_function_is_refused(course):
    text = GOOD.replace('def gradient(f, x):\n    """The gradient."""\n', "gradient = None\nif True:\n")
    assert any("stops “Run all”" in problem for problem in problems(course, text))


def test_repeated_grade_id_is_refused(course):
    answer = GOOD[GOOD.index('# %% grade_id="gradient"') : GOOD.index('# %% grade_id="test-gradient"')]
    assert problems(course, GOOD + answer)


def test_a_lesson_with_a_problem_keeps_its_old_file(course):
    root = course(GOOD)
    build([LESSON], root)
    before = lesson_path(LESSON, root).read_bytes()
    course(GOOD.replace('check("gradient")', "pass"))
    assert build([LESSON], root)[0].problems
    assert lesson_path(LESSON, root).read_bytes() == before


def test_edited_lesson_is_stale_and_a_foreign_file_is_named(course):
    root = course(GOOD)
    (built,) = build([LESSON], root)
    assert stale(built, root) == []
    lesson_path(LESSON, root).write_text("{}")
    (lesson_path(LESSON, root).parent / "start_here.py").write_text(GOOD)
    assert any("is stale" in line for line in stale(built, root)) and any(
        "does not belong" in line for line in stale(built, root)
    )


def test_notebook_that_somebody_worked_in_is_kept(course):
    root = course(GOOD)
    build([LESSON], root)
    path = lesson_path(LESSON, root)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].execution_count = 7
    notebook.cells[2].source = "def gradient(f, x):\n    return my_own_work"
    nbformat.write(notebook, path)
    course(GOOD.replace("A lesson", "A better lesson"))
    build([LESSON], root)
    assert "A better lesson" in path.read_text()
    assert "my_own_work" in path.with_name("start_here.yours-1.ipynb").read_text()


def test_command_line_says_what_is_stale_and_fails(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "autograder.cli", "build", "99"], capture_output=True, text=True, cwd=tmp_path
    )
    assert run.returncode == 1 and "There is no lesson '99'" in run.stderr and "Traceback" not in run.stderr


def test_no_committed_lesson_holds_a_marker_or_a_source():
    listed = subprocess.run(
        ["git", "ls-files", "lessons/0*"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert len(listed.splitlines()) == len(written_lessons())
    for path in map(ROOT.joinpath, listed.splitlines()):
        assert path.suffix == ".ipynb"
        assert "BEGIN SOLUTION" not in path.read_text() and "HIDDEN TESTS" not in path.read_text()
