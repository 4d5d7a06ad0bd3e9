"""Explorers where no browser is: nothing on stderr, nothing left running, the record in the output."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from gradlab.explore.page import unpacked
from tests.browser.lab import notebook
from tests.gradlab.explore.samples import ONE, TWO


def stderr(node: nbformat.NotebookNode) -> list[str]:
    outputs = [output for cell in node.cells for output in cell.get("outputs", [])]
    return [output.text for output in outputs if output.get("name") == "stderr"]


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    # pyzmq starts a thread of its own at the first large message of any kernel.
    threads = "import threading; print([t.name for t in threading.enumerate() if 'zmq' not in type(t).__module__])"
    client = NotebookClient(notebook([threads, ONE, TWO, threads]), timeout=120)
    return client.execute(cwd=str(tmp_path_factory.mktemp("run")))


def test_nbclient_gets_whole_records_and_nothing_on_stderr(executed):
    assert stderr(executed) == []
    outputs = [cell.outputs for cell in executed.cells[1:3]]
    assert [len(each) for each in outputs] == [1, 1]
    assert len(unpacked(outputs[0][0].data["text/html"])["frames"]) == 41
    assert len(unpacked(outputs[1][0].data["text/html"])["frames"]) == 81
    assert outputs[0][0].data["text/plain"].startswith("[explorer] λ = 0.01.")


def test_nothing_is_left_running(executed):
    before, after = executed.cells[0].outputs[0].text, executed.cells[3].outputs[0].text
    assert sorted(eval(before)) == sorted(eval(after))


def test_nbconvert_shows_the_player(executed):
    html, _ = HTMLExporter().from_notebook_node(executed)
    assert html.count('<div class="gradlab-explorer">') == 2


def test_papermill_runs_an_explorer(tmp_path):
    import papermill

    nbformat.write(notebook([ONE]), tmp_path / "in.ipynb")
    done = papermill.execute_notebook(
        tmp_path / "in.ipynb", tmp_path / "out.ipynb", progress_bar=False, log_output=False
    )
    assert stderr(done) == []
    assert len(unpacked(done.cells[0].outputs[0].data["text/html"])["frames"]) == 41


def test_a_script_prints_the_line(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(ONE)
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("[explorer] λ = 0.01.")


def test_gradlab_does_not_import_the_engine():
    code = "import gradlab, sys; print({'gradlab.explore', 'ipywidgets', 'anywidget'} & set(sys.modules))"
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert run.stdout.strip() == "set()"


def test_the_feedback_page_plays(tmp_path: Path):
    cell = nbformat.v4.new_code_cell("assert True", id="test-cell")
    cell.metadata["nbgrader"] = {
        "grade_id": "test-cell", "grade": True, "locked": True, "points": 1, "schema_version": 3,
        "solution": False, "task": False, "cell_type": "code",
    }  # fmt: skip
    source = notebook([ONE])
    source.cells.append(cell)
    (tmp_path / "source/one").mkdir(parents=True)
    nbformat.write(source, tmp_path / "source/one/one.ipynb")
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'c'\n")

    def nbgrader(command: str) -> None:
        arguments = [sys.executable, "-m", "nbgrader", command, "one"]
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"  # nbgrader calls alembic by its name
        options = {"capture_output": True, "text": True, "timeout": 120}
        run = subprocess.run(arguments, cwd=tmp_path, env=os.environ | {"PATH": path}, **options)
        assert run.returncode == 0, run.stderr

    nbgrader("generate_assignment")
    handed_in = tmp_path / "submitted/ada/one/one.ipynb"
    handed_in.parent.mkdir(parents=True)
    handed_in.write_bytes((tmp_path / "release/one/one.ipynb").read_bytes())
    nbgrader("autograde")
    nbgrader("generate_feedback")
    page = (tmp_path / "feedback/ada/one/one.html").read_text()
    assert len(unpacked(page)["frames"]) == 41
