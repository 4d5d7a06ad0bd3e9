"""The Probe: how a check or an exam looks at an answer, wherever the answer lives."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from gradlab.probe.answer import Answer, Raised
from gradlab.probe.call import Call
from gradlab.probe.perform import Performer
from gradlab.probe.plain import NotPlain, from_plain, to_plain


class ProbeError(Exception):
    """The other side did not answer in the form, size or time agreed; to a marker that is a wrong answer."""


@dataclass(frozen=True)
class Probe:
    """Looks at one answer: `probe(tensor, 2.0)` calls it, `probe.look(Call(…))` asks for more.

    `send` takes a request as plain data and returns what was seen as plain data. `source` is the text of the cell that
    the answer came from, for the few exercises that ask for a way of writing and not only for a value.
    """

    send: Callable[[dict], dict]
    source: str = ""

    @classmethod
    def of(cls, answer: Any, source: str = "") -> "Probe":
        """A probe of an object in this process; it sees what a probe from another process would see."""
        return cls(Performer(answer).perform, source)

    def __call__(self, *arguments: Any, **options: Any) -> Answer:
        """Call the answer with these arguments; options are the other fields of `Call`."""
        return self.look(Call(arguments, **options))

    def look(self, call: Call) -> Answer:
        """Perform one call. Raises ProbeError if what comes back is not an answer."""
        request = {field.name: to_plain(getattr(call, field.name)) for field in fields(call)}
        try:
            return _answer(self.send(request))
        except (NotPlain, TypeError, KeyError, AttributeError, ValueError) as error:
            raise ProbeError(f"what came back is not an answer: {error}") from None


def _answer(seen: dict) -> Answer:
    """An Answer from plain data; every field is rebuilt, none is trusted to have the right type."""
    raised = seen.get("raised")
    return Answer(
        value=from_plain(_detached(seen.get("value"))),
        type=str(seen.get("type", "NoneType"))[:200],
        requires_grad=seen.get("requires_grad") is True,
        gradients={str(name): from_plain(g) for name, g in seen.get("gradients", {}).items()},
        gradient_error=str(seen.get("gradient_error", ""))[:4000],
        raised=raised and Raised(str(raised["type"]), tuple(map(str, raised["bases"])), str(raised["message"])[:4000],
                                 str(raised["traceback"])[:4000]),
        changed=tuple(map(str, seen.get("changed", ()))),
        left_grad=tuple(map(str, seen.get("left_grad", ()))),
        shares_memory=tuple(map(str, seen.get("shares_memory", ()))),
        parameters={str(name): from_plain(_detached(p)) for name, p in seen.get("parameters", {}).items()},
        kept=seen["kept"] if type(seen.get("kept")) is int else None,
        operations={
            (str(name), tuple(tuple(int(n) for n in shape) for shape in shapes)): int(count)
            for name, shapes, count in seen.get("operations", ())
        },
        nodes=tuple(map(str, seen.get("nodes", ()))),
        node_count=int(seen.get("node_count", 0)),
        timed_out=seen.get("timed_out") is True,
    )


def _detached(plain: Any) -> Any:
    """The same plain value without any `requires_grad`: judges compare numbers and must not meet a graph."""
    if isinstance(plain, dict):
        return {key: _detached(value) for key, value in plain.items() if key not in ("requires_grad", "grad")}
    return [_detached(value) for value in plain] if isinstance(plain, list) else plain
