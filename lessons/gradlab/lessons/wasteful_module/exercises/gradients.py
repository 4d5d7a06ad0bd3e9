"""`gradients(module, x, A)`: all gradients that a module reports for φ = ‖x − module(x, A)‖², right or wrong."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from gradlab.exercises import Case, Draw, Exercise, case
from gradlab.exercises.compare import agrees
from gradlab.lessons.wasteful_module.exercises._points import Point, first_point, random_point
from gradlab.lessons.wasteful_module.exercises._slips import GRAPH_SLIPS
from gradlab.lessons.wasteful_module.functions import Efficient
from gradlab.maths.module_gradients import reported_gradients
from gradlab.probe import Answer, Named
from gradlab.probe.perform import build_named

exercise = Exercise("gradients(module, x, A)", look="“Look at all three gradients”", slips=GRAPH_SLIPS)
exercise.reference(reported_gradients)


def asked(point: Point, kind: str, about: str, old: bool = False, **arguments: Any) -> Case:
    """The gradients of one module; round-off in them is not compared digit by digit."""
    M, x, A = (with_old_grad(t) if old else t for t in (point.M, point.x, point.A))
    module = point.named(kind, M=M, **arguments)
    made: Any = build_named(module)
    scale = max(1.0, *(float(g.abs().max()) for g in reported_gradients(made, x, A) if g is not None))
    single = x.dtype is torch.float32
    return case(module, x, A, rtol=1e-3 if single else None, atol=scale * (1e-3 if single else 1e-9), about=about)


def with_old_grad(tensor: Tensor) -> Tensor:
    """A copy that requires a gradient and holds one from earlier."""
    tensor = tensor.detach().clone().requires_grad_(True)
    tensor.grad = torch.ones_like(tensor)
    return tensor


def changed(module: nn.Module, x: Tensor, A: Tensor, place: int, change: Callable[[Any], Any]) -> list[Any]:
    """What should be returned, but for one of the three."""
    return [change(found) if k == place else found for k, found in enumerate(reported_gradients(module, x, A))]


@exercise.cases
def modules(draw: Draw) -> Iterator[Case]:
    """Intact modules and cut ones."""
    for point in (first_point(draw), random_point(draw, 4)):
        yield asked(point, "Efficient", "the efficient module; A is not used")
        yield asked(point, "Efficient", ".grad holds something", old=True)
        yield asked(point, "Wasteful", "the wasteful module, 3 rounds", n=3)
        yield asked(point, "Published", "the published module: the graph is cut", n=1)
        yield asked(point, "ThroughNumpy", "a module that goes through NumPy")
        yield asked(point, "WithoutGrad", "a module without any graph")
        yield asked(point, "OneEntryCut", "one entry of M x is detached", entry=point.largest)
        yield asked(point, "UsesA", "g = M⁻¹ f_T(M A x): here ∇A is not zero")


@exercise.special_cases
def single_precision(draw: Draw) -> Iterator[Case]:
    """float32."""
    yield asked(random_point(draw, 4).single, "Efficient", "float32")


@exercise.symptom("measured")
def measured(case: Case, answer: Answer) -> bool:
    """These are finite differences: what the gradients are, or for a cut module should be. You were asked for what
    autograd *reports*, to all digits, also where it is wrong."""
    named, x, A = case.call.arguments
    assert isinstance(named, Named)
    meant = reported_gradients(Efficient(named.arguments["T"], named.arguments["M"]), x, A)
    if len(answer.value) != 3 or agrees(answer.value, case.expected, 1e-7, 1e-7):
        return False
    return any(agrees(answer.value, wanted, 1e-3, 1e-3) for wanted in (meant, case.expected))
