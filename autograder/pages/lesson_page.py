"""A lesson for readers without Python: executed, with worked answers behind folds in the place of the checks."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from autograder.notebooks.cells import TEST, grade_id
from autograder.notebooks.places import lesson_path, source_path
from autograder.pages.forked_kernels import ForkedKernelManager
from autograder.pages.links import for_the_site
from autograder.pages.prediction_forms import with_forms
from autograder.release.source import BEGIN_SOLUTION, END_SOLUTION, SOLUTION_TAG, read_source, worked_answers

SECONDS_A_CELL = 300


class PageError(RuntimeError):
    """A lesson that does not run, so that no page of it can be made; the text names lesson, cell and error."""


def executed(lesson: str, folder: Path) -> NotebookNode:
    """The solved lesson, run from top to bottom in a folder of its own. Raises PageError where a cell fails."""
    notebook = read_source(source_path(lesson))
    for cell in notebook.cells:
        if (grade_id(cell) or "").startswith(TEST):
            cell.metadata.pop("tags", None)  # here a check that fails must stop the run
    quiet = ["--log-level=ERROR"]  # on a loopback address there is nobody to warn of
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        kernel_manager_class=ForkedKernelManager,
        resources=resources,
        extra_arguments=quiet,
    )
    try:
        return client.execute()
    except CellExecutionError as error:
        raise PageError(f"{lesson}: {error.ename}: {error.evalue}") from None


def page(solved: NotebookNode, lesson: str) -> NotebookNode:
    """The notebook that a page is made of: stubs as the learner sees them, worked answers folded, checks left out."""
    solved = nbformat.from_dict(solved)
    stubs = {grade_id(cell): cell.source for cell in nbformat.read(lesson_path(lesson), as_version=4).cells}
    answers = worked_answers(solved)
    cells = []
    for cell in solved.cells:
        name = grade_id(cell)
        if SOLUTION_TAG in cell.metadata.get("tags", []) or (name or "").startswith(TEST):
            continue
        if cell.source.startswith("model_answer("):  # it is folded below its question
            continue
        if name in answers:
            cells += _exercise(cell, stubs[name], answers[name])
        else:
            cells.append(_shown(cell))
    cells = with_forms(cells)
    for cell in cells:
        if cell.cell_type == "markdown":
            cell.source = for_the_site(cell.source)
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = solved.metadata.kernelspec
    notebook.metadata.language_info = {"name": "python"}
    return notebook


def _exercise(cell: NotebookNode, stub: str, answer: str) -> list[NotebookNode]:
    if cell.cell_type == "markdown":
        return _question(cell)
    fence = f"```python\n{answer}\n```"
    return [
        nbformat.v4.new_code_cell(stub, id=cell.id),
        nbformat.v4.new_markdown_cell(_fold("One way to write it", fence), id=f"{cell.id[:50]}-answer"),
    ]


def _question(cell: NotebookNode) -> list[NotebookNode]:
    """A text question: what is asked, where the cell holds it too, and the answer folded."""
    asked, _, rest = cell.source.partition(BEGIN_SOLUTION)
    answer, _, after = rest.partition(END_SOLUTION)
    folded = nbformat.v4.new_markdown_cell(_fold("A model answer", answer.strip()), id=f"{cell.id[:50]}-answer")
    texts = [
        nbformat.v4.new_markdown_cell(text.strip(), id=f"{cell.id[:50]}-{k}") for k, text in enumerate((asked, after))
    ]
    return [each for each in (texts[0], folded, texts[1]) if each.source]


def _fold(summary: str, text: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"


def _shown(cell: NotebookNode) -> NotebookNode:
    cell.metadata.clear()
    for output in cell.get("outputs", []):
        output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    return cell
