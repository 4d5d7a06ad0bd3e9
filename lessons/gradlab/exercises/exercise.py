"""What an exercise is: its signature, its reference, its cases, and the known ways to get it wrong."""

import ast
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from gradlab.exercises import verdict
from gradlab.exercises.cases import Case
from gradlab.exercises.draw import Draw
from gradlab.exercises.mistakes import Mistake, read_mistakes
from gradlab.exercises.symptom import Fits, Symptom, sentence_of
from gradlab.exercises.verdict import Verdict
from gradlab.probe import Probe

Cases = Callable[[Draw], Iterable[Case]]
Inspection = Callable[[Probe, Draw], Verdict | None]


@dataclass(frozen=True)
class Group:
    """Cases that are judged together; the first group in which something fails decides.

    What fails only in a `special` group (bad input, extreme sizes, another dtype) costs half of the points.
    """

    cases: Cases
    rtol: float | None = None
    atol: float | None = None
    special: bool = False


class Exercise:
    """An exercise, filled in by the functions of its module.

    `signature` is what the learner writes: "soft_abs(x, lam)"; for a class or a function that returns a function, both
    calls: "argmin_layer(f, x0)(theta)". `graph` names the arguments from which the autograd graph must be kept, `look`
    the passage of the lesson that helps, `slips` the shared symptoms that are told apart after the exercise's own.
    `half` says whether an answer whose ordinary values are right has half of the points; not where the graph is the point.
    """

    def __init__(
        self, signature: str, *, graph: str = "", look: str = "", slips: Iterable[Symptom] = (), half: bool = True
    ):
        self.name, self.construction, self.arguments = _read_signature(signature)
        maker = inspect.currentframe()
        assert maker is not None and maker.f_back is not None
        self.module = maker.f_back.f_globals  # where the exercise is made, its mistakes are beside
        self.graph = tuple(graph.split())
        self.look = look
        self.symptoms: list[Symptom] = []
        self.slips = tuple(slips)
        self.half = half
        self.steps: list[Group | Inspection] = []
        self.right_answer: Callable[..., Any] | None = None
        self.parts: list[tuple[Exercise, Callable[..., Any], tuple[str, ...]]] = []
        self.kept: dict[tuple[Group, str], tuple[list[Case], dict[str, Any]]] = {}  # cases of the last draws

    def reference(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Decorates the reference: a right answer by another road, whose values and gradients are expected."""
        self.right_answer = function
        return function

    def cases(self, function: Cases) -> Cases:
        """Decorates a function that yields the cases of a group from a draw; groups are judged in the order written."""
        self.steps.append(Group(function))
        return function

    def special_cases(self, function: Cases) -> Cases:
        """Decorates a special group of cases."""
        self.steps.append(Group(function, special=True))
        return function

    def precise_cases(self, rtol: float, atol: float = 0.0, special: bool = False) -> Callable[[Cases], Cases]:
        """Decorates a group of cases with tolerances of its own."""

        def decorate(function: Cases) -> Cases:
            self.steps.append(Group(function, rtol, atol, special))
            return function

        return decorate

    def inspection(self, function: Inspection) -> Inspection:
        """Decorates a look at the answer that no case can give (its text, its graph, two calls compared).

        It returns a verdict where something is wrong, else None; it is made in turn with the groups of cases.
        """
        self.steps.append(function)
        return function

    def symptom(self, label: str, look: str = "", repeated: bool = False) -> Callable[[Fits], Fits]:
        """Decorates a predicate (case, answer) that recognises a mistake which no function can show.

        The docstring is the sentence that the learner reads. A `repeated` one must show in half of the failures.
        """

        def decorate(fits: Fits) -> Fits:
            self.symptoms.append(Symptom(label, sentence_of(fits), fits, look, repeated))
            return fits

        return decorate

    def built_on(self, part: "Exercise", without: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorates a function that makes an answer to this exercise out of an answer to another one, `part`.

        What it makes out of the known wrong answers to `part` are then known wrong answers here, with the same labels
        and sentences, except for the labels in `without`. The mistakes of this exercise itself come first.
        """

        def decorate(make: Callable[..., Any]) -> Callable[..., Any]:
            self.parts.append((part, make, tuple(without.split())))
            return make

        return decorate

    @cached_property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The known wrong answers: from the file `NAME.mistakes.py` beside the module, then those of its parts."""
        path = Path(self.module["__file__"]).with_suffix(".mistakes.py")
        own = read_mistakes(path, self.name, self.module) if path.exists() else ()
        of_parts = (
            replace(mistake, make=make)
            for part, make, without in self.parts
            for mistake in part.mistakes
            if mistake.label not in without
        )
        return (*own, *of_parts)

    def wrong(self, label: str, sentence: str, **details: Any) -> Verdict:
        """The verdict that an inspection gives; `details` are the other fields of `Verdict`."""
        fields: dict[str, Any] = {"look": self.look, **details}
        return verdict.wrong(self.name, label, sentence, **fields)


def _read_signature(signature: str) -> tuple[str, tuple[str, ...] | None, tuple[str, ...]]:
    """Name, arguments of the first call where there are two, and arguments of the last call."""
    *first, last = (f"({part}" for part in signature.split("(")[1:])
    name = signature.split("(")[0]
    construction, arguments = (_argument_names(part) for part in (first[0] if first else "()", last))
    return name, construction if first else None, arguments


def _argument_names(text: str) -> tuple[str, ...]:
    function = ast.parse(f"def f{text}: pass").body[0]
    assert isinstance(function, ast.FunctionDef)
    return tuple(argument.arg for argument in function.args.args)
