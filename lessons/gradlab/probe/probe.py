"""The Probe: how a check or an exam looks at an answer, wherever the answer lives."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

import torch

from gradlab.probe.answer import Answer, Raised
from gradlab.probe.call import Call
from gradlab.probe.perform import Performer
from gradlab.probe.plain import MOST_AXES, NotPlain, from_plain, to_plain

MOST = 2**63  # of anything that is counted


class ProbeError(Exception):
    """The other side did not answer in the form, size or time agreed; to a marker that is a wrong answer."""


@dataclass(frozen=True)
class Probe:
    """Looks at one answer: `probe(tensor, 2.0)` calls it, `probe.look(Call(…))` asks for more.

    `send` takes a request as plain data and returns what was seen as plain data. `source` is the text of the cell that
    the answer came from, for the few exercises that ask for a way of writing and not only for a value. `borrowed` gathers
    the names of gradlab's functions that the answer called although they answer the exercise, `stopped` the calls that took
    too long.
    """

    send: Callable[[dict], dict]
    source: str = ""
    borrowed: dict[str, None] = field(default_factory=dict, compare=False)
    stopped: list[Call] = field(default_factory=list, compare=False)

    @classmethod
    def of(cls, answer: Any, source: str = "", exercise: str = "") -> "Probe":
        """A probe of an object in this process; it sees what a probe from another process would see.

        With the name of an exercise, calls of functions of gradlab that answer it are noted.
        """
        return cls(Performer(answer, exercise).perform, source)

    def __call__(self, *arguments: Any, **options: Any) -> Answer:
        """Call the answer with these arguments; options are the other fields of `Call`."""
        return self.look(Call(arguments, **options))

    def look(self, call: Call) -> Answer:
        """Perform one call. Raises ProbeError if what comes back is not an answer."""
        request = {each.name: to_plain(getattr(call, each.name)) for each in fields(call)}
        try:
            seen = self.send(request)
        except (NotPlain, TypeError, KeyError, AttributeError, ValueError) as error:
            raise ProbeError(f"what came back is not an answer: {error}") from None
        try:
            answer = _answer(seen)
        except (NotPlain, TypeError, KeyError, AttributeError, ValueError, ArithmeticError, RuntimeError) as error:
            raise ProbeError(f"what came back is not an answer: {error}") from None
        self.borrowed.update(dict.fromkeys(answer.borrowed))
        if answer.timed_out:
            self.stopped.append(call)
        return answer


def _answer(seen: dict) -> Answer:
    """An Answer from plain data; every field is rebuilt, none is trusted to have the right type."""
    return Answer(
        value=from_plain(_detached(seen.get("value"))),
        type=str(seen.get("type", "NoneType"))[:200],
        requires_grad=seen.get("requires_grad") is True,
        gradients={str(name): _tensor_or_none(g) for name, g in seen.get("gradients", {}).items()},
        gradient_error=str(seen.get("gradient_error", ""))[:4000],
        raised=None if seen.get("raised") is None else _raised(seen["raised"]),
        changed=_names(seen.get("changed", ())),
        left_grad=_names(seen.get("left_grad", ())),
        shares_memory=_names(seen.get("shares_memory", ())),
        parameters={str(name): from_plain(_detached(p)) for name, p in seen.get("parameters", {}).items()},
        kept=seen["kept"] if type(seen.get("kept")) is int else None,
        operations={
            (str(name), tuple(map(_shape, shapes))): _count(count) for name, shapes, count in seen.get("operations", ())
        },
        nodes=_names(seen.get("nodes", ())),
        node_count=_count(seen.get("node_count", 0)),
        timed_out=seen.get("timed_out") is True,
        borrowed=_names(seen.get("borrowed", ())),
    )


def _detached(plain: Any) -> Any:
    """The same plain value without any `requires_grad`: judges compare numbers and must not meet a graph."""
    if isinstance(plain, dict):
        return {key: _detached(value) for key, value in plain.items() if key not in ("requires_grad", "grad")}
    return [_detached(value) for value in plain] if isinstance(plain, list) else plain


def _raised(plain: dict) -> Raised:
    return Raised(
        str(plain["type"])[:200], _names(plain["bases"]), str(plain["message"])[:4000], str(plain["traceback"])[:4000]
    )


def _names(plain: Any) -> tuple[str, ...]:
    return tuple(str(name)[:200] for name in plain)


def _tensor_or_none(plain: Any) -> torch.Tensor | None:
    value = from_plain(_detached(plain))
    if value is not None and not isinstance(value, torch.Tensor):
        raise NotPlain("a gradient is a tensor, or None")
    return value


def _shape(plain: Any) -> tuple[int, ...]:
    if not isinstance(plain, list) or len(plain) > MOST_AXES:
        raise NotPlain("a shape is a list of some whole numbers")
    return tuple(map(_count, plain))


def _count(plain: Any) -> int:
    if type(plain) is not int or not 0 <= plain < MOST:
        raise NotPlain("a count is a whole number")
    return plain
