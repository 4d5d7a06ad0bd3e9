"""Stock `nbgrader autograde` against `gradlab grade` on the same hand-ins, what a hand-in costs, and how that grows.

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
from collections import defaultdict
from itertools import cycle, islice
from pathlib import Path
from statistics import mean

from nbformat import NotebookNode

from autograder.desk.course.folder import tools_on_path
from autograder.marking.replay import explorer_sources
from autograder.notebooks.files import write_bytes
from autograder.notebooks.places import lesson_path, source_path
from autograder.release.bank import entries
from autograder.release.source import read_source, without_solution_cells
from autograder.sandbox.view import environment
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


def drop_explorers(notebook: NotebookNode) -> None:
    """Take the explorers out of a hand-in."""
    notebook.cells = [cell for cell in notebook.cells if cell.source not in explorer_sources(LESSON)]


def run(command: list[str], cwd: Path, **options) -> str:
    """Run a module as a program; its output."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True, **options)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    return done.stdout


def stock(folder: Path, sample: int, change=None) -> float:
    """Seconds a hand-in of `nbgrader autograde` as it is shipped, one right hand-in after the other."""
    course = folder / f"stock-{change.__name__ if change else 'whole'}"
    (course / "source" / LESSON).mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(STOCK_CONFIG)
    source = without_solution_cells(read_source(source_path(LESSON)))
    (course / "source" / LESSON / lesson_path(LESSON).name).write_bytes(write_bytes(source))
    run(["nbgrader", "generate_assignment", LESSON], course)
    for k in range(sample):
        hand_in(course, f"s{k}", LESSON, solved(LESSON), change)
    started = time.perf_counter()
    run(["nbgrader", "autograde", LESSON], course)
    return (time.perf_counter() - started) / sample


def ours(folder: Path, number: int, fill) -> tuple[float, dict[str, float]]:
    """Seconds a hand-in of `gradlab grade`, start included, and the means of what the meters saw."""
    course, meters = folder / f"ours-{number}-{fill.__name__}", folder / f"{number}-{fill.__name__}.jsonl"
    fill(course, number)
    started = time.perf_counter()
    run(["tests.benchmarks.metered", str(meters), "grade", LESSON, "--course", str(course)], Path.cwd())
    seconds = time.perf_counter() - started
    marked = len(list(course.glob("autograded/*/*/*.ipynb")))
    assert marked == number, f"{marked} of {number} were marked"
    seen = defaultdict(list)
    for line in meters.read_text().splitlines():
        for name, value in json.loads(line).items():
            seen[name].append(value)
    return seconds / number, {name: mean(values) for name, values in seen.items()}


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
    theirs, quick = stock(folder, arguments.stock), stock(folder, arguments.stock, drop_explorers)
    print(
        f"stock nbgrader autograde: {theirs:.2f} s a hand-in; {quick:.2f} s for one without explorers, of which it draws every position"
    )
    same, cost = ours(folder, 12, right)
    print(
        f"  12 right, start included: {same:.2f} s each, {theirs / same:.1f} x stock ({quick / same:.1f} x without explorers)"
    )
    outside = cost["worker"] + cost["writer"]
    whole, cells = map(
        float, run(["tests.benchmarks.bare_cells", LESSON], Path.cwd(), env={**os.environ, **environment()}).split()
    )
    print(
        f"processor time of one: {cost['sandbox']:.2f} s inside, {outside:.2f} s outside; {(cost['sandbox'] + outside) / whole:.2f} x its bare cells, "
        f"{(cost['sandbox'] + outside) / cells:.2f} x those that are run (untouched explorers are not)"
    )
    print(f"memory of its own, sandbox and worker: {cost['megabytes']:.0f} MB")
    for number in arguments.numbers:
        each, cost = ours(folder, number, mixture)
        print(
            f"{number:4d} mixed: {each:.2f} s each, {theirs / each:.1f} x stock ({quick / each:.1f} x without explorers), "
            f"grader {cost['grader']:.0f} MB, own {cost['megabytes']:.0f} MB"
        )
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
