"""`chain_error(A, v, n)`: the relative error of (A⁻¹A)ⁿ v, judged by exact losses and by bounds on round-off."""

from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor

from gradlab.exercises import ANYTHING, Case, Draw, Exercise, Verdict, case, tensor
from gradlab.exercises.compare import as_number
from gradlab.exercises.describe import describe_answer
from gradlab.exercises.judge import describe_case
from gradlab.exercises.verdict import half_right
from gradlab.lessons.wasteful_module.exercises._points import first_point
from gradlab.lessons.wasteful_module.exercises._products import products
from gradlab.maths.chains import CHAINS
from gradlab.probe import Answer, Probe

exercise = Exercise("chain_error(A, v, n)", look="“Let round-off grow”")
end = CHAINS["solve each round"]


@exercise.reference
def relative_error(A: Tensor, v: Tensor, n: int) -> Tensor:
    """A solve in the place of the inverse."""
    return torch.dist(end(A, v, n), v) / v.norm()


@exercise.cases
def exact(draw: Draw) -> Iterator[Case]:
    """A = [[1, ±2^k], [0, 1]] and v = (a, b): A v rounds a away, so the error is a/‖v‖ for each method and n ≥ 1."""
    a, b = (2 + place for place in draw.order(8)[:2])
    for v, n, corner in (((3, 4), 1, 2.0**60), ((a, b), 4, 2.0**60), ((b, a), 3, -(2.0**60)), ((a, b), 2, 2.0**30)):
        dtype = torch.float32 if corner == 2.0**30 else torch.float64
        A, lost = tensor([1, corner], [0, 1], dtype=dtype), v[0] / (v[0] ** 2 + v[1] ** 2) ** 0.5
        about = f"the first entry of v is rounded away: {dtype}"
        yield case(A, tensor(*v, dtype=dtype), n, expected=lost, rtol=1e-6, about=about)


@exercise.cases
def noisy(draw: Draw) -> Iterator[Case]:
    """Few and many rounds with one A, and many in float32: the error is round-off, somewhere within `data`."""
    point = first_point(draw)
    for A, x, n in ((point.A, point.x, 4), (point.A, point.x, 44), (point.A.float(), point.x.float(), 44)):
        unit = torch.finfo(x.dtype).eps
        bounds = unit / 100, 1000 * n * unit * float(torch.linalg.cond(A.double()))
        yield case(A, x, n, expected=ANYTHING, record=True, about=f"{x.dtype}", data=bounds)


@exercise.inspection
def round_off(probe: Probe, draw: Draw) -> Verdict | None:
    """The error is as large as round-off may be, in the dtype of v, of n rounds of two products with a vector."""
    seen = [(each, probe.look(each.call)) for each in (*noisy(draw), *exact(draw))]
    few, many = seen[0][1], seen[1][1]
    small = [(as_number(answer.value) or 0.0) < each.data[0] for each, answer in seen[:2]]
    for each, answer in seen:
        told = partial(exercise.wrong, called=describe_case(exercise, each), returned=describe_answer(answer))
        value, dtype, (low, high) = as_number(answer.value), each.call.arguments[1].dtype, each.data or (0.0, 1.0)
        if value is None:
            return told("not-a-number", "The answer must be one number: a tensor without axes.")
        if all(small):  # one may be, by luck
            sentence = "Round-off of a chain is not that small: is the result squared, or v compared with itself?"
            return told("too-small", sentence, expected=f"above {low:.2g}")
        if not value <= high:
            return told(
                "too-large",
                "This error is far larger than n·ε·κ(A). Undo each multiplication at once: Aⁿ first and A⁻ⁿ afterwards "
                "amplify every rounding error by the condition number in each round.",
                expected=f"below {high:.2g}",
            )
        if dtype is torch.float32 and 0 < value < low:
            sentence = "This is too accurate for float32: somewhere the chain runs in float64. Keep the dtype of v."
            return told("float64-inside", sentence, expected=f"above {low:.2g}")
        if isinstance(answer.value, Tensor) and answer.value.dtype != dtype:
            return half_right(
                told("wrong-dtype", f"The dtype is {answer.value.dtype}; it must stay that of v, {dtype}.")
            )
    d = len(seen[1][0].call.arguments[1])
    # Less than one product in all: the work was done in NumPy or Python numbers, where only values can be judged.
    if products(many, d) >= 1 and (products(many, d) - products(few, d)) / 40 < 1.9:
        return exercise.wrong(
            "rounds-skipped",
            "There is less work in this than n rounds of two products: apply A and A⁻¹ in every round, one after the "
            "other, without multiplying them out first.",
            called=describe_case(exercise, seen[1][0]),
        )
    return None


@exercise.symptom("vector-not-number")
def vector_not_number(case: Case, answer: Answer) -> bool:
    """This is a vector. The error is one number: the norm of the difference, divided by the norm of v."""
    return isinstance(answer.value, Tensor) and answer.value.dim() > 0
