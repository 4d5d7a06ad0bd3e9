"""`gradlab build`: the same bytes every time, and each rule fails on a source that breaks it."""

import subprocess
import sys

import nbformat
import pytest

from autograder.notebooks.places import ROOT, lesson_path, source_path, written_lessons
from autograder.release.build import build, build_lesson, stale

LESSON = "00-start-here"
HEADINGS = (
    "Ask for a gradient",
    "None is not zero",
    "See what backward leaves behind",
    "Detach: the same numbers without the record",
)
GOOD = '''\
# %% [markdown]
# # A lesson

# %% [markdown]
HEADINGS

# %%
import torch
from gradlab import check

# %% grade_id="gradient" points=2
def gradient(f, x):
    """The gradient."""
    ### BEGIN SOLUTION
    point = x.detach().clone().requires_grad_(True)
    return torch.autograd.grad(f(point), point)[0]
    ### END SOLUTION

# %% tags=["solution"]
print("for authors only")
'''.replace("HEADINGS", "\n".join(f"# ## {heading}" for heading in HEADINGS))


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
    assert first.files == second.files and len(first.files) == 3


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
        (" points=2", "", "gradient", "has no test"),
        (" points=2", ' points="two"', "cell 4", "is no number"),
        ('grade_id="gradient"', 'grade_id="gradiant"', "gradiant", "is judged by nothing"),
        ("# # A lesson", "# # A lesson\n# **10 minutes · 3 points**", "cell 1", "promises 3 points"),
        ("# # A lesson", "# ### Exercise\n# ●○○ · 3 minutes · 1 point", "gradient", "its text says 1"),
        ("    ### BEGIN SOLUTION\n", "", "cell 4", "has no ### BEGIN SOLUTION"),
        ("    ### END SOLUTION\n", "", "00-start-here", "nbgrader refuses"),
        (
            "import torch\n",
            "import torch\ndef f(f, point):\n    return torch.autograd.grad(f(point), point)[0]\n",
            "cell 3",
            "shows a line of the answer",
        ),
        ("import torch\n", "from gradlab.explore.figures import show\nshow(1)\n", "cell 3", "without alt="),
        ("import torch\n", "from gradlab.explore.figures import show\nshow(1, alt='')\n", "cell 3", "without alt="),
        ("import torch\n", "from gradlab.explore import explore\nexplore(1, 2)\n", "cell 3", "without alt="),
        ("import torch\n", "import matplotlib.pyplot as plt\nplt.plot([1])\n", "cell 3", "does not show"),
        ("import torch\n", "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\n", "cell 3", "plt.show()"),
        ("# # A lesson", "# ![](picture.png)", "cell 1", "without alt text"),
        ("# # A lesson", '# <img src="picture.png">', "cell 1", "without alt text"),
        ("# # A lesson", "# Along $y = T\n# + k$ it grows", "cell 1", "list marker"),
        ("import torch\n", "import torch\n" + "x = 1\n" * 16, "cell 3", "lines of code"),
        ("import torch\n", "import torch\nif True\n", "cell 3", "not valid Python"),
        ("import torch\n", "import torch\nraise SystemExit\n", "cell 3", "stops “Run all”"),
        ('# %% grade_id="gradient"', '# %% grade_id="gradient" colour="red"', "cell 4", "colour"),
        ("# %%\nimport", "# %% points=3\nimport", "cell 3", "points without grade_id"),
    ],
)
def test_each_rule_names_file_cell_and_what_to_do(course, old, new, cell, what):
    assert old in GOOD
    found = problems(course, GOOD.replace(old, new, 1))
    assert any(cell in problem and what in problem for problem in found), found


PREDICTED = """# # A "tensor", a "list" or a "tuple"? **Predict** it.

# %%
predict("container", ...)

# %%
reveal("container")
"""


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("", "", None),
        ('predict("container", ...)', "2 + 2", "asks to predict; follow it"),
        ('"container"', '"box"', "describe it in the lesson's predictions.py"),
        ('a "tuple"', "something else", "offers “tuple” for container"),
        ('reveal("container")', "2 + 2", "is never revealed"),
        ('predict("container", ...)', 'predict("jump", ...)', "reveals container, which no cell above"),
        ('reveal("container")', 'reveal("container")\n\n# %%\npredict("container", ...)', "a second time"),
    ],
)
def test_a_prediction_can_be_made_and_is_revealed(course, old, new, what):
    found = problems(course, GOOD.replace("# # A lesson", PREDICTED.replace(old, new)))
    assert any(what in problem for problem in found) if what else found == []


QUESTION = """
# %% [markdown] grade_id="why" points=2
# ### BEGIN SOLUTION
# Because.
# ### END SOLUTION

# %% [markdown]
# - 1 point: this.
# - 1 point: that.

# %%
model_answer("why")
"""


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("", "", None),
        ("- 1 point: that", "- 2 points: that", "add up to 2 points"),
        ('model_answer("why")', 'model_answer("why-not")', "below its rubric"),
    ],
)
def test_a_question_in_words_has_its_rubric_and_its_model_answer(course, old, new, what):
    found = problems(course, GOOD + QUESTION.replace(old, new))
    assert any(what in problem for problem in found) if what else found == []


def test_stub_outside_a_function_is_refused(course):
    text = GOOD.replace('def gradient(f, x):\n    """The gradient."""\n', "gradient = None\nif True:\n")
    assert any("stops “Run all”" in problem for problem in problems(course, text))


def test_repeated_grade_id_is_refused(course):
    answer = GOOD[GOOD.index('# %% grade_id="gradient"') : GOOD.index('# %% tags=["solution"]')]
    assert problems(course, GOOD + answer)


def test_a_lesson_with_a_problem_keeps_its_old_file(course):
    root = course(GOOD)
    build([LESSON], root)
    before = lesson_path(LESSON, root).read_bytes()
    course(GOOD.replace(" points=2", ""))
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


def test_message_that_sends_to_no_heading_is_refused(course):
    assert any("no heading" in problem for problem in problems(course, GOOD.replace("# ## None is not zero\n", "")))


def test_test_cell_is_written_from_the_points(course):
    root = course(GOOD)
    build([LESSON], root)
    cells = nbformat.read(lesson_path(LESSON, root), as_version=4).cells
    test = next(cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "test-gradient")
    assert (test.source, test.metadata.nbgrader.points, test.metadata.nbgrader.locked) == ('check("gradient")', 2, True)


def test_test_of_the_authors_own_is_kept_as_it_is(course):
    own = '\n# %% grade_id="test-mine" points=1\nassert mine(2) == 4\n### BEGIN HIDDEN TESTS\nassert mine(3) == 6\n### END HIDDEN TESTS\n'
    answer = '\n# %% grade_id="mine"\ndef mine(x):\n    """Twice x."""\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n'
    root = course(GOOD + answer + own)
    assert build([LESSON], root)[0].problems == []
    text = lesson_path(LESSON, root).read_text()
    assert "assert mine(2) == 4" in text and "mine(3)" not in text
