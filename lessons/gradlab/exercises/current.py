"""Is the answer that a check would judge the one that stands in the notebook's cell now?"""

import re
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from gradlab.exercises.writing import fault_in, seems_to_define

_CELL_IDS: dict[int, str] = {}  # number of a run → id of its cell, where the front end tells it


def trouble_with(exercise: str, answer: Any) -> str:
    """Why the answer in memory is not what the learner ran last; empty where it is, and outside a notebook.

    The kernel knows every cell that was run. Of those that define the name the last one must have run to its end, and the
    cell that the answer comes from must not have been run again without defining it.
    """
    if not InteractiveShell.initialized():
        return ""
    shell = InteractiveShell.instance()
    runs = _runs(shell)
    places = [place for place, run in enumerate(runs) if seems_to_define(exercise, run.text)]
    if not places or places[-1] == len(runs) - 1:  # the check stands in the cell that defines the answer
        return ""
    last = runs[places[-1]]
    if reason := fault_in(last.text):
        return (
            f"The cell that defines `{exercise}` did not run: {reason}. This check would judge an earlier version. "
            "Mend that line, run the cell, then check again."
        )
    if _is_from_another(shell, answer, last.text, [runs[place].text for place in places[:-1]]):
        return (
            f"The cell that defines `{exercise}` stopped with an error before it was defined. This check would judge an "
            "earlier version. Mend the error, run the cell, then check again."
        )
    later = [run.text for run in runs[places[-1] + 1 :] if last.cell and run.cell == last.cell]
    if answer is not None and later:
        return (
            f"The cell that defined `{exercise}` has been changed and no longer defines it{_another_name(later[-1])}. "
            "This check would judge an earlier version."
        )
    return ""


def cells_run() -> list[str]:
    """The text of every cell that was run in this notebook, in order; nothing outside a notebook."""
    return [run.text for run in _runs(InteractiveShell.instance())] if InteractiveShell.initialized() else []


def is_run_by_hand() -> bool:
    """Whether the cell that runs now was run in a front end that tells its id, as those do in which a person sees the card."""
    return InteractiveShell.initialized() and InteractiveShell.instance().execution_count in _CELL_IDS


@dataclass(frozen=True)
class Run:
    """The text of a cell that was run, and the cell's id where the front end tells one."""

    text: str
    cell: str


def _runs(shell: InteractiveShell) -> list[Run]:
    """All cells that were run in this kernel, the one that runs now included."""
    return [Run(text, _CELL_IDS.get(number, "")) for number, text in enumerate(shell.user_ns.get("In", [])) if number]


def remember_cells() -> None:
    """Keep the id of every cell that is run from now on, with its number, in a notebook whose front end tells ids."""
    if not InteractiveShell.initialized():
        return
    events = InteractiveShell.instance().events
    if _remember not in events.callbacks["pre_run_cell"]:
        events.register("pre_run_cell", _remember)


def _remember(info: Any) -> None:
    number = InteractiveShell.instance().execution_count
    _CELL_IDS.pop(number, None)  # a front end that keeps no history counts a number twice
    if info.cell_id:
        _CELL_IDS[number] = info.cell_id


def _is_from_another(shell: InteractiveShell, answer: Any, last: str, earlier: list[str]) -> bool:
    """Is this a function of an earlier cell, although a later one that was run defines it too?"""
    if not isinstance(answer, FunctionType) or last in earlier:
        return False
    return answer.__code__.co_filename in {_file_of(shell, text) for text in earlier} - {_file_of(shell, last)}


def _file_of(shell: InteractiveShell, text: str) -> str:
    """What the code of a cell is called in tracebacks."""
    return shell.compile.get_code_name(text, shell.transform_cell(text), 0)


def _another_name(text: str) -> str:
    found = re.search(r"^(?:def|class)\s+(\w+)", text, re.MULTILINE)
    return f": it defines `{found[1]}`" if found else ""
