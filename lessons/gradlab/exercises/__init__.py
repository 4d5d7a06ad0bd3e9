"""How an answer is judged: what an exercise asks for, the cases it is tried on, and the known ways to get it wrong.

This is the engine; the exercises themselves are in `gradlab.lessons.NAME.exercises`, one module each. What they write
with is imported when it is first asked for: verdicts and cards are read by commands that need no torch.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradlab.exercises.cases import ANYTHING, Between, Case, Raises, case
    from gradlab.exercises.draw import Draw, tensor
    from gradlab.exercises.exercise import Exercise
    from gradlab.exercises.verdict import Outcome, Verdict

__all__ = ["ANYTHING", "Between", "Case", "Draw", "Exercise", "Outcome", "Raises", "Verdict", "case", "tensor"]

_MODULES = {"Draw": "draw", "tensor": "draw", "Exercise": "exercise", "Outcome": "verdict", "Verdict": "verdict"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES.get(name, 'cases')}"), name)
