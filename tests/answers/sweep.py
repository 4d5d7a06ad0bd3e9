"""Walk the bank under many seeds: `python -m tests.answers.sweep LESSON [EXERCISE …] --seeds 8`.

Prints every answer whose verdict or label is not what the bank says, with the seed; ends with exit code 1 if there is one.
Run it under other floating-point kernels too: `ATEN_CPU_CAPABILITY=default`, `MKL_CBWR=COMPATIBLE`, one and two threads.
"""

import argparse
import sys

import torch

from gradlab.course import LESSONS
from gradlab.exercises.draw import Draw
from gradlab.exercises.judge import judge
from gradlab.exercises.registry import exercise_names, find_exercise
from gradlab.probe import Probe
from tests.answers.bank import Entry, entries


def disagreements(entry: Entry, seeds: int) -> list[str]:
    """What the check and the exams under so many seeds say of an answer, where it is not what the bank says."""
    answer, found = entry.namespace()[entry.exercise], []
    for seed in (None, *range(seeds)):
        verdict = judge(find_exercise(entry.exercise), Probe.of(answer, entry.source, entry.exercise), Draw(seed))
        if verdict.outcome is not entry.outcome or (not entry.right and verdict.misconception != entry.label):
            said = "right" if verdict.right else f"{verdict.outcome}, {verdict.misconception}"
            found.append(f"{entry.id}: seed {seed}: {said}\n{verdict.text}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lesson", help="the beginning of a lesson's folder: 01")
    parser.add_argument("exercises", nargs="*", help="only these exercises")
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    lesson = next(name for name in LESSONS if name.startswith(options.lesson))
    wanted = set(options.exercises or exercise_names(lesson)) & set(exercise_names(lesson))
    walked = [entry for entry in entries(lesson) if entry.exercise in wanted]
    found = [line for entry in walked for line in disagreements(entry, options.seeds)]
    print(*found, f"{len(walked)} answers, {options.seeds} seeds and the check: {len(found)} disagree", sep="\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
