"""The bank of right and wrong answers: one file an exercise, one section an answer.

A section begins with `# %% right: how it is written`, or `# %% wrong: label of the misconception that it must earn`, or
`# %% half: label` where it earns half of the points (anything after ` -- ` is a remark). It runs after PREAMBLE, as an answer cell runs after a lesson's first cell.
"""

import linecache
import re
from dataclasses import dataclass
from functools import cache

from autograder.notebooks.places import bank_path
from gradlab.exercises.verdict import Outcome

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
