"""The known wrong answers of lesson 5 about the iteration: `ista` and `unrolled_slope`, most telling first."""

from torch import Tensor

from gradlab.exercises.compare import tensors_agree
from gradlab.checks.exercise import Case, Misconception
from gradlab.checks.lasso_path_formulas import (
    ISTA_WAYS,
    carried,
    ista,
    lasso,
    lasso_slope,
    lipschitz,
    rounded,
    slope_in_lam,
    slope_of_last_step,
)
from gradlab.checks.lasso_path_mistakes import CHANGED_INPUT, MIXED_DTYPES, near, value_is_right
from gradlab.checks.misconceptions import both, either, plain_arguments, raises, returns

NO_GRAPH = Misconception(
    "untracked-lam",
    "Autograd was asked for a derivative and found no graph: lam is a number, or a tensor that does not require a gradient. "
    "Make a tensor of your own from it that does, and start the iteration from that.",
    either(
        raises("RuntimeError", "does not require grad"),
        raises("RuntimeError", "One of the differentiated Tensors"),
        raises("AttributeError", "requires_grad"),
        raises("AttributeError", "'float' object has no attribute"),
    ),
)


WAY_SENTENCES = {
    "no-threshold": "This is gradient descent on ½‖Dx − b‖² alone: the threshold is missing, so lam plays no part.",
    "threshold-not-scaled": "The threshold is lam. It must be lam times the step: the prox of t·lam·|x| shrinks by t·lam.",
    "norm-not-squared": "The step is 1/‖D‖₂. The curvature of ½‖Dx − b‖² is ‖D‖₂², so the step is 1/‖D‖₂².",
    "frobenius-step": "The step is 1/‖D‖²_F. It must be 1/‖D‖₂², with the largest singular value: torch.linalg.matrix_norm(D, 2); "
    "torch.linalg.norm(D) is the Frobenius norm.",
    "step-halved": "The step is half as long as it should be: the curvature of ½‖Dx − b‖² is ‖D‖₂², without a 2, so the step is "
    "1/‖D‖₂².",
    "gradient-doubled": "The gradient is taken twice as large: with the ½ in front, the gradient of ½‖Dx − b‖² is Dᵀ(Dx − b).",
    "no-half": "This solves another problem: ‖Dx − b‖² + lam‖x‖₁ without the ½, which halves lam.",
    "mean-loss": "This divides the squares by the number of rows, as scikit-learn's Lasso does. Here the loss is ½‖Dx − b‖², a sum.",
    "mean-gradient": "The gradient is divided by the number of rows, as for a mean of squares. Here the loss is ½‖Dx − b‖², a sum.",
    "momentum": "This is FISTA: it has momentum. Asked is the plain iteration, whose every step the exercise can follow.",
    "hard-threshold": "This is the iteration with hard-thresholding, which keeps what it does not remove. The prox of |x| also shrinks.",
    "one-sided": "This keeps positive entries only: relu(u − T) solves the Lasso with x ≥ 0. Negative entries shrink too.",
    "ascent": "The gradient step goes uphill: it is x − t·Dᵀ(Dx − b), with a minus.",
    "wrong-start": "The start is Dᵀb. It must be x₀ = 0: after few steps one sees where an iteration began.",
    "start-at-ones": "The start is a vector of ones. It must be x₀ = 0.",
    "subgradient-step": "This is an explicit step: it takes the sign of x where x stands, and chatters around 0. Take the gradient step "
    "on the square alone, then the soft threshold, which is the implicit step.",
    "order-exchanged": "The threshold comes before the gradient step. Take the gradient step first; what the threshold puts out is the "
    "new x, with exact zeros.",
    "one-step-short": "This is one step short: `steps` gradient steps, each with its threshold, from x₀ = 0.",
    "one-step-more": "This is one step too many: `steps` gradient steps, each with its threshold, from x₀ = 0.",
    "return-in-loop": "This is x after one step, whatever `steps` is: does the `return` stand inside the loop?",
}
ITERATION_LOOK = "“Walk to the solution”"


def value_is_wrong(case: Case, answer: object) -> bool:
    """After many steps the tempting iterations come near the right one: they explain no value that is right."""
    return not value_is_right(case, answer)


ISTA = (
    Misconception(
        "nan-at-zero",
        "There is nan in it: the threshold divides by |u|, and u is 0 in some entry. Use sign, relu, clamp or where.",
        lambda case, answer: isinstance(answer.value, Tensor) and bool(answer.value.isnan().any()),
    ),
    Misconception(
        "lam-in-float32",
        "lam was rounded to float32: torch.tensor(lam) and torch.as_tensor(lam) make a float32 tensor of a Python number. Give them "
        "dtype=D.dtype.",
        returns(lambda D, b, lam, steps: ista(D, b, rounded(lam), steps), rtol=1e-10),
    ),
    *(
        Misconception(label, WAY_SENTENCES[label], both(value_is_wrong, returns(way)), look=ITERATION_LOOK)
        for label, way in ISTA_WAYS.items()
    ),
    Misconception(
        "solution-not-iterate",
        "This is the solution of the Lasso. Asked is the iterate after `steps` steps, however far from the solution it is.",
        both(value_is_wrong, returns(lambda D, b, lam, steps: lasso(D, b, lam))),
        look=ITERATION_LOOK,
    ),
    Misconception(
        "lam-cut",
        "The value is right, but no gradient flows back to lam: float(lam), lam.item() or a threshold that takes bare numbers "
        "(F.softshrink) cut the graph there.",
        both(
            value_is_right,
            lambda case, answer: answer.requires_grad,
            lambda case, answer: "2" in answer.gradients and answer.gradients["2"] is None,
        ),
        look=ITERATION_LOOK,
    ),
    Misconception(
        "softshrink-takes-a-number",
        "F.softshrink takes the threshold as a bare number and refuses a tensor that wants a gradient. Use a threshold that "
        "knows its derivative in T: yours of lesson 1, or gradlab.maths.prox.soft_threshold.",
        raises("TypeError", "softshrink()"),
        look=ITERATION_LOOK,
    ),
    Misconception(
        "last-step-graph",
        "The value is right and its gradient is that of the last step alone: the iterate was detached on the way.",
        both(value_is_right, lambda case, answer: _last_step_gradient(case, answer)),
        look=ITERATION_LOOK,
    ),
    MIXED_DTYPES,
    CHANGED_INPUT,
)


def _last_step_gradient(case: Case, answer: object) -> bool:
    D, b, lam, steps = plain_arguments(case)
    weight, found = case.call.cotangent, answer.gradients.get("1")
    if weight is None or found is None:
        return False
    moving = weight.to(D.dtype) * (ista(D, b, lam, steps) != 0)
    return tensors_agree(found, D @ moving / lipschitz(D), 1e-6)


def _sum_of_slopes(case: Case, answer: object) -> bool:
    """One number, or every entry: the sum of the slopes."""
    value = answer.value
    if answer.raised or not isinstance(value, Tensor) or value.numel() < 1 or case.expected.numel() < 2:
        return False
    return tensors_agree(value, value.new_full(value.shape, float(case.expected.sum())), 1e-4, 1e-6)


UNROLLED_SLOPE = (
    Misconception(
        "all-zero",
        "These are zeros. Either lam was turned into a plain number on the way into the iteration, which cuts the graph, or a None "
        "of autograd was taken for 0.",
        lambda case, answer: isinstance(answer.value, Tensor)
        and answer.value.shape == case.expected.shape
        and not answer.value.any()
        and bool(case.expected.any()),
    ),
    Misconception(
        "implicit-slope",
        "This is the slope of the *solution*, which no finite number of steps reaches. Asked is the slope of x_steps: "
        "differentiate the iteration itself.",
        returns(lambda D, b, lam, steps: lasso_slope(D, lasso(D, b, lam))),
    ),
    Misconception(
        "implicit-at-iterate",
        "This is the formula for a solution, put to use at x_steps, which is none yet. Differentiate the iteration itself.",
        returns(lambda D, b, lam, steps: lasso_slope(D, ista(D, b, lam, steps))),
    ),
    Misconception(
        "last-step-only",
        "This is the slope of the last step alone: the iterate was detached on the way, or its own slope was forgotten.",
        returns(slope_of_last_step),
    ),
    Misconception(
        "no-mask",
        "The sensitivities run on through the dead zone. Where the threshold puts out 0, the slope becomes 0 as well.",
        either(
            returns(lambda *a: carried(*a, outside=lambda kept, moved: moved)),
            returns(lambda *a: carried(*a, outside=lambda kept, moved: kept)),
        ),
    ),
    Misconception(
        "shift-not-scaled",
        "At the threshold the slope loses sign(u). The threshold is t·lam, and its derivative in lam is t: subtract t·sign(u).",
        returns(lambda *a: carried(*a, shift=lambda u, t: u.sign())),
    ),
    Misconception(
        "signs-lost",
        "At the threshold the slope loses t for every entry. It moves towards 0 from both sides: subtract t·sign(u).",
        returns(lambda *a: carried(*a, shift=lambda u, t: t)),
    ),
    Misconception(
        "gradient-step-skipped",
        "The slope is carried past the gradient step unchanged. That step multiplies it by I − tDᵀD.",
        returns(lambda *a: carried(*a, through=lambda D, slope, t: slope)),
    ),
    Misconception(
        "summed",
        "This is the slope of the *sum* of the entries: autograd.grad of x.sum(), or one .grad that all entries were added "
        "into. Asked is the slope of each entry: one forward-mode pass (torch.func.jvp), or one backward pass an entry.",
        _sum_of_slopes,
    ),
    Misconception(
        "accumulated",
        "The first entry is right, each later one holds the sum of all up to it: `backward` adds to .grad. Clear it between the calls, "
        "or use torch.autograd.grad.",
        returns(lambda *a: slope_in_lam(ista)(*a).cumsum(0)),
        look=ITERATION_LOOK,
    ),
    Misconception("value-not-slope", "This is x_steps itself; asked is how it moves with lam.", returns(ista)),
    Misconception("sign", "This is minus the slope.", returns(lambda *a: -slope_in_lam(ista)(*a))),
    Misconception(
        "log-slope",
        "This is the slope in log lam, larger by the factor lam.",
        returns(lambda D, b, lam, steps: lam * slope_in_lam(ista)(D, b, lam, steps)),
    ),
    *(
        Misconception(label, WAY_SENTENCES[label], returns(slope_in_lam(way)), look=ITERATION_LOOK)
        for label, way in ISTA_WAYS.items()
    ),
    NO_GRAPH,
    Misconception(
        "finite-differences",
        "Close, but only to a few digits: a difference quotient. In float32 hardly any digit of it is left. Let autograd do it, or carry "
        "the slope along.",
        near(0.02),
    ),
    MIXED_DTYPES,
    CHANGED_INPUT,
)
