"""Looks at a layer, a function that searches for its value: the search must leave no graph and no memory behind."""

from dataclasses import replace

from torch import Tensor

from gradlab.exercises.cases import Case
from gradlab.exercises.compare import agrees
from gradlab.exercises.describe import describe, describe_answer
from gradlab.exercises.exercise import Exercise
from gradlab.exercises.judge import describe_case
from gradlab.exercises.look import look
from gradlab.exercises.symptom import slip
from gradlab.exercises.verdict import Verdict
from gradlab.probe import Answer, Probe
from gradlab.probe.answer import Opaque
from gradlab.probe.record import FEW_NODES


@slip("value-not-layer")
def VALUE_NOT_LAYER(case: Case, answer: Answer) -> bool:
    """It returned a tensor. The task asks for a *function of theta*, which returns the value when it is called."""
    return answer.made is not None and answer.made.type == "Tensor"


@slip("not-a-layer")
def NOT_A_LAYER(case: Case, answer: Answer) -> bool:
    """The task asks for a function of theta, and what came back cannot be called. Is a `return` missing?"""
    return answer.made is not None and not isinstance(answer.made.value, Opaque)


@slip("apply-missing")
def APPLY_MISSING(case: Case, answer: Answer) -> bool:
    """Called with theta it gave an object of a class, and no tensor. Of a torch.autograd.Function return its `apply`,
    not the class."""
    return isinstance(answer.value, Opaque)


LAYER_SLIPS = (VALUE_NOT_LAYER, NOT_A_LAYER, APPLY_MISSING)
"""Slips in a function that returns a function of theta."""


def graph_through_search(exercise: Exercise, probe: Probe, far: Case, near: Case) -> Verdict | None:
    """The verdict where the graph of the result grows with the way to it.

    Both cases lead to the same result; `near` starts the search at it, `far` somewhere else.
    """
    sizes = [len(look(probe, replace(each, call=replace(each.call, gradients=("0",)))).nodes) for each in (far, near)]
    if max(sizes) < FEW_NODES and sizes[0] == sizes[1]:
        return None
    counted = f"{sizes[0]} nodes, and {sizes[1]} from the result itself"
    size = f"{FEW_NODES} nodes or more" if max(sizes) >= FEW_NODES else counted
    return exercise.wrong(
        "through-iterations",
        f"Value and gradient are right, but the graph behind the result goes through the search: from this start it "
        f"has {size}. Search without a graph, and attach one linear solve to the result.",
        called=describe_case(exercise, far),
    )


def memory_between_calls(exercise: Exercise, probe: Probe, asked: Case, other: Case) -> Verdict | None:
    """The verdict where one layer, asked for theta, for another theta and for theta again, remembers an earlier call.

    The two cases have different results, and the same construction, which is made once.
    """
    assert asked.construct is not None
    kept = probe.look(asked.construct).kept or 0
    calls = [replace(each.call, target=kept) for each in (asked, other, asked)]
    first, between, again = (probe.look(call) for call in calls)
    near = {"rtol": 1e-6, "atol": 1e-6}
    stuck = isinstance(between.value, Tensor) and agrees(between.value, first.value, **near)
    if isinstance(first.value, Tensor) and agrees(again.value, first.value, **near) and not stuck:
        return None
    *_, start = exercise.construction or ("the start",)
    return exercise.wrong(
        "remembers",
        f"The layer was asked for theta, for theta = {describe(other.call.arguments[0])}, and for theta again, and "
        + ("returned one result for both thetas" if stuck else "returned another result in the end")
        + f". Every call starts from {start}: leave {start} as it is, and keep nothing from one call to the next.",
        called=describe_case(exercise, asked),
        returned=f"{describe_answer(first)}, later {describe_answer(again)}",
    )
