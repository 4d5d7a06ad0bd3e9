"""Code that names what looks at answers is remarked upon, however it is spelled, and whatever else is odd about the hand-in."""

import json

import nbformat
import pytest

from autograder.marking.reading import read_hand_in
from autograder.marking.restore import in_order
from tests.autograder.marking.test_restore import HAND_IN, SOURCE, known, own, put_in_order
from tests.autograder.marking.work import work_of

SPELLINGS = [
    "import gradlab.probe.perform as p",
    "import gradlab . probe",
    "import os, gradlab.\\\nprobe",
    "import gradlab as g\ng.probe",
    "from gradlab import probe",
    "from  gradlab\timport\tprobe",
    "from gradlab import \\\n  probe",
    "from gradlab import (check,\n  # a comment with )\n  probe)",
    "from gradlab . probe import examine",
    "from gradlab.\\\nprobe import examine",
    "from gradlab import ｐrobe",
    "from gradlab import (\n    answers as a)",
    "from gradlab import *\nprobe.examine",
    "x = gradlab . probe",
    "x = (gradlab\n  # why not\n  .probe)",
    "x = (gradlab).probe.examine",
    "def f():\n    from  gradlab  import  probe",
    "sys.modules['gradlab' '.probe']",
    "exec('from gradlab import probe')",
    "%time from  gradlab  import probe",
    "%%time\nfrom  gradlab  import  probe",
    "import os\nos.environ['GRADLAB_EXAM_FD']",
    "from gradlab import EXAM_SOCKET",
    "import inspect\nexec(inspect.getsource(prox))",
    "inspect.getｓource(prox)",
    "from inspect import getsource as g",
    "prox.not_for = print",
    "f().not_for",
    pytest.param("x = " + "-" * 500 + "1\nfrom  gradlab import probe", id="deep"),
]


def remarked(remarks: list[str]) -> bool:
    return any(remark.startswith("Its code names") for remark in remarks)


@pytest.mark.parametrize("text", SPELLINGS)
def test_code_that_names_what_looks_at_answers_is_remarked_upon(text):
    for cells in ([own(text), *HAND_IN], [known("first", text), *HAND_IN[2:]]):
        assert remarked(put_in_order(cells)[1])


def test_name_given_to_the_package_in_another_cell_is_known():
    assert remarked(put_in_order([own("import gradlab as g"), *HAND_IN, own("g.probe.examine")])[1])


def test_nobody_else_is():
    cells = [
        nbformat.v4.new_markdown_cell("What is `gradlab.probe`?"),
        own("from gradlab.maths import prox, soft"),
        own("import gradlab as g\ng.check\nfrom gradlab import check, predict"),
        own("import mine\nmine.probe = mine.answers = 1\nprobe, answers = 1, 2"),
        *HAND_IN,
    ]
    assert put_in_order(cells)[1] == []


TROUBLES = {
    "language": {"metadata": {"kernelspec": {"language": "r"}}},
    "a cell that is none": {"more": [{"cell_type": "x"}]},
    "both": {"metadata": {"kernelspec": {"language": "r"}}, "more": [None]},
}


@pytest.mark.parametrize("kind", TROUBLES)
@pytest.mark.parametrize("others", [HAND_IN, HAND_IN[:1]], ids=["whole", "answers missing"])
def test_trouble_with_the_file_takes_no_remark_away(tmp_path, kind, others):
    odd = TROUBLES[kind]
    cells = [own(SPELLINGS[0]), *others]
    path = tmp_path / "hand-in.ipynb"

    def remarks(**odd) -> list[str]:
        path.write_text(json.dumps({"cells": cells + odd.get("more", []), "metadata": odd.get("metadata", {})}))
        return in_order(*read_hand_in(path), SOURCE, "00-start-here").metadata["gradlab"]["remarks"]

    found = remarks(**odd)
    assert found[1:] == remarks() and remarked(found[1:]) and not remarked(found[:1])


def test_file_without_cells_is_told_so_once(tmp_path):
    (tmp_path / "hand-in.ipynb").write_bytes(b"hello")
    made = in_order(*read_hand_in(tmp_path / "hand-in.ipynb"), SOURCE, "00-start-here")
    [remark] = made.metadata["gradlab"]["remarks"]
    assert "not a whole notebook" in remark


@pytest.mark.parametrize("piece", ["from gradlab import (", "gradlab.", "import gradlab as g\n", "g.a;", "'a' "])
def test_work_of_looking_for_names_grows_with_the_length_of_the_code(piece):
    small, large = (work_of(lambda n=n: put_in_order([own(piece * n)])) for n in (200, 800))
    assert large <= 5 * small
