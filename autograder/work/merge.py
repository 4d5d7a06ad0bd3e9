"""Bring a newer lesson into a learner's work, cell by cell: the order and the text are the lesson's, the answers the learner's."""

from collections import defaultdict
from copy import deepcopy
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import nbformat
from nbformat import NotebookNode

from autograder.notebooks.cells import nbgrader_metadata
from autograder.work.matching import Lesson, Text, as_handed_out, is_answer, lost_names, names_of, own_id, text_of

ALIKE = 0.5  # how much of its text a cell that was rewritten must share with the old one, for notes to follow it
FIRST = -1  # the place of what stands before the first cell of the lesson


@dataclass
class Merged:
    """The work with the newer lesson in it, and what was done."""

    notebook: NotebookNode
    answers: list[str] = field(default_factory=list)  # kept
    own: int = 0  # cells of the learner's own, kept
    renewed: int = 0  # cells of the lesson with another text than before
    added: int = 0
    removed: int = 0
    notes: list[str] = field(default_factory=list)


def merge(work: NotebookNode, new: NotebookNode, known: set[Text]) -> Merged:
    """The learner's work with the new lesson; `known` are texts of cells that earlier editions handed out.

    Answers, predictions and changes that the learner made to a cell which the lesson left as it was stay where they are.
    What the lesson has rewritten is new; the learner's version of such a cell stands below it. Cells of the learner's own
    follow the cell after which they stand. To merge the same lesson again changes nothing.
    """
    lesson, cells = Lesson.of(new), [_sound(cell) for cell in work.cells]
    handed_out = [as_handed_out(cell, known | lesson.by_text.keys()) for cell in cells]
    places = _places(cells, lesson, handed_out)
    in_place = {place: index for index, place in places.items()}
    anchors = _anchors(cells, lesson, places)
    merged = Merged(_framed(work, new))
    below: dict[int, list[NotebookNode]] = defaultdict(list)
    slots: list[NotebookNode] = []
    for place, cell in enumerate(lesson.cells):
        if (index := in_place.get(place)) is None:
            merged.added += 1
            slots.append(deepcopy(cell))
        elif _stays(cells[index], cell, handed_out[index]):
            slots.append(_named_as(cell, cells[index]))
            if is_answer(cell) and not handed_out[index]:
                _tell_kept(merged, cells[index], cell)
        else:
            merged.renewed += 1
            slots.append(deepcopy(cell))
            if not handed_out[index]:  # the learner's version of a cell that the lesson has rewritten
                anchors[index] = place
                del places[index]
    gone: set[Text] = set()
    for index, cell in enumerate(cells):
        if index in places:
            continue
        text = text_of(cell)
        if handed_out[index] and text not in lesson.by_text and text not in gone:
            gone.add(text)
            merged.removed += 1
            continue
        merged.own += 1
        below[anchors[index]].append(cell)
    merged.notebook.cells = _in_order(slots, below)
    rewritten = min(merged.removed, merged.added)  # an old text gone and a new one come are one cell
    merged.renewed, merged.added, merged.removed = (
        merged.renewed + rewritten,
        merged.added - rewritten,
        merged.removed - rewritten,
    )
    return merged


def _places(cells: list[NotebookNode], lesson: Lesson, handed_out: list[bool]) -> dict[int, int]:
    """Place in the work → place in the lesson, for the cells that are the lesson's; the surest sign comes first."""
    found: dict[int, int] = {}
    free = set(range(len(lesson.cells)))

    def take(index: int, place: int | None) -> None:
        if place in free and index not in found:
            found[index] = place
            free.discard(place)

    for index, cell in enumerate(cells):
        take(index, lesson.by_id.get(cell.get("id", "")))
    for index, cell in enumerate(cells):
        for name in names_of(cell):
            take(index, lesson.by_name.get(name))
    for index, cell in enumerate(cells):
        take(index, next((place for place in lesson.by_text.get(text_of(cell), []) if place in free), None))
    for index, cell in enumerate(cells):
        for name in lost_names(cell) if not handed_out[index] else ():
            take(index, lesson.by_name.get(name))
    if not any(
        nbgrader_metadata(cell) for cell in cells
    ):  # then a text answer is known by the question before it alone
        for index in range(1, len(cells)):
            place = found.get(index - 1, len(lesson.cells)) + 1
            if not handed_out[index] and place in free and _is_text_answer(lesson.cells[place], cells[index]):
                take(index, place)
    return found


def _is_text_answer(new: NotebookNode, cell: NotebookNode) -> bool:
    return bool(nbgrader_metadata(new).get("solution")) and new.cell_type == cell.cell_type == "markdown"


def _anchors(cells: list[NotebookNode], lesson: Lesson, places: dict[int, int]) -> list[int]:
    """For each cell of the work the place in the lesson after which it stands: its own, its successor's, or the last before."""
    taken, anchors, last = set(places.values()), [], FIRST
    for index, cell in enumerate(cells):
        if index in places:
            last = places[index]
        else:
            later = [places[k] for k in range(index + 1, len(cells)) if k in places]
            end = next((place for place in later if place > last), len(lesson.cells))
            if (successor := _successor(cell, lesson, range(last + 1, end), taken)) is not None:
                taken.add(successor)
                last = successor
        anchors.append(last)
    return anchors


def _successor(cell: NotebookNode, lesson: Lesson, gap: range, taken: set[int]) -> int | None:
    """The cell of the lesson that this one was rewritten into, if one of this gap is like it."""
    alike = {
        place: SequenceMatcher(None, cell.source, lesson.cells[place].source, autojunk=False).ratio()
        for place in gap
        if place not in taken and lesson.cells[place].cell_type == cell.cell_type
    }
    best = max(alike, key=lambda place: alike[place], default=None)
    return best if best is not None and alike[best] >= ALIKE else None


def _stays(cell: NotebookNode, new: NotebookNode, untouched: bool) -> bool:
    """Does the cell of the work stay in this place of the lesson?

    It does where its text is the lesson's, where it is an answer, and where the learner changed what the lesson did not.
    """
    if text_of(cell) == text_of(new):
        return True
    return not untouched and (is_answer(new) or not _rewritten(cell, new))


def _tell_kept(merged: Merged, cell: NotebookNode, new: NotebookNode) -> None:
    name = next(names_of(new)).partition(" ")[2]
    merged.answers.append(name)
    if _rewritten(cell, new):
        merged.notes.append(f"{name}: your answer stays; the lesson has changed what stood there. Read the task again.")


def _rewritten(cell: NotebookNode, new: NotebookNode) -> bool:
    """Has the lesson another text for this cell than when the learner got it?"""
    then, now = (nbgrader_metadata(each).get("checksum") for each in (cell, new))
    if then is not None or now is not None:
        return then != now and then is not None
    return cell.get("id") != new.get("id")


def _named_as(new: NotebookNode, cell: NotebookNode) -> NotebookNode:
    """The learner's cell with the lesson's id and what nbgrader knows of it."""
    kept = deepcopy(cell)
    kept.id = new.id
    kept.metadata.pop("nbgrader", None)
    kept.metadata.update({key: deepcopy(new.metadata[key]) for key in ("nbgrader", "tags") if key in new.metadata})
    return kept


def _in_order(slots: list[NotebookNode], below: dict[int, list[NotebookNode]]) -> list[NotebookNode]:
    """The lesson's cells, and below each the learner's own, under ids that no other cell has."""
    ordered, taken = [], {cell.id for cell in slots}
    for place in range(FIRST, len(slots)):
        if place > FIRST:
            ordered.append(slots[place])
        for cell in below[place]:
            own = deepcopy(cell)
            own.id = own_id(own, taken)
            own.metadata.pop("nbgrader", None)
            taken.add(own.id)
            ordered.append(own)
    return ordered


def _sound(cell: NotebookNode) -> NotebookNode:
    """The cell with metadata that can be written to, whatever another editor left there."""
    sound = deepcopy(cell)
    if not isinstance(sound.get("metadata"), dict):
        sound["metadata"] = NotebookNode()
    return sound


def _framed(work: NotebookNode, new: NotebookNode) -> NotebookNode:
    """A notebook without cells: the learner's metadata, and the lesson's where that has none."""
    frame = nbformat.v4.new_notebook()
    own = work.get("metadata")
    frame.metadata = nbformat.from_dict({**new.metadata, **(own if isinstance(own, dict) else {})})
    return frame
