"""`is_graph_cut(module, x, A)`: is the graph of a module cut between x and its output?"""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from gradlab.exercises import Case, Draw, Exercise, case
from gradlab.exercises.slips import raises
from gradlab.exercises.symptom import slip
from gradlab.lessons.wasteful_module.exercises._points import first_point, random_point
from gradlab.lessons.wasteful_module.exercises._slips import GRAPH_SLIPS, NOT_ONE_ANSWER
from gradlab.maths.finite_differences import central_gradient
from gradlab.probe import Answer


@slip("intact-called-cut")
def INTACT_CALLED_CUT(case: Case, answer: Answer) -> bool:
    """An intact module is called cut. Finite differences have errors of their own: with a step of 1e-6 some eight
    digits are good. And compare derivatives of the same thing."""
    return case.data == "intact" and answer.value is True


@slip("cut-not-found")
def CUT_NOT_FOUND(case: Case, answer: Answer) -> bool:
    """A module whose output has no gradient with respect to x at all is called intact."""
    return case.data == "missing" and answer.value is False


@slip("contradiction-not-found")
def CONTRADICTION_NOT_FOUND(case: Case, answer: Answer) -> bool:
    """A gradient that is missing or zero is found; one that is there and false is not. Compare every entry of it with
    finite differences of the module."""
    return case.data == "false" and answer.value is False


exercise = Exercise(
    "is_graph_cut(module, x, A)",
    look="“Convict the published answer”",
    slips=(*GRAPH_SLIPS, NOT_ONE_ANSWER, INTACT_CALLED_CUT, CUT_NOT_FOUND, CONTRADICTION_NOT_FOUND),
)


def reported_and_measured(module: nn.Module, x: Tensor, A: Tensor, weigh: Callable[[Tensor], Tensor]) -> list[Tensor]:
    """The gradient of weigh(module(x, A)) with respect to x: as autograd reports it (nan for None), and as measured."""
    point = x.detach().clone().requires_grad_(True)
    value = weigh(module(point, A))
    slope = torch.autograd.grad(value, point, allow_unused=True)[0] if value.requires_grad else None
    measured = central_gradient(lambda moved: weigh(module(moved, A)), x)
    return [torch.full_like(x, torch.nan) if slope is None else slope, measured]


def differ(found: Tensor, measured: Tensor) -> bool:
    """More than finite differences err."""
    return not torch.allclose(found, measured, rtol=1e-4, atol=1e-6)


def unequally(g: Tensor) -> Tensor:
    """One number from all entries of an output."""
    return g @ torch.linspace(1, 2, len(g), dtype=g.dtype)


@exercise.reference
def contradicts(module: nn.Module, x: Tensor, A: Tensor) -> bool:
    """The gradient of one number made of the output is missing or contradicts finite differences."""
    return differ(*reported_and_measured(module, x, A, unequally))


@exercise.cases
def modules(draw: Draw) -> Iterator[Case]:
    """Five intact modules, five without a gradient with respect to x, eight with a false one, at two points."""
    for point in (first_point(draw), random_point(draw, 4)):
        M, x, named = point.M, point.x, point.named
        J = torch.linalg.solve(M, (M @ x).abs().gt(point.T).to(M.dtype)[:, None] * M)
        row, column = (1 + int(J.norm(dim=axis)[1:].argmax()) for axis in (1, 0))  # not the first, and one that counts
        for kind, module, about in (
            ("intact", named("Efficient"), "the efficient module"),
            ("intact", named("Wasteful", n=3), "the wasteful module, 3 rounds"),
            ("intact", named("ByCholesky"), "with Cholesky factors"),
            ("intact", named("UsesA"), "g = M⁻¹ f_T(M A x)"),
            ("intact", named("Smooth", T=20.0), "g = M⁻¹ tanh(M x/20)"),
            ("missing", named("Published", n=1), "the published module"),
            ("missing", named("Detached"), "detached"),
            ("missing", named("ThroughNumpy"), "through NumPy"),
            ("missing", named("ThroughData"), "through .data"),
            ("missing", named("WithoutGrad"), "under no_grad"),
            ("false", named("StraightThrough"), "x + (g − x).detach()"),
            ("false", named("HalfCut"), "half of x is detached"),
            ("false", named("OneEntryCut", entry=point.largest), "one entry of M x is detached"),
            ("false", named("Silenced"), "a hook multiplies the gradient by zero"),
            ("false", named("OutputsExchanged"), "the gradients of the outputs are exchanged, their sum is right"),
            ("false", named("InputsExchanged"), "the entries of the gradient are exchanged, their sum is right"),
            ("false", named("OneOutputCut", entry=row), "one entry of g is detached"),
            ("false", named("OneInputCut", entry=column), "one entry of x is detached"),
        ):
            yield case(module, x, point.A, expected=kind != "intact", about=about, data=kind)


@exercise.symptom("none-subtracted")
def none_subtracted(case: Case, answer: Answer) -> bool:
    """The gradient with respect to x is None here, and None is no tensor that could be compared. Test for it first: a
    missing gradient is the clearest of cuts."""
    return raises("Exception", "NoneType")(case, answer)
