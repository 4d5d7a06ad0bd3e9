"""Known wrong answers as runnable data: `NAME.mistakes.py` beside an exercise.

A section begins with `# %% mistake: label`; comment lines under it are the sentence that the learner reads, a last one
`# look: passage` names the passage that helps. Then comes a wrong answer, or several: each definition of the exercise's
name shows another way to make the same mistake. So does a further section with the same label, which needs no sentence.
The names of the exercise's module are at hand, and
math, np, torch, F and nn; lines before the first section (imports) are run for every section.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from gradlab.exercises.cases import Case, Raises
from gradlab.exercises.compare import agrees, as_bool
from gradlab.exercises.look import look
from gradlab.probe import Answer, Probe

HEADER = re.compile(r"^# %% mistake: *(.+?)(?: -- .*)?$", re.MULTILINE)
AT_HAND = {"math": math, "np": np, "torch": torch, "F": F, "nn": nn}
LOOSE = {torch.float64: (1e-6, 1e-9), torch.float32: (1e-4, 1e-5)}


@dataclass(frozen=True, eq=False)
class Mistake:
    """A wrong answer: its label, its sentence, and its text; `make` makes the answer out of one to another exercise."""

    label: str
    sentence: str
    source: str
    name: str
    namespace: dict[str, Any]
    look: str = ""
    make: Callable[..., Any] | None = None

    @cached_property
    def answer(self) -> Any:
        """The wrong answer itself: its text, run."""
        namespace = {**AT_HAND, **self.namespace, "__name__": "__main__"}
        exec(compile(self.source, f"<mistake {self.label}>", "exec"), namespace)
        written = namespace[self.name]
        return written if self.make is None else self.make(written)

    def shows(self, case: Case) -> Answer:
        """What this wrong answer shows in a case; it is run there once."""
        if self not in case.shown:
            case.shown[self] = look(Probe.of(self.answer, self.source), case)
        return case.shown[self]


def read_mistakes(path: Path, name: str, namespace: dict[str, Any]) -> tuple[Mistake, ...]:
    """The mistakes of a file. Raises ValueError where the first of a label has no sentence."""
    first_lines, *pieces = HEADER.split(path.read_text(encoding="utf-8"))
    told: dict[str, tuple[str, str]] = {}
    found = []
    for label, body in zip(pieces[::2], pieces[1::2]):
        lines = body.strip().splitlines()
        size = next((k for k, line in enumerate(lines) if not line.startswith("#")), len(lines))
        words = [line.removeprefix("#").strip() for line in lines[:size]]
        passage = next((word.removeprefix("look:").strip() for word in words if word.startswith("look:")), "")
        sentence = " ".join(word for word in words if not word.startswith("look:"))
        if not sentence and label not in told:
            raise ValueError(
                f"{path.name}: {label}: write the sentence that the learner reads under the header, as comments"
            )
        told.setdefault(label, (sentence, passage))
        before, *ways = re.split(
            rf"^(?=(?:def|class) {name}\b|{name} =)", "\n".join(lines[size:]) + "\n", flags=re.MULTILINE
        )
        for way in ways or [""]:
            source = first_lines + before + way
            found.append(Mistake(label, told[label][0], source, name, namespace, told[label][1]))
    return tuple(found)


def shows_the_same(case: Case, answer: Answer, wrong: Answer) -> bool:
    """Does a wrong answer show what was seen: the same exception, the same wrong value, or the same wrong gradients?"""
    if answer.timed_out or wrong.timed_out:
        return False
    if isinstance(case.expected, Raises):  # no wrong formula says why bad input was taken, or met with another error
        return False
    if answer.raised is not None or wrong.raised is not None:
        return answer.raised is not None and wrong.raised is not None and _gist(answer) == _gist(wrong)
    if not _same(answer.value, wrong.value, case.expected, entrywise=case.atol == 0):
        return False
    right, wrong_right = (agrees(each.value, case.expected, case.rtol, case.atol) for each in (answer, wrong))
    if not right:
        return not wrong_right and _nearer(answer.value, wrong.value, case.expected)
    if not wrong_right:
        return False
    found, told = answer.gradients, wrong.gradients
    same_gradients = found.keys() == told.keys() and all(
        _same(found[name], told[name], case.gradients.get(name)) for name in found
    )
    return (
        same_gradients
        and bool(answer.gradient_error) == bool(wrong.gradient_error)
        and answer.requires_grad == wrong.requires_grad
        and (answer.changed, answer.left_grad) == (wrong.changed, wrong.left_grad)
    )


def _gist(answer: Answer) -> tuple[str, str]:
    assert answer.raised is not None
    return answer.raised.type, re.sub(r"[\d.]+", "#", answer.raised.message)


def _same(value: Any, wrong: Any, expected: Any, entrywise: bool = False) -> bool:
    """Equal up to rounding and to the spelling of a formula, in units of what is expected, or of each entry itself."""
    if isinstance(value, torch.Tensor) and isinstance(wrong, torch.Tensor):
        if value.shape != wrong.shape or value.dtype != wrong.dtype:
            return False
        rtol, atol = LOOSE.get(wrong.dtype, (0.0, 0.0))
        return agrees(value, wrong, rtol, 0.0 if entrywise else atol * max(_largest(wrong), _largest(expected)))
    if isinstance(value, (list, tuple)) and isinstance(wrong, (list, tuple)):
        others = (
            expected if isinstance(expected, (list, tuple)) and len(expected) == len(value) else [None] * len(value)
        )
        return len(value) == len(wrong) and all(map(_same, value, wrong, others))
    if as_bool(value) is not None or as_bool(wrong) is not None:
        return as_bool(value) is as_bool(wrong)
    return agrees(value, wrong, 1e-6, 1e-9)


def _nearer(value: Any, wrong: Any, expected: Any) -> bool:
    """At least ten times as near to the wrong value as to the expected one, where tensors can tell."""
    if not all(isinstance(each, torch.Tensor) and each.shape == wrong.shape for each in (wrong, value, expected)):
        return True
    to_wrong, to_right = ((value.double() - each.double()).abs().nan_to_num(0.0) for each in (wrong, expected))
    return not to_wrong.numel() or bool(10 * to_wrong.max() <= to_right.max()) or not bool(to_right.any())


def _largest(value: Any) -> float:
    """The largest finite entry of a tensor, 0 for anything else."""
    if not isinstance(value, torch.Tensor) or not value.is_floating_point():
        return 0.0
    finite = value[torch.isfinite(value)].abs()
    return float(finite.max()) if finite.numel() else 0.0
