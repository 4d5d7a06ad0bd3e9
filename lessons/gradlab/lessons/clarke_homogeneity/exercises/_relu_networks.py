"""Bias-free ReLU networks on which lesson 3's exercises are tried, and slips in functions of a list of weights."""

from itertools import pairwise

from torch import Tensor

from gradlab.exercises import Case, Draw
from gradlab.exercises.compare import agrees, as_number
from gradlab.exercises.slips import raises
from gradlab.exercises.symptom import slip
from gradlab.maths.homogeneous import hidden_inputs, network
from gradlab.probe import Answer

Network = tuple[list[Tensor], Tensor]  # the weights, and a point x
SHAPES = (((3, 4, 1), 1), ((2, 5, 3, 1), -1), ((4, 3, 5, 2, 1), 1), ((5, 2, 1), -1))  # widths, and the sign of f


def random_network(draw: Draw, widths: tuple[int, ...], sign: int) -> Network:
    """A network and a point well away from kinks: f has this sign, every layer has units that are on and units off."""
    while True:
        weights = [draw.normal(after, before, scale=1.5 * before**-0.5) for before, after in pairwise(widths)]
        x = draw.normal(widths[0])
        clear = all(z.max() > 0.02 and z.min() < -0.02 and z.abs().min() > 0.02 for z in hidden_inputs(weights, x))
        if clear and sign * network(weights, x) > 0.1:
            return weights, x


def network_with_kink(draw: Draw, layer: int) -> Network:
    """A network in which exactly one unit has z = 0, in whole numbers, whose sums are exact on every machine."""
    while True:
        weights = [draw.uniform(-3, 3, *shape).round() for shape in ((4, 3), (5, 4), (1, 5))]
        x = draw.uniform(1, 3, 3).round()
        kinks = [int((z == 0).sum()) for z in hidden_inputs(weights, x)]
        if kinks == [layer == 1, layer == 2] and network(weights, x) != 0:
            return weights, x


@slip("two-layers-only")
def TWO_LAYERS_ONLY(case: Case, answer: Answer) -> bool:
    """This unpacks a fixed number of matrices; here are more or fewer. Loop over weights[:-1], then take
    weights[-1]."""
    return raises("ValueError", "values to unpack")(case, answer)


@slip("one-number")
def ONE_NUMBER(case: Case, answer: Answer) -> bool:
    """This is one number. Return a list with one number for each layer."""
    return as_number(answer.value) is not None


@slip("entries-with-axes")
def ENTRIES_WITH_AXES(case: Case, answer: Answer) -> bool:
    """An entry of the list still has axes. ⟨A, B⟩ is one number, (A * B).sum(), and so is ‖A‖² = ⟨A, A⟩."""
    return any(isinstance(entry, Tensor) and entry.dim() > 0 for entry in answer.value)


@slip("float32-inside")
def FLOAT32_INSIDE(case: Case, answer: Answer) -> bool:
    """This is right to a few digits only: somewhere float64 became float32, or this is a finite difference. Keep the dtype
    of the weights, and let autograd differentiate."""
    close = agrees(answer.value, case.expected, 1e-3, 1e-5)
    return close and not agrees(answer.value, case.expected, case.rtol, case.atol)


LIST_SLIPS = (TWO_LAYERS_ONLY, ONE_NUMBER, ENTRIES_WITH_AXES, FLOAT32_INSIDE)
