"""Lesson 3, exercise `impostor`: a program of the zero function whose autograd derivative at 0 is any number."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import torch

from gradlab.exercises import verdict
from gradlab.exercises.compare import as_number
from gradlab.exercises.describe import describe, describe_answer
from gradlab.exercises.verdict import Verdict
from gradlab.exercises.writing import names_used
from gradlab.probe import Answer, Probe
from gradlab.probe.answer import Opaque

NAME = "impostor"
LOOK = "“Meet functions that autograd gets wrong”"
FEW = 40  # points at which a program is called one by one, where it cannot take a vector

BANS = {
    "detach": (".detach", ".detach_"),
    "custom-function": (".Function", "Function", ".custom_op", ".register_autograd", ".register_vjp"),
    "no-grad": (".no_grad", ".inference_mode", ".set_grad_enabled"),
    "data": (".data",),
    "item": (".item", ".tolist"),
    "numpy": (".numpy", "np", "numpy"),
    "copy": ("copy", "deepcopy", ".copy", ".deepcopy"),
    "hidden-name": (
        "getattr(…)", "eval", "exec", "__import__", "globals", "locals", "vars", ".__dict__", ".__getattribute__",
        ".import_module", ".attrgetter", ".methodcaller", "._C",
    ),
}  # fmt: skip
SENTENCES = {
    "detach": "This uses detach, which cuts the graph: whatever derivative is left is one you made by hand.",
    "custom-function": "This uses a custom autograd.Function, whose backward says whatever you write into it.",
    "no-grad": "This switches autograd off for a part of the computation, which cuts the graph.",
    "hook": "This uses a hook, which overwrites the gradient on its way back.",
    "data": "This uses .data, which is detach under another name.",
    "item": "This turns the tensor into a Python number, which cuts the graph.",
    "numpy": "This uses NumPy, which autograd does not see.",
    "copy": "This makes a copy of x outside the graph.",
    "hidden-name": "This calls something by a name that cannot be read off the program. Write the operations out.",
}
TASK = " The exercise asks for ordinary operations only: autograd must be right about each of them, and wrong about the whole."
CUSTOM_NODE = re.compile(r"^(?!torch::).*Backward$")


def judge_impostor(probe: Probe, coefficients: Sequence[float], points: torch.Tensor) -> Verdict:
    """Value exactly 0 at the points, only ordinary operations, autograd's derivative c at 0, for each coefficient."""
    reported = []
    for c in coefficients:
        made = probe(c, keep=True)
        if not made.attempted:
            return verdict.not_attempted(NAME)
        if made.kept is None or made.timed_out:
            return _wrong(c, made, "raised", "It raised an error, or did not come to an end, instead of returning a function.")
        if not isinstance(made.value, Opaque):
            sentence = "impostor(c) must return a function, which is then called on tensors: define one inside and return it."
            return _wrong(c, made, "not-a-function", sentence, expected="a function of a tensor")
        seen = _zero_function(probe, c, made.kept, points)
        if isinstance(seen, Verdict):
            return seen
        if banned := _banned(probe, c, seen):
            return banned
        reported.append(_derivative_at_zero(seen[0]))
    return _explain_derivatives(coefficients, reported)


def _zero_function(probe: Probe, c: float, program: int, points: torch.Tensor) -> list[Answer] | Verdict:
    """What calls at 0 (first) and at all points showed, if every value was exactly 0; else what is wrong with them.

    A program may take a vector, or one number at a time, with or without an axis: all are functions of a tensor.
    """
    few = torch.cat([points[:: max(1, len(points) // FEW)], points[-5:]])
    ways = [[points], [p for p in few], [p.reshape(1) for p in few]]
    zero = [points.new_zeros(()), points.new_zeros(()), points.new_zeros(1)]
    complaints = []
    for way, at_zero in zip(ways, zero):
        seen = []
        for x in [at_zero, *way]:
            answer = probe(x.clone().requires_grad_(), target=program, gradients=("0",), record=x is at_zero)
            seen.append(answer)
            if complaint := _not_zero(c, x, answer):
                complaints.append(complaint)
                break
        else:
            return seen
    return next((each for each in complaints if each.misconception != "raised"), complaints[1])


def _not_zero(c: float, x: torch.Tensor, answer: Answer) -> Verdict | None:
    """What is wrong with the value at x, if anything is."""
    if not answer.attempted:
        return verdict.not_attempted(NAME)
    if answer.raised or answer.timed_out:
        return _wrong(c, answer, "raised", "The function that impostor returned raised an error.", x)
    number = as_number(answer.value)
    value = answer.value if isinstance(answer.value, torch.Tensor) else None if number is None else torch.tensor(number)
    if value is None or value.numel() == 0:
        return _wrong(c, answer, "not-a-tensor", "The function that impostor returned must return a tensor.", x)
    if bool((value == 0).all()):
        if answer.changed or answer.left_grad:
            return _wrong(c, answer, "changed-input", "The function changed its argument, or left a .grad on it.", x)
        return None
    size = c * x if value.shape == x.shape else x
    if value.shape == x.shape and bool(((value - c * x).abs() <= 1e-9 * (c * x).abs()).all()):
        sentence = "This is the function c·x: its derivative is c, but its value is not 0."
        return _wrong(c, answer, "linear", sentence, x, "zeros")
    if bool((value.abs().max() <= 1e-6 * max(1.0, float(size.abs().max())))):
        sentence = "The value is only 0 up to rounding, or close to 0: it must be exactly 0 at every point."
        return _wrong(c, answer, "nearly-zero", sentence, x, "zeros")
    return _wrong(c, answer, "not-zero", "The function must have the value 0 everywhere, and here it has not.", x, "zeros")


def _banned(probe: Probe, c: float, seen: Sequence[Answer]) -> Verdict | None:
    """A way around the exercise, read off the program, off what it did, or off derivatives that cannot be."""
    label = _read_ban(probe.source) or _seen_ban(seen[0])
    if label:
        return _wrong(c, seen[0], label, SENTENCES[label] + TASK)
    slopes = [slope.reshape(-1) for answer in seen[1:] if (slope := answer.gradients.get("0")) is not None]
    if slopes and float((torch.cat(slopes).abs() > 1e-6 * max(1.0, abs(c))).double().mean()) > 0.1:
        sentence = (
            "At many points away from 0, too, autograd reports a derivative that is not 0. Ordinary operations do not do "
            "that to a function that is 0 everywhere; a graph that is cut somewhere does." + TASK
        )
        return _wrong(c, seen[-1], "cut-graph", sentence)
    return None


def _read_ban(source: str) -> str | None:
    names = names_used(source, NAME)
    if any("hook" in name.lower() for name in names):
        return "hook"
    return next((label for label, banned in BANS.items() if names.intersection(banned)), None)


def _seen_ban(at_zero: Answer) -> str | None:
    return "custom-function" if any(CUSTOM_NODE.match(node) for node in at_zero.nodes) else None


def _derivative_at_zero(at_zero: Answer) -> float | None:
    slope = at_zero.gradients.get("0")
    return None if slope is None else float(slope.reshape(-1)[0])


def _explain_derivatives(coefficients: Sequence[float], reported: Sequence[float | None]) -> Verdict:
    """All derivatives at once, since one alone may agree by accident."""
    pairs = [(c, 0.0 if slope is None else slope) for c, slope in zip(coefficients, reported)]
    off = [(c, slope) for c, slope in pairs if not _same(slope, c)]
    if not off:
        return verdict.right(NAME)
    c, slope = off[0]
    label, sentence = _what_derivatives_say(pairs)
    return verdict.wrong(
        NAME,
        label,
        sentence,
        called=f"the derivative at 0 of impostor(c={describe(c)})",
        returned="None: no graph" if reported[list(coefficients).index(c)] is None else describe(slope),
        expected=describe(float(c)),
        look=LOOK,
    )


def _what_derivatives_say(pairs: Iterable[tuple[float, float]]) -> tuple[str, str]:
    pairs = [(float(c), slope) for c, slope in pairs]
    moving = [(c, slope) for c, slope in pairs if c != 0]
    if all(_same(slope, 0.0) for _, slope in pairs):
        return "true-derivative", "The value is 0, and so is the derivative that autograd reports: it got this program right."
    if all(_same(slope, -c) for c, slope in moving):
        return "sign", "The value is 0, but the derivative at 0 is −c: it has the wrong sign."
    if len({round(slope, 9) for _, slope in pairs}) == 1:
        return "ignores-c", "The derivative at 0 is the same number for every c: multiply something by c."
    factor = moving[0][1] / moving[0][0]
    if all(_same(slope, factor * c) for c, slope in moving):
        return "factor", f"The value is 0, but the derivative at 0 is {describe(factor)} times c."
    return "wrong-derivative", "The value is 0, but the derivative that autograd reports at 0 is not c."


def _same(slope: float, wanted: float) -> bool:
    return abs(slope - wanted) <= 1e-6 * max(abs(wanted), 1e-3)


def _wrong(c: float, answer: Answer, label: str, sentence: str, x: Any = None, expected: str = "") -> Verdict:
    return verdict.wrong(
        NAME,
        label,
        sentence,
        called=f"impostor(c={describe(c)})" + ("" if x is None else f"({describe(x)})"),
        returned=describe_answer(answer),
        expected=expected,
        look=LOOK,
        traceback=answer.raised.traceback if answer.raised else "",
    )


def visible_points() -> torch.Tensor:
    """1000 points between −10 and 10, 0 and very small ones among them."""
    tiny = torch.tensor([1e-30, -1e-30, 1e-9], dtype=torch.float64)
    return torch.cat([torch.linspace(-10, 10, 997, dtype=torch.float64), tiny])


def check_impostor(probe: Probe) -> Verdict:
    """Lesson 3, `impostor(c)`."""
    return judge_impostor(probe, (1.0, -2.5, 0.0, 7, 100.0), visible_points())
