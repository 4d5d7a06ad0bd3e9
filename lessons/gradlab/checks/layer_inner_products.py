"""Lesson 3, exercise `layer_inner_products`: ⟨W_h, ∂f/∂W_h⟩ in every layer of a bias-free ReLU network."""

from collections.abc import Callable

import torch
from torch import Tensor

from gradlab.exercises.compare import agrees
from gradlab.checks.exercise import Case, Exercise, Misconception
from gradlab.checks.judge import judge
from gradlab.checks.misconceptions import either, is_one_number, raises, returns
from gradlab.checks.relu_formulas import TENTHS_NET, Slope, layer_gradients, matrices, network, step, visible_networks
from gradlab.exercises.verdict import Verdict
from gradlab.probe import Answer, Call, Probe

INNER_LOOK = "“Weigh every layer by its own gradient”"
FORMULA_LOOK = "“Write the gradient as a product of matrices”"


def inner_products(weights: list[Tensor], x: Tensor, slope: Slope = step) -> list[float]:
    """⟨W_h, ∂f/∂W_h⟩ for each layer."""
    return [float((w * g).sum()) for w, g in zip(weights, layer_gradients(weights, x, slope))]


def _sums(weights: list[Tensor], x: Tensor) -> list[float]:
    return [float(g.sum()) for g in layer_gradients(weights, x)]


def _linear(weights: list[Tensor], x: Tensor) -> list[float]:
    return [float(network(weights, x, lambda z: z))] * len(weights)


def _rectified(weights: list[Tensor], x: Tensor) -> list[float]:
    return [max(0.0, float(network(weights, x)))] * len(weights)


def _accumulated(upwards: bool) -> Callable:
    def formula(weights: list[Tensor], x: Tensor) -> list[float]:
        f, count = float(network(weights, x)), len(weights)
        return [(k + 1 if upwards else count - k) * f for k in range(count)]

    return formula


def _matrix_products(weights: list[Tensor], x: Tensor) -> list[float]:
    return [float((w.T @ g).sum()) for w, g in zip(weights, layer_gradients(weights, x))]


def _means(weights: list[Tensor], x: Tensor) -> list[float]:
    return [float((w * g).mean()) for w, g in zip(weights, layer_gradients(weights, x))]


def _products_of_norms(weights: list[Tensor], x: Tensor) -> list[float]:
    return [float(w.norm() * g.norm()) for w, g in zip(weights, layer_gradients(weights, x))]


def _multiple(factor: Callable[[float, int], float]) -> Callable:
    """The same number in every layer, made of f and the number of layers."""
    return lambda weights, x: [factor(float(network(weights, x)), len(weights))] * len(weights)


def _last_layer_alone(weights: list[Tensor], x: Tensor) -> list[float]:
    return [0.0] * (len(weights) - 1) + [float(network(weights, x))]


def _few_digits(case: Case, answer: Answer) -> bool:
    return agrees(answer.value, case.expected, 1e-4, 1e-5) and not agrees(answer.value, case.expected, case.rtol, case.atol)


def _entries_have_axes(case: Case, answer: Answer) -> bool:
    entries = answer.value if isinstance(answer.value, (list, tuple)) else []
    return any(isinstance(entry, Tensor) and entry.dim() > 0 for entry in entries)


def _one_short(case: Case, answer: Answer) -> bool:
    return isinstance(answer.value, (list, tuple)) and len(answer.value) == len(case.expected) - 1


TWO_LAYERS = Misconception(
    "two-layers-only",
    "This unpacks a fixed number of matrices, and here are more or fewer: loop over weights[:-1], then take weights[-1].",
    raises("ValueError", "values to unpack"),
    look=INNER_LOOK,
)

INNER_PRODUCTS = Exercise(
    name="layer_inner_products",
    arguments=("weights", "x"),
    misconceptions=(
        TWO_LAYERS,
        Misconception(
            "one-number",
            "This is one number. Return a list with one number for each layer.",
            is_one_number,
            look=INNER_LOOK,
        ),
        Misconception(
            "last-layer-missing",
            "One entry is missing: the last matrix, the 1×m one, is a layer too.",
            _one_short,
            look=INNER_LOOK,
        ),
        Misconception(
            "entries-with-axes",
            "An entry of the list still has axes. ⟨W, G⟩ is the sum of all products of entries, (W * G).sum(): one number.",
            _entries_have_axes,
            look=INNER_LOOK,
        ),
        Misconception(
            "activation-not-slope",
            "This has σ(z) where σ′(z) belongs, as the lecture prints it. On an active unit σ′ is 1, and not z.",
            returns(lambda weights, x: inner_products(weights, x, torch.relu)),
            look=FORMULA_LOOK,
        ),
        Misconception(
            "relu-on-output",
            "The last layer has no ReLU: f may be negative.",
            returns(_rectified),
            look=INNER_LOOK,
        ),
        Misconception(
            "no-relu",
            "This is the network without its ReLUs.",
            returns(_linear),
            look=INNER_LOOK,
        ),
        Misconception(
            "accumulated",
            "The entries are f, 2f, 3f, …: a .grad was added to and not cleared. torch.autograd.grad does not add up.",
            either(returns(_accumulated(True)), returns(_accumulated(False))),
            look=INNER_LOOK,
        ),
        Misconception(
            "sum-of-gradient",
            "This is the sum of the entries of ∂f/∂W_h. The inner product weighs each entry by the weight itself.",
            returns(_sums),
            look=INNER_LOOK,
        ),
        Misconception(
            "squared-norm",
            "This is ‖W_h‖², the inner product of the weights with themselves.",
            returns(lambda weights, x: [float((w * w).sum()) for w in weights]),
            look=INNER_LOOK,
        ),
        Misconception(
            "matrix-product",
            "This adds up the entries of the matrix product WᵀG. The inner product is entry by entry: (W * G).sum().",
            returns(_matrix_products),
            look=INNER_LOOK,
        ),
        Misconception(
            "mean-not-sum",
            "This is the mean of the products of entries. ⟨W, G⟩ is their sum.",
            returns(_means),
            look=INNER_LOOK,
        ),
        Misconception(
            "product-of-norms",
            "This is ‖W_h‖·‖∂f/∂W_h‖, which ⟨W, G⟩ cannot exceed, and which it is not: multiply entry by entry, then add.",
            returns(_products_of_norms),
            look=INNER_LOOK,
        ),
        Misconception(
            "squared-gradient",
            "This is ‖∂f/∂W_h‖², the inner product of the gradient with itself.",
            returns(lambda weights, x: [float((g * g).sum()) for g in layer_gradients(weights, x)]),
            look=INNER_LOOK,
        ),
        Misconception(
            "all-layers-at-once",
            "This is f times the number of layers: the inner products of all layers together. Give each layer its own.",
            returns(_multiple(lambda f, count: f * count)),
            look=INNER_LOOK,
        ),
        Misconception(
            "of-the-loss",
            "This is f², or half of it or twice: something like f² was differentiated. Differentiate f itself.",
            either(*(returns(_multiple(lambda f, _, a=a: a * f * f)) for a in (1.0, 0.5, 2.0))),
            look=INNER_LOOK,
        ),
        Misconception(
            "sign-lost",
            "This is |f|. The inner product has a sign, that of f.",
            returns(_multiple(lambda f, _: abs(f))),
            look=INNER_LOOK,
        ),
        Misconception(
            "graph-cut-between-layers",
            "Only the last layer has a gradient: between the layers the graph was cut, by detach, .data or a new tensor.",
            returns(_last_layer_alone),
            look=INNER_LOOK,
        ),
        Misconception(
            "float32-inside",
            "This is right to seven digits only: somewhere float64 became float32. Keep the dtype of the weights.",
            _few_digits,
            look=INNER_LOOK,
        ),
        Misconception(
            "untracked",
            "Autograd has no graph from the weights: they do not require gradients. Make copies that do, "
            "W.detach().clone().requires_grad_(True), and run the network with those.",
            raises("RuntimeError", "require grad"),
            look=INNER_LOOK,
        ),
    ),
    look=INNER_LOOK,
)


def inner_case(weights: list[Tensor], x: Tensor, about: str = "") -> Case:
    """One call of `layer_inner_products(weights, x)`."""
    f = float(network([w.detach().double() for w in weights], x.detach().double()))
    close = (1e-7, 1e-9) if x.dtype is torch.float64 else (1e-3, 1e-4)
    return Case(Call((weights, x)), [f] * len(weights), rtol=close[0], atol=close[1], about=about)


def rounding_case() -> Case:
    """A network whose terms nearly cancel, with weights that float32 rounds."""
    x = torch.tensor([0.9, 0.7], dtype=torch.float64)
    return inner_case(matrices(*TENTHS_NET), x, "weights that float32 rounds")


def check_layer_inner_products(probe: Probe) -> Verdict:
    """Lesson 3, `layer_inner_products(weights, x)`."""
    cases = [inner_case(*net) for net in visible_networks()]
    weights, x, _ = visible_networks()[1]
    tracked = [weight.requires_grad_() for weight in weights]
    tracked[0].grad = torch.ones_like(tracked[0])
    cases.append(inner_case(tracked, x, "the weights require gradients, and the first has a .grad"))
    cases.append(inner_case(*visible_networks(torch.float32)[1]))
    cases.append(rounding_case())
    return judge(probe, INNER_PRODUCTS, cases)
