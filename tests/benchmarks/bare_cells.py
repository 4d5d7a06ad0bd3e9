"""Processor time of a solved lesson's cells, run by IPython in a fork of a warm interpreter: no kernel, no sandbox, no exam.

Run: OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python -m tests.benchmarks.bare_cells LESSON. Prints seconds with the first
pictures of the explorers, and without explorers.
"""

import os
import sys

from autograder.marking.replay import explorer_sources
from autograder.sandbox.inside.zygote import warm_up
from gradlab.probe.examine import SOCKET
from tests.autograder.desk.hand_ins import filled, solved

REPETITIONS = 3


def processor_seconds(cells: list[str]) -> float:
    """Of a child that runs these cells."""
    child = os.fork()
    if child == 0:
        from IPython.core.interactiveshell import InteractiveShell

        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.environ[SOCKET] = "-1"  # a hand-in that is marked draws the first position of an explorer only
        shell = InteractiveShell.instance()
        os._exit(not all(shell.run_cell(cell).success for cell in cells))
    _, status, used = os.wait4(child, 0)
    if status:
        raise RuntimeError("a cell has failed")
    return used.ru_utime + used.ru_stime


def main(lesson: str) -> None:
    warm_up()
    cells = [cell.source for cell in filled(lesson, solved(lesson)).cells if cell.cell_type == "code"]
    quiet = [cell for cell in cells if cell not in explorer_sources(lesson)]
    for chosen in (cells, quiet):
        print(min(processor_seconds(chosen) for _ in range(REPETITIONS)))


if __name__ == "__main__":
    main(sys.argv[1])
