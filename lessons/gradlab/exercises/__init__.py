"""How an answer is judged: what an exercise asks for, the cases it is tried on, and the known ways to get it wrong.

This is the engine; the exercises themselves are in `gradlab.lessons.NAME.exercises`, one module each.
"""

from gradlab.exercises.case import ANYTHING, Between, Case, Raises, case
from gradlab.exercises.draw import Draw, tensor
from gradlab.exercises.exercise import Exercise
from gradlab.exercises.verdict import Outcome, Verdict

__all__ = ["ANYTHING", "Between", "Case", "Draw", "Exercise", "Outcome", "Raises", "Verdict", "case", "tensor"]
