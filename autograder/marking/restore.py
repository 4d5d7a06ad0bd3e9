"""Put a hand-in in order: the learner's cells in the learner's order, with every cell that nbgrader knows among them, once."""

import nbformat
from nbformat import NotebookNode

from autograder.marking.claims import Claims, claim_cells
from autograder.marking.lesson_text import texts_of_lesson
from autograder.marking.observer import observers_named
from autograder.marking.source_cell import SourceCell
from autograder.notebooks.cells import grade_id, nbgrader_metadata
from autograder.notebooks.files import empty
from gradlab.exercises.writing import bound_names_of

NOT_RUN = "gradlab_not_run"
"""Marks a cell that stands in the notebook for nbgrader's sake, where the learner has none; it is not run."""


def restored(
    hand_in: NotebookNode, source: list[SourceCell], lesson_texts: frozenset[str] = frozenset()
) -> tuple[NotebookNode, list[str]]:
    """The notebook to run, and what its author should know: missing, repeated or wrongly typed cells.

    Every cell of the learner's stays where it was, with its own text. Which of them is the answer to what is decided by
    `claim_cells`; it takes nbgrader's name. A test cell stands where the learner's own check stands last, at the end
    where there is none, and is the source's. What is missing is added at the end and not run.
    """
    claims = claim_cells(hand_in, source, lesson_texts)
    known = {cell.name: cell for cell in source}
    notebook = empty()
    for index, cell in enumerate(hand_in.cells):
        if index in claims.answers:
            notebook.cells.append(_answer(known[claims.answers[index]], cell))
        elif index not in claims.replaced:
            cell.metadata.clear()
            cell.id = f"own-{index}"
            notebook.cells.append(cell)
        notebook.cells += [known[name].fresh() for name in claims.tests.get(index, ())]
    placed = {grade_id(cell) for cell in notebook.cells}
    for name in (name for name in known if name not in placed):
        missing = known[name].fresh()
        if known[name].solution:
            missing.metadata[NOT_RUN] = True
        notebook.cells.append(missing)
    return notebook, [*claims.remarks, *_missing(known, placed, claims, notebook), *_remarks_on_code(notebook)]


def _answer(source: SourceCell, cell: NotebookNode) -> NotebookNode:
    """The cell that nbgrader knows, with the learner's text and pictures."""
    answer = source.fresh()
    answer.source = cell.source
    if answer.cell_type == "markdown" and "attachments" in cell:
        answer["attachments"] = cell["attachments"]
    return answer


def _missing(
    known: dict[str, SourceCell], placed: set[str | None], claims: Claims, notebook: NotebookNode
) -> list[str]:
    if claims.other_lesson:
        return [f"This is the notebook of {claims.other_lesson}; none of this lesson's cells are in it."]
    run = [cell.source for cell in notebook.cells if cell.cell_type == "code" and not cell.metadata.get(NOT_RUN)]
    bound = {name for code in run for name in bound_names_of(code)}  # a cell may hold several answers
    names = [name for name, cell in known.items() if cell.solution and name not in placed | bound]
    return [
        f"The answer cell `{name}` is missing; it counts as not attempted. Keep the lesson's own cells."
        for name in names
    ]


def _remarks_on_code(notebook: NotebookNode) -> list[str]:
    own = [cell.source for cell in notebook.cells if cell.cell_type == "code" and not _is_locked(cell)]
    named = observers_named(own)
    if not named:
        return []
    return [
        f"Its code names {', '.join(named)}, which serves to look at answers during an exam, or to copy functions of the "
        "course. Values are judged from outside all the same; a person should read the code."
    ]


def _is_locked(cell: NotebookNode) -> bool:
    return bool(nbgrader_metadata(cell).get("locked"))


def in_order(hand_in: NotebookNode, trouble: str, source: list[SourceCell], lesson: str) -> NotebookNode:
    """The notebook to run; its first cell and its metadata say what was odd about the hand-in."""
    notebook, remarks = restored(hand_in, source, texts_of_lesson(lesson))
    if trouble:  # of a file of which nothing could be read there is no more to say
        remarks = [trouble, *remarks] if hand_in.cells else [trouble]
    if remarks:
        text = "**About this hand-in**\n\n" + "\n".join(f"- {remark}" for remark in remarks)
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(text, id="about-this-hand-in"))
    notebook.metadata["gradlab"] = {"remarks": remarks}
    return notebook
