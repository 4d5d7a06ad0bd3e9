"""Stock `nbgrader autograde` against `gradlab grade` on the same hand-ins, and how time and memory grow with their number.

Run: python -m tests.benchmarks.grading [numbers, default 24 100 500] [--stock SAMPLE, default 4]. Prints ratios; times are
shown to judge the noise by. Run it on a machine that does nothing else.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from autograder.build.build import lesson_path, source_path
from autograder.build.source import read_source, without_solution_cells, write_bytes
from autograder.desk.course import tools_on_path
from tests.answers.bank import entries
from tests.autograder.desk.hand_ins import hand_in, hand_in_bytes, solved

LESSON = "01-soft-thresholding"
STOCK_CONFIG = 'c = get_config()\nc.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}\n'


def mixture(course: Path, number: int) -> None:
    """Hand-ins that are right, wrong, slow, broken and hostile, in the proportions 12 : 8 : 2 : 1 : 1."""
    answers = solved(LESSON)
    wrong = [entry for entry in entries(LESSON) if not entry.right]
    mistakes = cycle(wrong)
    slow = {"soft_abs": "import time\n" + answers["soft_abs"] + "\ntime.sleep(2)\n"}
    hostile = {"soft_sign": answers["soft_sign"] + "\nimport os\nos._exit(1)\n"}
    for k in range(number):
        student, kind = f"s{k:04d}", k % 24
        if kind < 12:
            hand_in(course, student, LESSON, answers)
        elif kind < 20:
            hand_in(course, student, LESSON, answers | {e.exercise: e.source for e in islice(mistakes, 3)})
        elif kind < 22:
            hand_in(course, student, LESSON, answers | slow)
        elif kind == 22:
            hand_in_bytes(course, student, LESSON, b'{"cells": [')
        else:
            hand_in(course, student, LESSON, answers | hostile)


def timed(command: list[str], cwd: Path) -> float:
    """Wall seconds of a command."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    return time.perf_counter() - started


def stock(folder: Path, sample: int) -> float:
    """Seconds a hand-in of `nbgrader autograde` as it is shipped, one right hand-in after the other."""
    course = folder / "stock"
    (course / "source" / LESSON).mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(STOCK_CONFIG)
    source = without_solution_cells(read_source(source_path(LESSON)))
    (course / "source" / LESSON / lesson_path(LESSON).name).write_bytes(write_bytes(source))
    timed(["nbgrader", "generate_assignment", LESSON], course)
    for k in range(sample):
        hand_in(course, f"s{k}", LESSON, solved(LESSON))
    return timed(["nbgrader", "autograde", LESSON], course) / sample


def ours(folder: Path, number: int, fill) -> tuple[float, float]:
    """Seconds a hand-in of `gradlab grade`, and the memory of its largest process in MB.

    Processor time is not measured: a sandbox's processes are reaped inside it, and nobody outside is told theirs.
    """
    course = folder / f"ours-{number}-{fill.__name__}"
    fill(course, number)
    file = folder / "peak.json"
    program = (
        "import json, resource, sys\nfrom autograder.cli import app\ntry:\n    app()\nfinally:\n    json.dump([resource.getrusage(who)"
        f".ru_maxrss / 1e3 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)], open({str(file)!r}, 'w'))\n"
    )
    script = folder / "grade.py"
    script.write_text(program)
    started = time.perf_counter()
    command = [sys.executable, str(script), "grade", LESSON, "--course", str(course)]
    subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    marked = len(list(course.glob("autograded/*/*/*.ipynb")))
    assert marked == number, f"{marked} of {number} were marked"
    return seconds / number, max(json.loads(file.read_text()))


def right(course: Path, number: int) -> None:
    """The hand-ins that the stock run has."""
    for k in range(number):
        hand_in(course, f"s{k}", LESSON, solved(LESSON))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", type=int, default=[24, 100, 500])
    parser.add_argument("--stock", type=int, default=4)
    arguments = parser.parse_args()
    tools_on_path()
    folder = Path(tempfile.mkdtemp(prefix="gradlab-benchmark-"))
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    theirs = stock(folder, arguments.stock)
    print(f"stock nbgrader autograde: {theirs:.2f} s a hand-in; it draws every position of the explorers, gradlab grade the first")
    same, _ = ours(folder, 12, right)
    print(f"  12 right hand-ins, start included: {theirs / same:.1f} x stock")
    for number in arguments.numbers:
        each, peak = ours(folder, number, mixture)
        print(f"{number:4d} mixed: {each:.2f} s each, {theirs / each:.1f} x stock, largest process {peak:.0f} MB")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
