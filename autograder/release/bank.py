"""The bank of right and wrong answers: one file an exercise, one section an answer.

A section begins with `# %% right: how it is written`, or `# %% wrong: label of the misconception that it must earn`, or
`# %% half: label` where it earns half of the points (anything after ` -- ` is a remark). It runs after PREAMBLE, as an answer cell
runs after a lesson's first cell.
"""

import linecache
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from autograder.notebooks.places import bank_path
from gradlab.exercises.draw import Draw
from gradlab.exercises.exercise import Exercise
from gradlab.exercises.judge import judge
from gradlab.exercises.registry import find_exercise
from gradlab.exercises.verdict import Outcome, Verdict
from gradlab.probe import Probe

HEADER = re.compile(r"^# %% (right|half|wrong): *(.+?)(?: -- .*)?$", re.MULTILINE)
OUTCOMES = {"right": Outcome.RIGHT, "half": Outcome.HALF, "wrong": Outcome.WRONG}
PREAMBLE = "import math\nimport numpy as np\nimport torch\nimport torch.nn.functional as F\nfrom torch import nn\n"


@dataclass(frozen=True)
class Entry:
    """One answer of the bank."""

    lesson: str
    exercise: str
    outcome: Outcome
    label: str
    source: str
    number: int

    @property
    def right(self) -> bool:
        return self.outcome is Outcome.RIGHT

    @property
    def id(self) -> str:
        return f"{self.exercise}-{self.number}-{self.outcome.split()[0]}-{self.label.replace(' ', '-')}"

    def namespace(self) -> dict:
        """What the notebook's namespace holds after the answer cell ran; `inspect.getsource` works on it."""
        filename = f"<bank {self.id}>"
        text = self.source
        linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
        namespace = {"__name__": "__main__"}
        exec(PREAMBLE, namespace)
        exec(compile(text, filename, "exec"), namespace)
        return namespace


@cache
def entries(lesson: str) -> tuple[Entry, ...]:
    """Every answer in the bank for a lesson folder, in order."""
    found = []
    for path in sorted(bank_path(lesson).glob("*.py")):
        pieces = HEADER.split(path.read_text(encoding="utf-8"))[1:]
        for number, (kind, label, source) in enumerate(zip(pieces[::3], pieces[1::3], pieces[2::3]), 1):
            found.append(Entry(lesson, path.stem, OUTCOMES[kind], label.strip(), source.strip() + "\n", number))
    return tuple(found)


def disagreements(entry: Entry, seeds: int) -> Iterator[str]:
    """What the check and the exams under so many seeds say of an answer, where it is not what the bank says."""
    probe = Probe.of(entry.namespace()[entry.exercise], entry.source, entry.exercise)
    for seed, verdict in _verdicts(find_exercise(entry.exercise), probe, seeds):
        if verdict.outcome is not entry.outcome or (not entry.right and verdict.misconception != entry.label):
            yield f"{entry.id}: {_said(seed, verdict)}"


def unrecognised(exercise: Exercise, seeds: int) -> Iterator[str]:
    """What is said of the exercise's known mistakes, run as answers, where one does not earn its own label."""
    for number, mistake in enumerate(exercise.mistakes, 1):
        for seed, verdict in _verdicts(exercise, Probe.of(mistake.answer, mistake.source), seeds):
            if verdict.misconception != mistake.label:
                yield f"{exercise.name}: mistake {number}, {mistake.label}: {_said(seed, verdict)}"


def _verdicts(exercise: Exercise, probe: Probe, seeds: int) -> Iterator[tuple[int | None, Verdict]]:
    for seed in (None, *range(seeds)):
        yield seed, judge(exercise, probe, Draw(seed))


def _said(seed: int | None, verdict: Verdict) -> str:
    where = "check" if seed is None else f"exam with seed {seed}"
    return f"{where}: {verdict.outcome}, {verdict.misconception or 'no label'}\n{verdict.text}"
