"""`chain_flops(d, n, order)`: the leading-order number of floating-point operations of (A⁻¹A)ⁿ v."""

from collections.abc import Iterator

from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Raises, Verdict, case
from gradlab.exercises.describe import describe_answer
from gradlab.exercises.judge import describe_case
from gradlab.exercises.verdict import half_right
from gradlab.probe import Answer, Probe

exercise = Exercise("chain_flops(d, n, order)", look="“Choose the order”")


@exercise.reference
def counted(d: int, n: int, order: str) -> int:
    """Two operations for each of the d terms of an entry, in two products a round."""
    entries = {"vector": d, "matrix": d * d}
    if order not in entries:
        raise ValueError(f"no order is called {order!r}")
    return n * 2 * entries[order] * 2 * d


def size(d: int, order: str) -> int:
    """The multiplications of one product."""
    return d**2 if order == "vector" else d**3


@exercise.precise_cases(rtol=1e-12)
def both_orders(draw: Draw) -> Iterator[Case]:
    """Small and large chains, the last beyond what a float can count."""
    if draw.fixed:
        yield from (case(5, 10000, order) for order in ("vector", "matrix"))
    for d, n in [(draw.integer(3, 60), draw.integer(2, 5000)) for _ in range(3)] + [(30011, 10007)]:
        yield from (case(d, n, order) for order in ("vector", "matrix"))


@exercise.special_cases
def other_orders(draw: Draw) -> Iterator[Case]:
    """Names of no order; the first begins like one."""
    yield from (case(draw.integer(2, 9), draw.integer(2, 9), order) for order in ("matrices", "tensor", ""))


@exercise.symptom("accepts-any-order")
def accepts_any_order(case: Case, answer: Answer) -> bool:
    """There are two orders, "vector" and "matrix"; for any other name the task asks for a ValueError with a message."""
    return isinstance(case.expected, Raises) and answer.raised is None


@exercise.inspection
def whole_number(probe: Probe, draw: Draw) -> Verdict | None:
    """A count is an int, though a float of this size is right."""
    for each in both_orders(draw):
        answer = probe.look(each.call)
        if isinstance(answer.value, float) or (isinstance(answer.value, Tensor) and answer.value.is_floating_point()):
            floating = exercise.wrong(
                "float-not-int",
                "The count is right, but it is a float: beyond 2⁵³ a float cannot count. Use // instead of /, and 4 "
                "instead of 4.0.",
                called=describe_case(exercise, each),
                returned=describe_answer(answer),
                expected=str(counted(*each.call.arguments)),
            )
            return half_right(floating)
    return None
