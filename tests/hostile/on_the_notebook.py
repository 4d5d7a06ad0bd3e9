"""Attacks by the notebook file: its metadata, its cells, its JSON, and by IPython itself."""

import json

from tests.autograder.desk.hand_ins import filled
from tests.hostile.attack import EXERCISE, GRADIENT, RIGHT, TEST_CELL, Attack, cells, index_of


def on_the_test_cell(**changes):
    """Change fields of the test cell; `nbgrader` merges into nbgrader's metadata."""

    def change(notebook):
        cell = notebook["cells"][index_of(notebook, TEST_CELL)]
        for key, value in changes.items():
            if key == "nbgrader":
                cell["metadata"]["nbgrader"] |= value
            elif key == "tags":
                cell["metadata"]["tags"] = value
            else:
                cell[key] = value

    return change


def on_the_metadata(**changes):
    return lambda notebook: notebook["metadata"].update(changes)


def on_every_cell(change):
    def apply(notebook):
        for cell in notebook["cells"]:
            change(cell)

    return apply


def points_everywhere(notebook):
    for number, cell in enumerate(notebook["cells"]):
        known = {
            "grade": True,
            "solution": True,
            "points": 1e9,
            "locked": False,
            "schema_version": 3,
            "task": False,
            "cell_type": cell["cell_type"],
        }
        cell["metadata"]["nbgrader"] = {"grade_id": f"gift-{number}"} | cell["metadata"].get("nbgrader", {}) | known


def tests_before_answers(notebook):
    notebook["cells"].insert(0, notebook["cells"].pop(index_of(notebook, TEST_CELL)))


def two_answers_and_a_test(notebook):
    """A right answer that is not the lesson's cell, tested by a copy of the test cell, and then the wrong one."""
    [right] = cells(RIGHT)
    place = index_of(notebook, EXERCISE)
    test = json.loads(json.dumps(notebook["cells"][index_of(notebook, TEST_CELL)])) | {"id": "copy"}
    notebook["cells"][place:place] = [right, test]


def renamed(old, new):
    def change(notebook):
        notebook["cells"][index_of(notebook, old)]["metadata"]["nbgrader"]["grade_id"] = new

    return change


def swapped(notebook):
    answer, test = index_of(notebook, EXERCISE), index_of(notebook, TEST_CELL)
    ids = [notebook["cells"][index]["metadata"]["nbgrader"] for index in (answer, test)]
    notebook["cells"][answer]["metadata"]["nbgrader"], notebook["cells"][test]["metadata"]["nbgrader"] = ids[::-1]


def attachments(notebook):
    notebook["cells"][0]["attachments"] = {
        "a.png": {"image/png": "A" * 10_000_000},
        "b": {'image/png" onerror="x': "<", "text/html": "<script>"},
    }


def text(attack: Attack, old: str, new: str) -> bytes:
    from tests.hostile.attack import notebook_of

    data = notebook_of(attack).decode()
    assert old in data
    return data.replace(old, new, 1).encode()


MAGIC = "get_ipython().register_magic_function(lambda line, cell=None: None, 'line_cell', 'time')\n"
NESTED = "[" * 900 + "]" * 900

ATTACKS = {
    "skipped-by-tag": Attack(
        change=on_the_test_cell(tags=["skip-execution", "raises-exception", "parameters", "remove-cell"])
    ),
    "test-emptied": Attack(change=on_the_test_cell(source="")),
    "test-is-text": Attack(change=on_the_test_cell(cell_type="markdown")),
    "test-is-raw": Attack(change=on_the_test_cell(cell_type="raw", source="raw")),
    "test-with-output": Attack(
        change=on_the_test_cell(
            outputs=[
                {"output_type": "execute_result", "data": {"text/plain": "2.0"}, "metadata": {}, "execution_count": 1}
            ],
            execution_count=1,
        )
    ),
    "test-deleted": Attack(change=lambda notebook: notebook["cells"].pop(index_of(notebook, TEST_CELL))),
    "points-inflated": Attack(
        change=on_the_test_cell(nbgrader={"points": 1e9, "grade": True, "solution": True, "locked": False})
    ),
    "points-negative-nan": Attack(change=on_the_test_cell(nbgrader={"points": float("nan")})),
    "points-everywhere": Attack(change=points_everywhere),
    "checksum-forged": Attack(
        change=on_the_test_cell(nbgrader={"checksum": "0" * 32, "schema_version": 1}, source="2.0")
    ),
    "grade-ids-doubled": Attack(
        change=two_answers_and_a_test, fair=GRADIENT
    ),  # its own check of the first says ✓ to its author too
    "grade-ids-swapped": Attack(change=swapped),
    "answer-under-another-name": Attack(change=renamed(EXERCISE, "mine")),
    "grade-id-of-markup": Attack(change=renamed(EXERCISE, "<script>'\"; DROP TABLE grade;--")),
    "tests-before-answers": Attack(change=tests_before_answers),
    "verdict-in-metadata": Attack(
        change=lambda notebook: (
            notebook["metadata"].update(gradlab={"remarks": ["right"], "fingerprint": "x"}),
            on_the_test_cell(
                metadata={"nbgrader": {"grade_id": TEST_CELL}, "gradlab": {"exercise": EXERCISE, "outcome": "right"}}
            )(notebook),
        )
    ),
    "kernel-bash": Attack(change=on_the_metadata(kernelspec={"name": "bash", "display_name": "x", "language": "bash"})),
    "kernel-path": Attack(
        change=on_the_metadata(
            kernelspec={"name": "../../../evil", "display_name": 3},
            language_info={"name": {"deep": 1}, "file_extension": "/../../x", "pygments_lexer": []},
        )
    ),
    "metadata-a-list": Attack(change=lambda notebook: notebook.update(metadata=[1, 2])),
    "metadata-of-widgets": Attack(
        change=on_the_metadata(
            widgets={
                "application/vnd.jupyter.widget-state+json": {
                    "state": {
                        "x": {
                            "model_module": "https://evil",
                            "state": {"_esm": "document.documentElement.dataset.hacked = 1"},
                        }
                    },
                    "version_major": 2,
                }
            }
        )
    ),
    "metadata-aborts": Attack(
        change=on_the_metadata(
            nbgrader={"schema_version": 99},
            papermill={"parameters": 1},
            celltoolbar=3,
            jupytext={"formats": "py:percent"},
            title="<script>",
            authors=3,
        )
    ),
    "old-schema": Attack(
        change=on_every_cell(lambda cell: cell["metadata"].get("nbgrader", {}).update(schema_version=0, cell_type="x"))
    ),
    "cell-ids": Attack(
        answer=RIGHT, change=on_every_cell(lambda cell: cell.update(id="../<script>" * 50)), fair=GRADIENT
    ),
    "cells-nested": Attack(data=text(Attack(), '"cells": [', f'"cells": [{NESTED},')),
    "json-too-deep": Attack(data=b"[" * 2_000_000),
    "json-nan": Attack(answer=RIGHT, change=on_the_metadata(x=float("nan"), y=float("inf")), fair=GRADIENT),
    "json-digits": Attack(data=text(Attack(), '"nbformat": 4', '"nbformat": ' + "4" * 10_000)),
    "json-huge": Attack(data=b'{"cells": ["' + b"x" * (25 << 20) + b'"]}'),
    "json-halves": Attack(
        "text = 'TEXT'", data=text(Attack("text = 'TEXT'", answer=RIGHT), "TEXT", r"\ud800\udfff\udead"), fair=GRADIENT
    ),
    "cells-without-end": Attack(
        answer=RIGHT,
        change=lambda notebook: notebook["cells"].extend(
            {"cell_type": "markdown", "source": "x", "metadata": {}} for _ in range(200_000)
        ),
        fair=GRADIENT,
    ),
    "lines-without-end": Attack("a = 1\n" * 500_000, answer=RIGHT, fair=GRADIENT),
    "lines-to-the-limit": Attack("a\n" * 40_000, answer=RIGHT, fair=GRADIENT),
    "nested-for-the-grader": Attack(
        f"if False:\n    x = {'-' * 3000}1\n    y{'.a' * 3000}\n    {'[' * 90}{']' * 90}", answer=RIGHT, fair=GRADIENT
    ),
    "language-without-end": Attack(
        change=on_the_metadata(kernelspec={"name": "x", "language": "[bold]\x1b[2J" + "x" * 100_000})
    ),
    "old-cells-without-end": Attack(
        data=json.dumps(
            {
                "nbformat": 3,
                "nbformat_minor": 0,
                "metadata": {},
                "worksheets": [{"cells": [{"cell_type": "markdown", "source": "x"}] * 200_000}],
            }
        ).encode()
    ),
    "json-zero-bytes": Attack(data=text(Attack("text = 'TEXT'"), "TEXT", r"\u0000")),
    "json-keys-twice": Attack(data=text(Attack(answer=RIGHT), '{"cells"', '{"cells": [], "cells"'), fair=GRADIENT),
    "format-99": Attack(
        answer=RIGHT, change=lambda notebook: notebook.update(nbformat=99, nbformat_minor="x"), fair=GRADIENT
    ),
    "format-3-of-nonsense": Attack(
        data=b'{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": 3}]}]}'
    ),
    "another-lesson": Attack(data=json.dumps(filled("01-soft-thresholding", {})).encode()),
    "attachments": Attack(answer=RIGHT, change=attachments, fair=GRADIENT),
    "markers": Attack(
        "### BEGIN HIDDEN TESTS\nx = 1\n### END HIDDEN TESTS\n### BEGIN SOLUTION\n### END SOLUTION",
        answer="### BEGIN SOLUTION\n" + RIGHT + "\n### END SOLUTION\n### BEGIN HIDDEN TESTS\n",
        fair=GRADIENT,
    ),
    # IPython
    "magic-script": Attack(answer="%%script false --no-raise-error\n" + RIGHT),
    "magic-capture": Attack(answer="%%capture\n" + RIGHT, fair=GRADIENT),
    "magic-writes-file": Attack("%%writefile gradlab.py\nraise SystemExit"),
    "magic-replaced": Attack(MAGIC),
    "magic-run": Attack(
        "%load_ext autoreload\n%autoreload 2\n%config Application.verbose_crash = True\n%run -i nothing.py"
    ),
    "input-transformer": Attack("get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])"),
    "syntax-tree-transformer": Attack(
        "import ast\nclass Nothing(ast.NodeTransformer):\n    def visit_Module(self, node):\n        node.body = []\n        return node\nget_ipython().ast_transformers.append(Nothing())"
    ),
    "run-cell-patched": Attack(
        "from IPython.core.interactiveshell import ExecutionResult\nshell = get_ipython()\nshell.run_cell = lambda *a, **k: ExecutionResult(None)\nshell.run_cell_async = None"
    ),
    "do-execute-patched": Attack(
        "async def nothing(*a, **k):\n    return {'status': 'ok', 'execution_count': 1, 'payload': [], 'user_expressions': {}}\nget_ipython().kernel.do_execute = nothing"
    ),
    "excepthook": Attack(
        "import sys\nsys.excepthook = lambda *a: None\nget_ipython().showtraceback = lambda *a, **k: print(2.0)\nget_ipython().set_custom_exc((BaseException,), lambda *a, **k: [])"
    ),
    "traced": Attack(
        "import sys, threading\ndef trace(frame, event, argument):\n    if 'expected' in frame.f_locals:\n        print('a secret was read')\n    return trace\nsys.settrace(trace)\nthreading.settrace(trace)"
    ),
    "asks-for-input": Attack("try:\n    input('password: ')\nexcept BaseException:\n    pass"),
    "replies-forged": Attack(
        "k = get_ipython().kernel\nfor _ in range(20):\n    k.session.send(k.iopub_socket, 'execute_result', {'data': {'text/plain': '2.0', 'text/html': 3}, 'metadata': 3, 'execution_count': '<script>'}, parent=k.get_parent())\n    k.session.send(k.iopub_socket, 'status', {'execution_state': 'idle'}, parent=k.get_parent())"
    ),
    "replies-of-nonsense": Attack(
        "k = get_ipython().kernel\nfor content in ({}, {'data': 3}, {'name': 3, 'text': 4}, {'ename': [], 'evalue': {}, 'traceback': 5}, {'comm_id': 1}):\n    for kind in ('stream', 'display_data', 'update_display_data', 'error', 'clear_output', 'comm_open', 'comm_msg', 'execute_input', 'nothing'):\n        k.session.send(k.iopub_socket, kind, content, parent=k.get_parent())"
    ),
    "display-updated-without-end": Attack(
        "k = get_ipython().kernel\nfor kind in ('display_data', 'update_display_data'):\n    for n in range(15_000):\n        k.session.send(k.iopub_socket, kind, {'data': {'text/plain': '2'}, 'metadata': {}, 'transient': {'display_id': 'x'}}, parent=k.get_parent())"
    ),
    "frames-of-noise": Attack(
        "import os\nk = get_ipython().kernel\nfor _ in range(20):\n    k.iopub_socket.send_multipart([os.urandom(50), b'<IDS|MSG>', os.urandom(20), b'{'])"
    ),
}
