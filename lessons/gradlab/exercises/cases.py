"""One call of an answer, and what must come of it."""

from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from gradlab.probe import Answer, Call


@dataclass(frozen=True)
class Raises:
    """The right behaviour is an exception of this type, with a message."""

    type: str = "ValueError"


@dataclass(frozen=True)
class Between:
    """Every entry may lie anywhere in [low, high]: a whole Clarke set is right."""

    low: Tensor
    high: Tensor


class Anything:
    """The value is judged elsewhere; only the other rungs count."""


ANYTHING = Anything()


class Reference:
    """The value is what the reference of the exercise gives for the same call."""


REFERENCE = Reference()


@dataclass(frozen=True)
class Case:
    """One call and what must come of it.

    `expected` is a tensor, a number, a bool, None, text, a list or tuple of these, `Between`, `Raises`, ANYTHING, or
    REFERENCE. `gradients` maps the arguments that the call differentiates by, named by position, to what the gradient
    must be (a tensor or `Between`). Tolerances default by dtype: 1e-9 relative in float64, 2e-5 in float32; `atol`
    likewise, in units of the largest expected entry. `construct` is the call that makes the object which `call` then
    calls, for exercises that ask for a class or for a function of a function. `about` ends up in the message: "in the
    dead zone". `data` is for the symptoms of the exercise alone. `shown` keeps what known mistakes showed in this case.
    """

    call: Call
    expected: Any = REFERENCE
    gradients: dict[str, Any] = field(default_factory=dict)
    rtol: float | None = None
    atol: float | None = None
    construct: Call | None = None
    about: str = ""
    data: Any = None
    shown: dict[Any, Answer] = field(default_factory=dict, init=False, compare=False, repr=False)


def case(
    *arguments: Any,
    expected: Any = REFERENCE,
    gradients: dict[str, Any] | None = None,
    rtol: float | None = None,
    atol: float | None = None,
    construct: tuple[Any, ...] | None = None,
    about: str = "",
    data: Any = None,
    **options: Any,
) -> Case:
    """A case from the arguments of its call; `options` are the other fields of `Call`, for both of its calls.

    The gradients with respect to the arguments named in `gradients` are asked for. Without it, `Exercise` asks for those
    that its `graph` names, wherever they are tracked, and expects those of its reference.
    """
    made = None if construct is None else Call(construct, keep=True, **options)
    call = Call(arguments, gradients=tuple(gradients or ()), **options)
    return Case(call, expected, gradients or {}, rtol, atol, made, about, data)
