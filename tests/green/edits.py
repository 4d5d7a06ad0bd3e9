"""Honest edits of a notebook, as learners and their editors make them: each takes a notebook and changes it in place."""

import copy
import random
from collections.abc import Callable

import nbformat
from nbformat import NotebookNode

from autograder.notebooks.cells import TEST, grade_id

Edit = Callable[[NotebookNode, random.Random], None]

CODE = [
    "notes = [1, 2, 3]\nsum(notes)",
    "print('trying something')",
    "%time sum(range(10))",
    "!echo hello",
    "list?",
    "%timeit -n1 -r1 sum([1])",
    "%%capture caught\nprint('hidden')",
    "import ipywidgets\nipywidgets.IntSlider()",
    "import ipywidgets\nfrom IPython.display import display\nout = ipywidgets.Output()\nwith out:\n    print('hi')\nout",
    "from ipywidgets import interact\ninteract(lambda k: k, k=(0, 3))",
    "import ipywidgets\nipywidgets.interactive(lambda k: print(k), k=2)",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.close()",
    "raise ValueError('a mistake of mine')",
    "this is no Python",
    "# detach numpy copy torch.autograd.grad eval",
    "def helper_of_mine(x):\n    return x",
    "\f\n# a page of its own",
]
STATE = [  # what a cell changes for all that follow
    "import torch\ntorch.set_default_dtype(torch.float64)",
    "import torch\ntorch.manual_seed(0)\ntorch.set_num_threads(1)",
    "import torch\ntorch.set_printoptions(precision=2)",
    "import torch\ntorch.set_grad_enabled(False)",
    "import torch\ntorch.autograd.set_detect_anomaly(True)",
    "import warnings\nwarnings.simplefilter('error')",
    "import os\nos.chdir('/')",
    "%cd ..",
    "%matplotlib inline\n%load_ext autoreload\n%autoreload 2",
    "%xmode Minimal",
    "%reset -f",
    "from math import *",
    "from numpy import *",
    "from torch import *",
    "import numpy as np\nnp.random.seed(1)\nnp.seterr(all='raise')",
    "x, y, T, lam, n, A = 1, 2, 3, 4, 5, 6",
    "list = [1, 2]\nsum = max(list)\ninput = type = sum",
    "import sys\nsys.setrecursionlimit(10_000)\nsys.exit()",
    "import asyncio\nawait asyncio.sleep(0)",
    "name = input('name? ')",
]
TEXT = ["A note of mine: $x^2$.", "## My heading", "- one\n- two", "", "```python\ncheck('x')\n```"]
COMMENTS = [
    "# no numpy, no detach, no copy, no autograd.grad here",
    "# page 3\f of my notes",
    '"""A text of its own."""',
    "",
    "#%%",
]


def answers_of(notebook: NotebookNode) -> list[int]:
    """The places of the answer cells that are code."""
    return [
        place
        for place, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and (name := grade_id(cell)) and not name.startswith(TEST)
    ]


def tests_of(notebook: NotebookNode) -> list[int]:
    """The places of the cells that check."""
    return [place for place, cell in enumerate(notebook.cells) if (grade_id(cell) or "").startswith(TEST)]


def add_code(notebook: NotebookNode, rng: random.Random) -> None:
    """A code cell of the learner's own, anywhere after the first code cell."""
    first = next(place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    notebook.cells.insert(rng.randint(first + 1, len(notebook.cells)), nbformat.v4.new_code_cell(rng.choice(CODE)))


def add_text(notebook: NotebookNode, rng: random.Random) -> None:
    """A text cell of the learner's own, anywhere."""
    make = rng.choice([nbformat.v4.new_markdown_cell, nbformat.v4.new_raw_cell])
    notebook.cells.insert(rng.randint(0, len(notebook.cells)), make(rng.choice(TEXT)))


def move_answer(notebook: NotebookNode, rng: random.Random) -> None:
    """An answer cell a few places up or down."""
    place = rng.choice(answers_of(notebook))
    cell = notebook.cells.pop(place)
    notebook.cells.insert(max(2, place + rng.randint(-3, 3)), cell)


def move_check(notebook: NotebookNode, rng: random.Random) -> None:
    """A check a few places up or down."""
    if tests := tests_of(notebook):
        place = rng.choice(tests)
        cell = notebook.cells.pop(place)
        notebook.cells.insert(max(2, place + rng.randint(-2, 3)), cell)


def split_answer(notebook: NotebookNode, rng: random.Random) -> None:
    """An answer cell in two, both with the metadata, as JupyterLab splits cells."""
    place = rng.choice(answers_of(notebook))
    cell = notebook.cells[place]
    lines = cell.source.split("\n")
    starts = [
        k for k, line in enumerate(lines) if k and line and not line[0].isspace() and not line.startswith((")", "@"))
    ]
    if starts and "\\" not in cell.source and not cell.source.startswith("%%") and '"""' not in cell.source:
        second = copy.deepcopy(cell)
        at = rng.choice(starts)
        if lines[at - 1].startswith("@"):
            return
        cell.source, second.source = "\n".join(lines[:at]), "\n".join(lines[at:])
        second.id = f"{cell.id}-half"[:64]
        notebook.cells.insert(place + 1, second)


def helper_outside(notebook: NotebookNode, rng: random.Random) -> None:
    """A helper in front of an answer, in the cell or in one of its own."""
    place = rng.choice(answers_of(notebook))
    if rng.random() < 0.5:
        notebook.cells.insert(place + rng.randint(0, 1), nbformat.v4.new_code_cell("def a_helper(x):\n    return x"))
    else:
        notebook.cells[place].source = "a_number = 2\n\n" + notebook.cells[place].source


def merge_with_next(notebook: NotebookNode, rng: random.Random) -> None:
    """An answer and the cell below, as JupyterLab merges them: the first one's metadata."""
    place = rng.choice(answers_of(notebook))
    if place + 1 < len(notebook.cells) and notebook.cells[place + 1].cell_type == "code":
        notebook.cells[place].source += "\n\n" + notebook.cells.pop(place + 1).source


def copy_answer(notebook: NotebookNode, rng: random.Random) -> None:
    """An answer cell pasted again right below, or its check below that."""
    place = rng.choice(answers_of(notebook) + tests_of(notebook))
    again = copy.deepcopy(notebook.cells[place])
    again.id = f"{again.id}-again"[:64]
    notebook.cells.insert(place + 1, again)


def retype_answer(notebook: NotebookNode, rng: random.Random) -> None:
    """The answer in a cell of the learner's own; the lesson's cell gone, or left as a stub above it."""
    place = rng.choice(answers_of(notebook))
    cell = notebook.cells[place]
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(cell.source))
    if rng.random() < 0.5:
        notebook.cells.pop(place)
    else:
        head = cell.source.split("\n")[0]
        stub = '    raise NotImplementedError("replace this line by your answer")'
        cell.source = f"{head}\n{stub}" if head.startswith("def ") and head.endswith(":") else ""


def drop_metadata(notebook: NotebookNode, rng: random.Random) -> None:
    """Another editor: some or all cells lose what nbgrader wrote into them."""
    all_of_them = rng.random() < 0.4
    for cell in notebook.cells:
        if all_of_them or rng.random() < 0.3:
            cell.metadata.pop("nbgrader", None)


def add_magic(notebook: NotebookNode, rng: random.Random) -> None:
    """Lines in an answer cell that only IPython reads."""
    cell = notebook.cells[rng.choice(answers_of(notebook))]
    if cell.source.startswith("%%"):
        return
    line = rng.choice(
        [
            "%time 1 + 1",
            "!ls > /dev/null",
            "list?",
            "found = !echo 1",
            "%%time",
            "%%capture",
            "t = %timeit -o -q -n1 -r1 1",
        ]
    )
    cell.source = f"{line}\n{cell.source}" if line.startswith("%%") or rng.random() < 0.5 else f"{cell.source}\n{line}"


def add_comment(notebook: NotebookNode, rng: random.Random) -> None:
    """A comment or a text in front of an answer."""
    cell = notebook.cells[rng.choice(answers_of(notebook))]
    if not cell.source.startswith("%%"):
        cell.source = f"{rng.choice(COMMENTS)}\n{cell.source}"


def other_front_end(notebook: NotebookNode, rng: random.Random) -> None:
    """What Colab, VS Code and old notebooks write into metadata."""
    for cell in notebook.cells:
        cell.metadata.update(
            rng.choice(
                [
                    {"colab": {"base_uri": "x"}, "id": "abc"},
                    {"vscode": {"languageId": "python"}},
                    {"trusted": True, "collapsed": False},
                    {},
                ]
            )
        )
    notebook.metadata.update(
        rng.choice([{"colab": {"provenance": []}}, {"language_info": {"name": "python", "version": "3.9"}}, {}])
    )


def change_state(notebook: NotebookNode, rng: random.Random) -> None:
    """A cell of the learner's own that changes torch, IPython, the names or the folder for all cells below."""
    first = next(place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    notebook.cells.insert(rng.randint(first + 1, len(notebook.cells)), nbformat.v4.new_code_cell(rng.choice(STATE)))


def another_attempt(notebook: NotebookNode, rng: random.Random) -> None:
    """An attempt at an answer in a cell of the learner's own: anywhere, so that it counts, is replaced, or comes too late."""
    name = grade_id(notebook.cells[rng.choice(answers_of(notebook))])
    attempt = rng.choice(
        [
            f"def {name}(*arguments):\n    return None",
            f"{name} = lambda *arguments: arguments[0]",
            f"{name} = None",
            f"my_{name} = {name}",
            f"del {name}",
            f"{name}",
        ]
    )
    first = next(place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    notebook.cells.insert(rng.randint(first + 1, len(notebook.cells)), nbformat.v4.new_code_cell(attempt))


def answers_apart(notebook: NotebookNode, rng: random.Random) -> None:
    """All answers in one row right after the imports, or in one cell; the checks stay where they are."""
    places = answers_of(notebook)
    first = next(place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    answers = [notebook.cells[place] for place in places]
    for place in reversed(places):
        del notebook.cells[place]
    # A check that was merged into an answer stops its cell where no front end shows the card: nothing may stand below it.
    if rng.random() < 0.5 and not any(mark in cell.source for mark in ("%", "!", "check(") for cell in answers):
        answers[0].source = "\n\n".join(cell.source for cell in answers)
        del answers[1:]
    notebook.cells[first + 1 : first + 1] = answers


def old_format(notebook: NotebookNode, rng: random.Random) -> None:
    """What an old editor saves: format 4.4 or older, cells without ids."""
    notebook.nbformat_minor = rng.choice([0, 2, 4])


def with_outputs(notebook: NotebookNode, rng: random.Random) -> None:
    """Outputs and numbers of runs long ago, as a notebook has that was worked in."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and rng.random() < 0.5:
            cell.execution_count = rng.randint(1, 500)
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="of a run long ago")]


EDITS: tuple[Edit, ...] = (
    add_code, add_text, move_answer, move_check, split_answer, helper_outside, merge_with_next, copy_answer,
    retype_answer, drop_metadata, add_magic, add_comment, other_front_end,
    change_state, another_attempt, answers_apart, old_format, with_outputs,
)  # fmt: skip


def written(notebook: NotebookNode, rng: random.Random) -> bytes:
    """The file, in an encoding that its readers can tell."""
    return nbformat.writes(notebook).encode(rng.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"]))
