"""Slips in the exercises of lesson 6 that differentiate a function (z, θ) or search for its fixed point."""

from dataclasses import replace
from math import prod

from gradlab.exercises import Case, Exercise, Raises, Verdict
from gradlab.exercises.compare import agrees, tensors_agree
from gradlab.exercises.judge import describe_case
from gradlab.exercises.slips import TUPLE, raises, value_type
from gradlab.exercises.symptom import slip
from gradlab.probe import Answer, Probe

FOLD = "“Watch two roots meet”"
WALK = "“Walk to a fixed point”"


@slip("singular-unchecked", look=FOLD)
def SINGULAR_UNCHECKED(case: Case, answer: Answer) -> bool:
    """torch.linalg stumbled over a singular matrix, or, where it "failed to converge", over nan. Look at it before you
    solve, and say in your own words, with a ValueError, that there is no derivative, or no fixed point, here."""
    return raises("_LinAlgError")(case, answer)


@slip("unused")
def UNUSED(case: Case, answer: Answer) -> bool:
    """The function does not use what you differentiate by, and its derivative is zero. There autograd.grad stops; with
    allow_unused=True it returns None, with materialize_grads=True the zeros."""
    none = raises("TypeError", "NoneType")(case, answer) or value_type("NoneType")(case, answer)
    return (none and "ignores" in case.about) or raises("RuntimeError", "not have been used in the graph")(case, answer)


@slip("untracked")
def UNTRACKED(case: Case, answer: Answer) -> bool:
    """Autograd was asked for a derivative and found no graph. Work on a detached copy, of each argument that you
    differentiate by, that requires a gradient; torch.func makes it itself. A function that uses no such argument has no
    graph at all, and its derivative is zero."""
    return raises("RuntimeError", "does not require grad", "One of the differentiated Tensors")(case, answer)


@slip("graph-freed")
def GRAPH_FREED(case: Case, answer: Answer) -> bool:
    """The graph was freed by the first product that you took with it. Keep it with retain_graph=True until the last
    one."""
    return raises("RuntimeError", "backward through the graph a second time")(case, answer)


@slip("few-digits")
def FEW_DIGITS(case: Case, answer: Answer) -> bool:
    """This is close, but only to a few digits: a finite difference, a solve that stopped early, or something added to
    the matrix. Autograd and one linear solve give them all."""
    value, expected = answer.value, case.expected
    if isinstance(expected, Raises) or value.dtype != expected.dtype or agrees(value, expected, case.rtol, case.atol):
        return False
    return tensors_agree(value, expected, 0.0, 1e-3 * float(expected.abs().max()))


@slip("shapes")
def SHAPES(case: Case, answer: Answer) -> bool:
    """Two shapes do not fit. v, u and every product with the derivative in z have the shape of z; only a pull-back gives
    the shape of theta. Do all that concerns z first, and pull back to theta once, in the end."""
    said = ("shape", "size", "dimension")
    return raises("RuntimeError", *said)(case, answer)


DERIVATIVE_SLIPS = (SINGULAR_UNCHECKED, UNUSED, UNTRACKED, GRAPH_FREED, SHAPES, TUPLE, FEW_DIGITS)


def whole_jacobian(exercise: Exercise, probe: Probe, asked: Case, entries: int, remedy: str) -> Verdict | None:
    """The verdict where a tensor of so many numbers goes into any operation: a Jacobian was built."""
    operations = probe.look(replace(asked.call, record=True)).operations
    shapes = {shape for _, inputs in operations for shape in inputs if prod(shape) >= entries}
    if not shapes:
        return None
    return exercise.wrong(
        "whole-jacobian",
        f"The value is right, but on the way a tensor of shape {min(shapes)} was built. {remedy}",
        called=describe_case(exercise, asked),
    )
