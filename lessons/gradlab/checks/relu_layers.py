"""Lesson 3: the gradient of a bias-free ReLU network in each of its layers, by the matrix formula."""

from collections.abc import Callable

import torch
from torch import Tensor

from gradlab.exercises import verdict
from gradlab.exercises.compare import agrees, tensors_agree
from gradlab.exercises.describe import describe_call
from gradlab.checks.exercise import Between, Case, Exercise, Misconception
from gradlab.checks.judge import judge
from gradlab.checks.layer_inner_products import FORMULA_LOOK, TWO_LAYERS
from gradlab.checks.misconceptions import either, returns
from gradlab.checks.relu_formulas import KINK_NET, hidden_inputs, layer_gradients, matrices, network, step, visible_networks
from gradlab.exercises.verdict import Verdict
from gradlab.exercises.writing import names_used
from gradlab.probe import Answer, Call, Probe


def _transposed(case: Case, answer: Answer) -> bool:
    wanted = case.expected if isinstance(case.expected, Tensor) else case.expected.low
    return isinstance(answer.value, Tensor) and wanted.dim() == 2 and tensors_agree(answer.value, wanted.T.contiguous(), 1e-6)


def _next_layer(case: Case, answer: Answer) -> bool:
    weights, x, h = case.call.arguments
    if h == len(weights):
        return answer.raised is not None and "IndexError" in answer.raised.bases
    return isinstance(answer.value, Tensor) and tensors_agree(answer.value, layer_gradients(weights, x)[h], 1e-6)


def _formula(**wrong) -> Callable:
    return lambda weights, x, h: layer_gradients(weights, x, **wrong)[h - 1]


def _rectified_gradient(weights: list[Tensor], x: Tensor, h: int) -> Tensor:
    return step(network(weights, x)) * layer_gradients(weights, x)[h - 1]


def _nan_at_kink(case: Case, answer: Answer) -> bool:
    return isinstance(answer.value, Tensor) and answer.value.is_floating_point() and bool(torch.isnan(answer.value).any())


def _nearly(case: Case, answer: Answer) -> bool:
    """A value of the right type that agrees to a few digits, and no further."""
    close = isinstance(case.expected, Tensor) and agrees(answer.value, case.expected, 1e-3, 1e-3)
    return close and answer.value.dtype is case.expected.dtype and not agrees(answer.value, case.expected, case.rtol, case.atol)


GRADIENT = Exercise(
    name="layer_gradient",
    arguments=("weights", "x", "h"),
    misconceptions=(
        TWO_LAYERS,
        Misconception(
            "activation-not-slope",
            "This has A_h = diag(σ(z_h)), as the lecture prints it. A_h holds the slopes σ′(z_h): 1 on an active unit, 0 on "
            "another.",
            returns(_formula(slope=torch.relu)),
            look=FORMULA_LOOK,
        ),
        Misconception(
            "counts-from-zero",
            "This is the gradient in the next layer: h counts from 1 in the task, and Python's lists from 0.",
            _next_layer,
            look=FORMULA_LOOK,
        ),
        Misconception(
            "transposed",
            "This is the transpose of ∂f/∂W_h. The gradient has the shape of W_h: the column from above times the row from "
            "below.",
            _transposed,
            look=FORMULA_LOOK,
        ),
        Misconception(
            "own-slope-missing",
            "A_h is missing: the chain passes the ReLU of layer h itself before it reaches W_h.",
            returns(_formula(own=False)),
            look=FORMULA_LOOK,
        ),
        Misconception(
            "no-slopes-below",
            "The input of layer h went through no ReLUs here: it is A_{h−1}W_{h−1} … A_1W_1x.",
            either(returns(_formula(below=False)), returns(_formula(below=False, activate=lambda z: z))),
            look=FORMULA_LOOK,
        ),
        Misconception(
            "downhill",
            "This is −∂f/∂W_h, the direction of steepest descent. Leave out the minus.",
            returns(lambda weights, x, h: -layer_gradients(weights, x)[h - 1]),
            look=FORMULA_LOOK,
        ),
        Misconception(
            "sign-not-slope",
            "A_h holds sign(z_h) here, which is −1 on a unit that is off. σ′ is 0 there.",
            returns(_formula(slope=torch.sign)),
            look=FORMULA_LOOK,
        ),
        Misconception(
            "no-relu",
            "This is the gradient of the network without its ReLUs.",
            returns(_formula(slope=torch.ones_like, below=False)),
            look=FORMULA_LOOK,
        ),
        Misconception(
            "relu-on-output",
            "The last layer has no ReLU: f may be negative, and its gradient is not 0 there.",
            returns(_rectified_gradient),
            look=FORMULA_LOOK,
        ),
        Misconception(
            "slope-by-division",
            "σ(z)/z is 0/0 where z = 0. Ask whether z is positive.",
            _nan_at_kink,
            look=FORMULA_LOOK,
        ),
        Misconception(
            "finite-differences",
            "This is close to the gradient, to a few digits: a difference quotient. The matrix formula is exact.",
            _nearly,
            look=FORMULA_LOOK,
        ),
    ),
    look=FORMULA_LOOK,
)
DIFFERENTIATORS = frozenset(
    (
        ".autograd", ".backward", ".grad", ".func", ".functorch", ".vjp", ".jvp", ".jacrev", ".jacfwd", ".jacobian",
        ".grad_and_value", ".hessian", ".linearize", ".forward_ad", ".dual_level", ".make_dual", "getattr(…)", "eval", "exec",
    )
)  # fmt: skip


def differentiates(probe: Probe, weights: list[Tensor], x: Tensor) -> Verdict | None:
    """Wrong if the answer leaves the work to autograd: read off its text, or seen in the graph that it builds."""
    call = Call((weights, x, 1), record=True)
    answer = probe.look(call)
    if answer.node_count == 0 and not names_used(probe.source, GRADIENT.name) & DIFFERENTIATORS:
        return None
    return verdict.wrong(
        GRADIENT.name,
        "autograd",
        "The value is right, but autograd computed it. The exercise asks for the product of matrices, written by hand.",
        called=describe_call(GRADIENT.name, GRADIENT.arguments, call),
        look=FORMULA_LOOK,
    )


def gradient_case(weights: list[Tensor], x: Tensor, h: int, about: str = "") -> Case:
    """One call of `layer_gradient(weights, x, h)`; at z = 0 everything between the two choices is right."""
    off, on = (layer_gradients(weights, x, lambda z, s=s: step(z, s))[h - 1] for s in (0.0, 1.0))
    kink = any(bool((z == 0).any()) for z in hidden_inputs(weights, x))
    return Case(Call((weights, x, h)), Between(torch.minimum(off, on), torch.maximum(off, on)) if kink else off, about=about)


def check_layer_gradient(probe: Probe) -> Verdict:
    """Lesson 3, `layer_gradient(weights, x, h)`."""
    cases = [
        gradient_case(weights, x, h, about)
        for weights, x, about in [*visible_networks(), *visible_networks(torch.float32)[1:]]
        for h in range(1, len(weights) + 1)
    ]
    kink = matrices(*KINK_NET), torch.tensor([1.0, 2.0], dtype=torch.float64)
    cases += [gradient_case(*kink, h, "z₁ = 0 in the first layer: any slope in [0, 1]") for h in (1, 2)]
    found = judge(probe, GRADIENT, cases)
    return (differentiates(probe, *kink) or found) if found.right else found
