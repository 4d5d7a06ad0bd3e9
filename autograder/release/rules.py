"""What a lesson must keep, one function a rule; each yields (cell, what to do)."""

import ast
import re
from collections.abc import Callable, Iterator

from nbformat import NotebookNode

from autograder.notebooks.cells import grade_id, nbgrader_metadata, tree_of
from autograder.release.exercise_rules import (
    Complaint,
    complete_exercises,
    judged_exercises,
    passages,
    rubrics,
    told_points,
)
from autograder.release.prediction_rules import known_predictions, prompts
from autograder.release.source import BEGIN_SOLUTION

LONGEST_CELL = 15
Rule = Callable[[NotebookNode, NotebookNode], Iterator[Complaint]]
MARKDOWN_PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(")
CODE_SPAN = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
INLINE_FORMULA = re.compile(r"(?<![\\$])\$([^$]+)\$")
LIST_MARKER = re.compile(r"\n\s*(?:[-+*]|\d+[.)])\s")
HTML_PICTURE = re.compile(r"<(?:img|svg)\b(?P<rest>[^>]*)>", re.IGNORECASE)


def complaints(source: NotebookNode, lesson: NotebookNode) -> list[Complaint]:
    """Everything that is wrong with a source and the lesson made of it."""
    return [complaint for rule in RULES for complaint in rule(source, lesson)]


def name_of(cell: NotebookNode, position: int) -> str:
    """How an error calls a cell: its grade_id, or its place and first words."""
    first = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
    return grade_id(cell) or f"cell {position} ({first[:40]})"


def code_lines(source: str) -> int:
    """Lines that are neither empty nor comments."""
    return sum(1 for line in source.splitlines() if line.strip() and not line.strip().startswith("#"))


def short_cells(source: NotebookNode, lesson: NotebookNode) -> Iterator[Complaint]:
    """No cell of the lesson has over 15 lines of code."""
    for position, cell in enumerate(lesson.cells, 1):
        if cell.cell_type == "code" and (lines := code_lines(cell.source)) > LONGEST_CELL:
            yield (
                name_of(cell, position),
                f"has {lines} lines of code; split it, or move plumbing into gradlab (at most {LONGEST_CELL})",
            )


def valid_python(source: NotebookNode, lesson: NotebookNode) -> Iterator[Complaint]:
    """Every code cell of the lesson is Python."""
    for position, cell in enumerate(lesson.cells, 1):
        if cell.cell_type == "code" and tree_of(cell.source) is None:
            yield name_of(cell, position), "is not valid Python once the answer is taken out; move the markers"


def stubs_in_bodies(source: NotebookNode, lesson: NotebookNode) -> Iterator[Complaint]:
    """A stub raises only inside a function, so that “Run all” goes on."""
    for position, cell in enumerate(lesson.cells, 1):
        tree = tree_of(cell.source) if cell.cell_type == "code" else None
        if tree is not None and any(_raises_on_import(node) for node in tree.body):
            yield (
                name_of(cell, position),
                "raises when the cell runs, which stops “Run all”; put the markers inside the function body",
            )


def _raises_on_import(node: ast.stmt) -> bool:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    if isinstance(node, ast.Raise):
        return True
    return any(_raises_on_import(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt))


def alt_texts(source: NotebookNode, lesson: NotebookNode) -> Iterator[Complaint]:
    """Every picture says in words what it shows."""
    for position, cell in enumerate(lesson.cells, 1):
        where = name_of(cell, position)
        if cell.cell_type == "markdown":
            if any(not picture["alt"].strip() for picture in MARKDOWN_PICTURE.finditer(cell.source)):
                yield where, "has a picture without alt text; write ![what it shows](…)"
            if any(
                "alt=" not in p["rest"] and "aria-label=" not in p["rest"] for p in HTML_PICTURE.finditer(cell.source)
            ):
                yield where, "has an <img> or <svg> without alt text"
        elif (tree := tree_of(cell.source)) is not None:
            yield from ((where, what) for what in _figures_without_alt(tree))


def _figures_without_alt(tree: ast.Module) -> Iterator[str]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in calls:
        name = ast.unparse(call.func)
        if name in ("show", "figures.show", "explore") and not any(
            k.arg == "alt" and _says_something(k.value) for k in call.keywords
        ):
            yield f"calls {name}(…) without alt=…; say in words what the figure shows"
        if name == "plt.show":
            yield "calls plt.show(), which has no alt text; use show(figure, alt=…) from gradlab.explore.figures"
    drawn = {"plt.subplots", "plt.figure", "plt.plot"} & {ast.unparse(call.func) for call in calls}
    shown = {"show", "figures.show"} & {ast.unparse(call.func) for call in calls}
    defines_only = all(isinstance(node, (ast.FunctionDef, ast.Import, ast.ImportFrom)) for node in tree.body)
    if drawn and not shown and not defines_only:
        yield "draws a figure that it does not show; end with show(figure, alt=…) from gradlab.explore.figures"


def _says_something(value: ast.expr) -> bool:
    return not (isinstance(value, ast.Constant) and not str(value.value or "").strip())


def whole_formulas(source: NotebookNode, lesson: NotebookNode) -> Iterator[Complaint]:
    """No line of text begins with a list marker inside a formula: Markdown would begin a list there."""
    for position, cell in enumerate(lesson.cells, 1):
        if cell.cell_type != "markdown":
            continue
        text = CODE_SPAN.sub("", cell.source)
        for formula in INLINE_FORMULA.findall(text):
            if LIST_MARKER.search(formula):
                yield (
                    name_of(cell, position),
                    f"breaks the formula ${formula.splitlines()[0]} … before a list marker; move the line break",
                )


def no_leaks(source: NotebookNode, lesson: NotebookNode) -> Iterator[Complaint]:
    """Nothing of an answer is left in the lesson."""
    for position, cell in enumerate(lesson.cells, 1):
        for marker in (BEGIN_SOLUTION, "### END SOLUTION", "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"):
            if marker in cell.source:
                yield name_of(cell, position), f"still holds {marker}; the markers must come in pairs"
    outside = [(name_of(cell, i), cell.source) for i, cell in enumerate(lesson.cells, 1)]
    for exercise, lines in _hidden_lines(source).items():
        for where, text in outside:
            found = next((line for line in lines if line in text), None)
            if found:
                yield where, f"shows a line of the answer to {exercise}: {found[:60]}"


def _hidden_lines(source: NotebookNode) -> dict[str, list[str]]:
    """The telling lines between the solution markers, by exercise."""
    hidden: dict[str, list[str]] = {}
    for cell in source.cells:
        if not nbgrader_metadata(cell).get("solution"):
            continue
        inside = False
        for line in cell.source.splitlines():
            if line.strip() == BEGIN_SOLUTION:
                inside = True
            elif line.strip() == "### END SOLUTION":
                inside = False
            elif (
                inside
                and len(line.strip()) >= 25
                and not line.strip().startswith(("#", "raise ", "for ", "import ", "from "))
            ):
                hidden.setdefault(grade_id(cell), []).append(line.strip())
    return hidden


RULES: tuple[Rule, ...] = (
    complete_exercises,
    judged_exercises,
    told_points,
    rubrics,
    passages,
    prompts,
    known_predictions,
    valid_python,
    stubs_in_bodies,
    no_leaks,
    alt_texts,
    whole_formulas,
    short_cells,
)
