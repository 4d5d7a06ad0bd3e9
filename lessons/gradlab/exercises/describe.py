"""Calls and values as a learner would type or read them."""

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
        return f"{value:.6g}"
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
        return f"{values:.6g}" if isinstance(values, float) else str(values)

    return f"tensor({rows(tensor.tolist())}{kind})"


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
    text = describe(answer.value)
    return (
        text if isinstance(answer.value, (torch.Tensor, Opaque)) or answer.value is None else f"{text} ({answer.type})"
    )
