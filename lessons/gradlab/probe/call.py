"""What can be asked of an answer."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Named:
    """A function that both sides know by name: `Named("start_here.weighted_square", a=2.0)`.

    The part before the dot is a lesson, the part after it a builder in `gradlab.lessons.LESSON.functions`; the keyword
    arguments are plain data. What crosses is the name, never the function.
    """

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)

    def __init__(self, name: str, **arguments: Any):
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "arguments", arguments)

    def __repr__(self) -> str:
        return self.name.rpartition(".")[2]


@dataclass(frozen=True)
class Kept:
    """An object that an earlier call returned and the other side still holds."""

    number: int


@dataclass(frozen=True)
class Call:
    """Call the answer (or what an earlier call returned) with these arguments.

    - `arguments`, `keywords`: tensors (their `requires_grad` and `.grad` are taken over), numbers, text, None, lists,
      tuples, `Named` functions, `Kept` objects.
    - `target`: what to call; 0 is the answer itself, another number an object that was kept.
    - `gradients`: with respect to what the result is differentiated: names of arguments ("0", "1", … by position) or
      of parameters of a module ("M"). `cotangent` weighs the entries of the result (default: ones). The nodes of the graph
      that are nearest to the result are named.
    - `keep`: hold on to the result, so that it can be called or passed on.
    - `record`: count the operations and the nodes of the graph.
    - `seconds`: how long the answer may take.
    """

    arguments: tuple = ()
    keywords: dict[str, Any] = field(default_factory=dict)
    target: int = 0
    gradients: tuple[str, ...] = ()
    cotangent: Any = None
    keep: bool = False
    record: bool = False
    seconds: float = 10.0
