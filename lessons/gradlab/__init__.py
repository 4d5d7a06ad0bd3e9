"""gradlab: the helper package behind every lesson.

Lessons import `check` from here, the mathematics from `gradlab.maths`, and their figures from `gradlab.lessons.NAME`.
Nothing heavy is imported here.
"""

import importlib
import os
import sys

__version__ = "0.1.0"

EXAM_SOCKET = "GRADLAB_EXAM_FD"
"""The environment variable that is set while a hand-in is marked: the socket over which the grader looks at answers."""


def check(exercise: object) -> None:
    """Check the answer of that name in the notebook, show the verdict, and stop the cell if it is not right.

    While a hand-in is marked this does nothing: then the grader asks, and what judges answers is not there.
    """
    if EXAM_SOCKET not in os.environ:
        importlib.import_module("gradlab.exercises.check").check(exercise, sys._getframe(1).f_globals)


if "IPython" in sys.modules and EXAM_SOCKET not in os.environ:  # in a notebook: checks want to know which cell was run
    importlib.import_module("gradlab.exercises.current").remember_cells()
