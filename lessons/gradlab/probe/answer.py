"""What was seen when an answer was called."""

from dataclasses import dataclass, field
from typing import Any

import torch

TORCH_SAYS = (
    "not implemented for '",
    'missing the required "forward"',
    "You must implement either the",
    "Could not run 'aten::",
)


@dataclass(frozen=True)
class Raised:
    """The exception that came instead of a value: its type, all types it descends from, its text, the learner's lines."""

    type: str
    bases: tuple[str, ...]
    message: str
    traceback: str = ""


@dataclass(frozen=True)
class Opaque:
    """A returned object that is not plain data; only its type is known."""

    type: str


@dataclass(frozen=True)
class Answer:
    """Everything one call showed.

    `value` is plain: tensors are detached copies, other objects `Opaque`. `type` is the type's name as returned.
    `gradients` maps each name asked for to a tensor, or to None where the graph does not reach it. `changed`,
    `left_grad` and `shares_memory` list arguments (by position, "0.1" for an item of a list, or "0.name" for a tensor that a
    named function closes over); a list that holds other objects than before has changed too. `operations` maps (operation,
    shapes of its tensor inputs) to how often it ran. `borrowed` names functions of gradlab that answer the exercise and
    were called. `made` is what was seen when the object that was called was constructed.
    """

    value: Any = None
    type: str = "NoneType"
    requires_grad: bool = False
    gradients: dict[str, torch.Tensor | None] = field(default_factory=dict)
    gradient_error: str = ""
    raised: Raised | None = None
    changed: tuple[str, ...] = ()
    left_grad: tuple[str, ...] = ()
    shares_memory: tuple[str, ...] = ()
    parameters: dict[str, torch.Tensor] = field(default_factory=dict)
    kept: int | None = None
    operations: dict[tuple[str, tuple], int] = field(default_factory=dict)
    nodes: tuple[str, ...] = ()
    node_count: int = 0
    timed_out: bool = False
    borrowed: tuple[str, ...] = ()
    made: "Answer | None" = None

    @property
    def attempted(self) -> bool:
        """False for an untouched stub: it raises NotImplementedError, as torch does for what it cannot do."""
        if self.raised is None or "NotImplementedError" not in self.raised.bases:
            return True
        return any(words in self.raised.message for words in TORCH_SAYS)
