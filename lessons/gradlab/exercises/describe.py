"""Calls and values as a learner would type or read them."""

import math
from collections.abc import Iterator
from typing import Any

import torch

from gradlab.probe import Answer, Call, Named
from gradlab.probe.answer import Opaque
from gradlab.probe.call import Kept

MOST_ENTRIES = 8
LONGEST_LIST = 1000  # characters


def describe(value: Any) -> str:
    """A short text for a value: six digits, tensors in full up to eight entries, beyond that shape and dtype."""
    if isinstance(value, torch.Tensor):
        return _tensor(value)
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, float):
        return f"{value + 0.0:.6g}"  # −0 is shown as 0
    if isinstance(value, (list, tuple)):
        inner = ", ".join(describe(item) for item in value)
        if len(inner) > LONGEST_LIST:
            inner = f"{inner[:LONGEST_LIST]}… {len(value)} entries"
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    if isinstance(value, Opaque):
        return f"an object of type {value.type}"
    if isinstance(value, (Named, Kept)):
        return repr(value)
    return repr(value)[:200]


def _tensor(tensor: torch.Tensor) -> str:
    tensor = tensor.detach()
    kind = "" if tensor.dtype is torch.float64 else f", {str(tensor.dtype).removeprefix('torch.')}"
    if tensor.numel() > MOST_ENTRIES or (
        tensor.numel() == 0 and tensor.dim() > 1
    ):  # no entries may be in very many rows
        return f"a tensor of shape {tuple(tensor.shape)}{kind}"

    def rows(values: Any) -> str:
        if isinstance(values, list):
            return "[" + ", ".join(rows(value) for value in values) + "]"
        return f"{values + 0.0:.6g}" if isinstance(values, float) else str(values)

    return f"tensor({rows(tensor.tolist())}{kind})"


def tell_apart(found: Any, wanted: Any) -> tuple[str, str]:
    """Two texts for two values, and if they would look the same, the first entry in which the values differ.

    An entry counts if it differs by a hundredth of the largest difference at least: the others may be round-off.
    """
    first, second = describe(found), describe(wanted)
    if first != second:
        return first, second
    pairs = [(place, a, b) for (place, a), (_, b) in zip(_entries(found), _entries(wanted))]
    gaps = [_gap(a, b) for _, a, b in pairs]
    if not any(gaps):
        return first, second
    place, a, b = pairs[next(k for k, gap in enumerate(gaps) if gap >= max(gaps) / 100)]
    at = "" if place == () else f" at index {place[0] if len(place) == 1 else place}"
    few = f"{a:.6g}", f"{b:.6g}"
    a_text, b_text = few if few[0] != few[1] else (repr(a), repr(b))
    away = f" ({abs(a - b):.2g} away)" if math.isfinite(a - b) else ""
    return f"{first}, {a_text}{at}", f"{second}, {b_text}{at}{away}"


def _gap(a: float, b: float) -> float:
    """How far two numbers are apart; nan is infinitely far from a number, and not from nan."""
    if a == b or (math.isnan(a) and math.isnan(b)):
        return 0.0
    return math.inf if math.isnan(a) or math.isnan(b) else abs(a - b)


def _entries(value: Any, place: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], float]]:
    """Every number in a value, with the indices that lead to it."""
    if isinstance(value, torch.Tensor):
        value = value.detach().double().tolist()
    if isinstance(value, (list, tuple)):
        for k, item in enumerate(value):
            yield from _entries(item, (*place, k))
    elif isinstance(value, (int, float)):
        yield place, float(value)


def describe_call(exercise: str, names: tuple[str, ...], call: Call) -> str:
    """The call as a line of Python: `soft_abs(x=tensor([3]), lam=16)`."""
    named = [*zip(names, call.arguments), *call.keywords.items()]
    return f"{exercise}({', '.join(f'{name}={describe(value)}' for name, value in named)})"


def describe_answer(answer: Answer) -> str:
    """What came back, with its type where that is not what one sees."""
    if answer.timed_out:
        return "nothing in time"
    if answer.raised is not None:
        first = answer.raised.message.strip().splitlines()
        return answer.raised.type + (f": {first[0][:200]}" if first else "")
    plain = isinstance(answer.value, (torch.Tensor, Opaque)) or answer.value is None
    return describe(answer.value) if plain else f"{describe(answer.value)} ({answer.type})"
