"""Which cell of a hand-in is the answer to what, whatever happened to it: split, moved, copied, retyped, without its name."""

import ast
import re
from collections import defaultdict
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder.marking.lesson_text import plain
from autograder.marking.source_cell import SourceCell
from autograder.notebooks.cells import grade_id, test_cell_name
from autograder.notebooks.settings import STUB, TEXT_STUB
from gradlab.course import LESSONS
from gradlab.exercises.registry import exercise_names
from gradlab.exercises.writing import bound_names_of, python_text

CHECK = re.compile(r"check\(\s*(?:(['\"])(\w+)\1|(\w+))\s*\)")


@dataclass
class Claims:
    """What was found, by the place of a cell in the hand-in.

    `answers`: the cell there is this answer. `tests`: these test cells stand behind the cell there. `replaced`: the cell
    there was nothing but a check and gives way to the source's test cell.
    """

    answers: dict[int, str] = field(default_factory=dict)
    tests: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    replaced: set[int] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)
    other_lesson: str = ""


def claim_cells(hand_in: NotebookNode, source: list[SourceCell], lesson_texts: frozenset[str]) -> Claims:
    """Find the answer to each question, and where its test belongs."""
    claims = Claims(other_lesson=_other_lesson(hand_in, {cell.name for cell in source}))
    places: dict[str, list[int]] = defaultdict(list)
    for place, cell in enumerate(hand_in.cells):
        if name := grade_id(cell):
            places[name].append(place)
    bound = [bound_names_of(cell.source) if cell.cell_type == "code" else set() for cell in hand_in.cells]
    for cell in source:
        if cell.solution and cell.cell_type == "code":
            _claim_code(cell, hand_in, places[cell.name], bound, claims)
        elif not cell.solution:
            _claim_test(cell, hand_in, places[cell.name], lesson_texts, claims)
    for cell in source:
        if cell.solution and cell.cell_type != "code":
            _claim_text(cell, hand_in, places, lesson_texts, claims)
    return claims


def _claim_code(
    source: SourceCell, hand_in: NotebookNode, named: list[int], bound: list[set[str]], claims: Claims
) -> None:
    """The cell that defines the answer last; where none does, the last that bears its name."""
    free = [place for place in range(len(hand_in.cells)) if place not in claims.answers]
    defining = [place for place in free if source.name in bound[place] and STUB not in hand_in.cells[place].source]
    named = [place for place in named if place in free]
    worked = [place for place in named if place in defining] or defining or named
    if not worked:
        return
    chosen = worked[-1]
    claims.answers[chosen] = source.name
    kind = hand_in.cells[chosen].cell_type
    if kind != "code":
        claims.remarks.append(
            f"The answer cell `{source.name}` had become a {kind} cell; it was marked as it should be."
        )
    if len(named) > 1:
        claims.remarks.append(
            f"The answer cell `{source.name}` is there {len(named)} times; every one was run, in the order of the notebook."
        )


def _claim_test(
    source: SourceCell, hand_in: NotebookNode, named: list[int], lesson_texts: frozenset[str], claims: Claims
) -> None:
    """The place of the learner's last check; the cell gives way where it holds nothing else."""
    checks = [
        place
        for place, cell in enumerate(hand_in.cells)
        if cell.cell_type == "code" and any(_is_test(source.name, found) for found in CHECK.finditer(cell.source))
    ]
    last = max([*named, *checks], default=None)
    if last is None:
        return
    claims.tests[last].append(source.name)
    text = plain(hand_in.cells[last].source)
    if CHECK.fullmatch(text) or text == plain(source.source) or (last in named and text in lesson_texts):
        claims.replaced.add(last)


def _is_test(test: str, found: re.Match[str]) -> bool:
    return test == test_cell_name(found[2] or found[3])


def _claim_text(
    source: SourceCell,
    hand_in: NotebookNode,
    places: dict[str, list[int]],
    lesson_texts: frozenset[str],
    claims: Claims,
) -> None:
    """The cell of that name; where it is untouched or gone, a text of the learner's own that stands near it."""
    named = places[source.name]
    worked = [place for place in named if not _is_stub(hand_in.cells[place].source, source.source)]
    if worked:
        claims.answers[worked[-1]] = source.name
        if len(named) > 1:
            claims.remarks.append(
                f"The answer cell `{source.name}` is there {len(named)} times; the last one that you worked on was marked."
            )
        return
    own = [
        place
        for place, cell in enumerate(hand_in.cells)
        if (cell.cell_type != "code" or _is_prose(cell.source))
        and place not in claims.answers
        and grade_id(cell) is None
        and plain(cell.source)
        and plain(cell.source) not in lesson_texts
    ]
    near = _near(own, named[-1], places) if named else own
    if lesson_texts and near:
        claims.answers[near[0]] = source.name
        claims.remarks.append(f"The answer `{source.name}` was found in a cell of its own; a person reads it.")
    elif named:
        claims.answers[named[-1]] = source.name


def _near(own: list[int], stub: int, places: dict[str, list[int]]) -> list[int]:
    """The cells of the learner's own that no cell of nbgrader's separates from the stub, those behind it first."""
    others = [place for found in places.values() for place in found if place != stub]
    last, first = (
        max((p for p in others if p < stub), default=-1),
        min((p for p in others if p > stub), default=10**9),
    )
    return [p for p in own if stub < p < first] + [p for p in reversed(own) if last < p < stub]


def _is_prose(code: str) -> bool:
    """Does a code cell hold nothing but comments and texts?"""
    try:
        body = ast.parse(python_text(code)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in body)


def _is_stub(text: str, source: str) -> bool:
    return plain(text) in ("", plain(source), plain(TEXT_STUB))


def _other_lesson(hand_in: NotebookNode, known: set[str]) -> str:
    """The lesson that a notebook belongs to, where none of its names are this lesson's and some are another's."""
    found = {name for cell in hand_in.cells if (name := grade_id(cell))}
    if not found or found & known:
        return ""
    return next((lesson for lesson in LESSONS if found & set(exercise_names(lesson))), "")
