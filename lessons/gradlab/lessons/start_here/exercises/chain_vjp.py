"""`chain_vjp(jacobians, v)`: v J_k ⋯ J_1 by products with vectors alone, a ValueError where shapes do not chain."""

from collections.abc import Callable, Iterator, Sequence
from functools import reduce

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Raises, Verdict, case
from gradlab.exercises.judge import describe_case
from gradlab.exercises.slips import FLOAT32_INSIDE, raises
from gradlab.lessons.start_here.exercises._matrix_products import matrix_products
from gradlab.probe import Answer, Probe

exercise = Exercise("chain_vjp(jacobians, v)", look="“Two directions through a chain”", slips=(FLOAT32_INSIDE,))


@exercise.reference
def as_a_row(jacobians: Sequence[Tensor], v: Tensor) -> Tensor:
    """Every Jacobian transposed and applied to a vector, in float64. Raises ValueError where shapes do not chain."""
    for J in reversed(jacobians):
        if J.dim() != 2 or v.dim() != 1 or J.shape[0] != len(v):
            raise ValueError(f"a vector of shape {tuple(v.shape)} meets a Jacobian of shape {tuple(J.shape)}")
        v = J.T.mv(v)
    return v


def chain(draw: Draw, *sizes: int, dtype: torch.dtype = torch.float64) -> list[Tensor]:
    """Jacobians of maps between spaces of these dimensions, from the first to the last."""
    return [draw.normal(after, before, dtype=dtype) for before, after in zip(sizes, sizes[1:])]


def walk(step: Callable, jacobians: Sequence[Tensor], v: Tensor, order: Sequence[Tensor]) -> Tensor:
    """A step for each Jacobian in some order, where the shapes chain in the right one; for the mistakes."""
    as_a_row(jacobians, v)
    return reduce(step, order, v)


@exercise.cases
def ordinary(draw: Draw) -> Iterator[Case]:
    """Square Jacobians, where a wrong order gives numbers, and no error."""
    yield case(chain(draw, 2, 2, 2), draw.normal(2), about="two square Jacobians")
    yield case(chain(draw, 3, 3, 3, 3), draw.normal(3), about="three square Jacobians")


@exercise.cases
def other_shapes(draw: Draw) -> Iterator[Case]:
    """Spaces of several dimensions, one of them 1; float32; a tuple; a tracked vector."""
    yield case(chain(draw, 4, 3, 2), draw.normal(2), about="4 numbers in, 2 out")
    yield case(chain(draw, 2, 5, 3, 4), draw.normal(4))
    yield case(chain(draw, 5, 3), draw.normal(3), about="one Jacobian")
    yield case(chain(draw, 3, 1, 4, 1), draw.normal(1), about="some spaces have one dimension")
    yield case(tuple(chain(draw, 3, 2, 4)), draw.normal(4).requires_grad_(True), about="a tuple of Jacobians")
    single = chain(draw, 3, 4, 2, dtype=torch.float32), draw.normal(2, dtype=torch.float32)
    yield case(*single, rtol=2e-4, atol=2e-4, about="float32")


@exercise.inspection
def by_vectors_alone(probe: Probe, draw: Draw) -> Verdict | None:
    """No product of two matrices was made, in a chain of which none can pass for one with a vector."""
    asked = case(chain(draw, 3, 5, 4, 6, 2), draw.normal(2), record=True)
    found = matrix_products(probe.look(asked.call))
    if not found:
        return None
    return exercise.wrong(
        "matrix-products",
        "The value is right, but matrices were multiplied with matrices. Start at v: a row times a matrix is a row again, so "
        "every product costs d² and not d³. That is what reverse mode saves.",
        called=describe_case(exercise, asked),
        returned="; ".join(found)[:200],
        expected="products with a vector alone",
    )


@exercise.special_cases
def edges(draw: Draw) -> Iterator[Case]:
    """No map at all; shapes that do not chain, sizes of 1 that broadcasting would stretch, what is no matrix or vector."""

    def bad(jacobians: list[Tensor], *shape: int, about: str) -> Case:
        return case(jacobians, draw.normal(*shape), expected=Raises(), about=about)

    yield case([], v := draw.normal(3), expected=v, about="an empty list")
    yield bad(chain(draw, 4, 3, 2), 3, about="v is too long")
    yield bad([*chain(draw, 4, 3), *chain(draw, 2, 5)], 5, about="a map gives 3 numbers, the next takes 2")
    yield bad(chain(draw, 2, 3), 1, about="v has 1 entry, the Jacobian 3 rows")
    yield bad([*chain(draw, 4, 3), *chain(draw, 1, 2)], 2, about="a map gives 3 numbers, the next takes 1")
    yield bad([*chain(draw, 4, 1), *chain(draw, 3, 2)], 2, about="a map gives 1 number, the next takes 3")
    yield bad([draw.normal(3)], 3, about="a Jacobian without columns")
    yield bad([draw.normal(2, 2, 2)], 2, about="a Jacobian with three axes")
    yield bad(chain(draw, 2, 2), 2, 2, about="v is a matrix")
    yield bad(chain(draw, 3, 2), 1, 2, about="v is a row with two axes")
    yield bad(chain(draw, 3, 1), about="v has no axis")


@exercise.symptom("empty-list")
def empty_list(case: Case, answer: Answer) -> bool:
    """An empty list is a chain of no maps, the identity: v comes back as it is."""
    return case.about == "an empty list"


@exercise.symptom("shapes-not-checked")
def shapes_not_checked(case: Case, answer: Answer) -> bool:
    """torch complained in its own way. Look at the shapes before you multiply, and raise a ValueError of your own."""
    return isinstance(case.expected, Raises) and raises("RuntimeError")(case, answer)


@exercise.symptom("stretched")
def stretched(case: Case, answer: Answer) -> bool:
    """Shapes that do not chain went through: torch stretches a size of 1 when it multiplies entry by entry, and `@` takes
    what is no matrix or no vector. Compare the shapes yourself, and raise a ValueError."""
    return isinstance(case.expected, Raises) and answer.raised is None


@exercise.symptom("wrong-end")
def wrong_end(case: Case, answer: Answer) -> bool:
    """The shapes did not fit. v has as many entries as the *last* map has outputs, so it meets the last Jacobian first, and
    from the left: v @ J, or J.T @ v."""
    return not isinstance(case.expected, Raises) and raises("RuntimeError", "size", "shape", "dimension")(case, answer)
