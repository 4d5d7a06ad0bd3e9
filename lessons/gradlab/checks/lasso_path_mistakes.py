"""The known wrong answers of lesson 5 but those of the iteration, most telling first."""

import torch
from torch import Tensor

from gradlab.exercises.compare import agrees, as_number, tensors_agree
from gradlab.checks.exercise import Case, Misconception, Raises
from gradlab.checks.lasso_path_formulas import TUNE_WAYS, descend, lasso, lasso_slope, shrink, smooth_slope, smooth_slope_at
from gradlab.checks.misconceptions import both, either, plain_arguments, raises, returns, value_type
from gradlab.maths.smooth_prox import smooth_prox

CHANGED_INPUT = Misconception(
    "changed-input",
    "The value is right, but an argument came back changed: an operation whose name ends in _ (requires_grad_, copy_, "
    "clamp_, +=) writes into the caller's tensor. Work on a detached copy.",
    lambda case, answer: bool(answer.changed) and answer.raised is None,
)
MIXED_DTYPES = Misconception(
    "mixed-dtypes",
    "torch refused to mix two dtypes: torch.zeros(n) is float32 unless you say otherwise, and D is not. D.new_zeros(n) is "
    "like D.",
    either(raises("RuntimeError", "dtype"), raises("RuntimeError", "same dtype"), raises("RuntimeError", "Double")),
)
def _alike(value: Tensor, like: Tensor) -> bool:
    return isinstance(value, Tensor) and value.shape == like.shape and value.dtype == like.dtype


def _only_wrong(where: str):
    """Right wherever y is not negative (or |y| > T), wrong on the rest."""

    def fits(case: Case, answer: object) -> bool:
        y, T, _ = plain_arguments(case)
        expected = case.expected
        if not isinstance(expected, Tensor) or not _alike(answer.value, expected):
            return False
        right = (answer.value.double() - expected.double()).abs() <= 1e-5
        rest = (y < 0) if where == "negative" else (y.abs() < T) & (y != 0)
        rest = rest.expand_as(right)
        return bool((~right & rest).any()) and bool((right | rest).all())

    fits.formula = True
    return fits


def value_is_right(case: Case, answer: object) -> bool:
    """The value is what was expected: what failed is its gradient."""
    return answer.raised is None and agrees(answer.value, case.expected, case.rtol, case.atol)


def near(margin: float):
    """Within a margin of what is expected, but not there."""

    def fits(case: Case, answer: object) -> bool:
        if value_is_right(case, answer):
            return False
        if isinstance(case.expected, Tensor):
            return _alike(answer.value, case.expected) and bool(
                ((answer.value.double() - case.expected.double()).abs() <= margin).all()
            )
        number = as_number(answer.value)
        return isinstance(case.expected, float) and number is not None and abs(number / case.expected - 1) <= margin

    fits.formula = True
    return fits


SMOOTH_PROX_SLOPE = (
    Misconception(
        "reciprocal",
        "This is dy/dx = 1 + λT/B³, how y moves with x. Asked is how x* moves with y: its reciprocal, in (0, 1].",
        returns(lambda y, T, lam: 1 / smooth_slope(y, T, lam)),
        look="“Round the corner”",
    ),
    Misconception(
        "hard-slope",
        "This is the slope of the soft threshold itself, 0 or 1. For λ > 0 the corner is round and the slope lies between.",
        returns(lambda y, T, lam: ((y.abs() > T) + 0 * (y + 0 * T)).to(y.dtype)),
    ),
    Misconception(
        "at-y",
        "This is the right formula at the wrong point: B must hold the minimiser x*, not y. Solve x + T·x/√(x² + λ) = y first.",
        returns(lambda y, T, lam: smooth_slope_at(y, T, lam)),
    ),
    Misconception(
        "at-hard-threshold",
        "This is the right formula at the soft threshold of y. The smoothed problem has another minimiser; solve "
        "x + T·x/√(x² + λ) = y for it.",
        returns(lambda y, T, lam: smooth_slope_at(shrink(y, T), T, lam)),
    ),
    Misconception(
        "wrong-power",
        "This has B² in the place of B³. Differentiate x/B once more: the slope of the soft sign is λ/B³.",
        returns(lambda y, T, lam: 1 / (1 + lam * T / (smooth_prox(y, T, lam) ** 2 + lam))),
    ),
    Misconception(
        "b-held-fixed",
        "This is 1/(1 + T/B): B was held fixed. It depends on x too, and the slope of x/B is λ/B³.",
        returns(lambda y, T, lam: 1 / (1 + T / torch.sqrt(smooth_prox(y, T, lam) ** 2 + lam))),
    ),
    Misconception(
        "sign-not-slope",
        "This is 1/(1 + T·x/B), with the soft sign itself. Differentiate it: the slope of x/B is λ/B³.",
        either(
            returns(lambda y, T, lam: 1 / (1 + T * _soft_sign(smooth_prox(y, T, lam), lam))),
            returns(lambda y, T, lam: 1 / (1 + T * _soft_sign(smooth_prox(y, T, lam), lam).abs())),
        ),
    ),
    Misconception(
        "sign",
        "This is 1/(1 − λT/B³): the sign turned when y = x + T·x/B was differentiated.",
        returns(lambda y, T, lam: 1 / (1 - lam * T / torch.sqrt(smooth_prox(y, T, lam) ** 2 + lam) ** 3)),
    ),
    Misconception(
        "through-the-search",
        "Autograd ran through the halving of the bracket and gave x*/y, the slope of the bracket's ends: the program was differentiated "
        "and not its answer. Find x* without a graph, then use the formula.",
        either(
            returns(lambda y, T, lam: smooth_prox(y, T, lam) / y),
            returns(lambda y, T, lam: smooth_prox(y, T, lam) / y.abs()),
        ),
    ),
    Misconception(
        "forgot-T",
        "This is 1/(1 + λ/B³): the factor T was lost.",
        returns(lambda y, T, lam: 1 / (1 + lam / (smooth_prox(y, T, lam) ** 2 + lam) ** 1.5)),
    ),
    Misconception(
        "forgot-lam",
        "This is 1/(1 + T/B³): the factor λ was lost.",
        returns(lambda y, T, lam: 1 / (1 + T / (smooth_prox(y, T, lam) ** 2 + lam) ** 1.5)),
    ),
    Misconception(
        "lam-squared",
        "This is what λ² in the place of λ would give: here B² = x² + λ, so λ has the unit of x².",
        returns(lambda y, T, lam: smooth_slope(y, T, lam**2)),
    ),
    Misconception(
        "value-not-slope",
        "This is the minimiser x* itself; asked is how it moves with y.",
        returns(lambda y, T, lam: smooth_prox(y, T, lam)),
    ),
    Misconception(
        "slope-in-T",
        "This is dx*/dT, the derivative in the threshold; asked is the one in y.",
        returns(lambda y, T, lam: -_soft_sign(smooth_prox(y, T, lam), lam) * smooth_slope(y, T, lam)),
    ),
    Misconception(
        "unfinished",
        "Close, but not accurate: the search for x* stopped too early, ran in float32, or the slope is a finite difference.",
        near(0.05),
    ),
    Misconception(
        "negative-y",
        "Right for y ≥ 0 and wrong for y < 0. Does your search look for x* on the positive side only? The slope is even in "
        "y: work with |y|, or bracket from −|y| to |y|.",
        _only_wrong("negative"),
    ),
    Misconception(
        "newton-overshoots",
        "Right for |y| > T and wrong in the dead zone: Newton's method from x = y overshoots there and jumps from one side to the "
        "other for ever. Halve a bracket, or start from the other side, at x = 0, where it cannot overshoot.",
        _only_wrong("dead zone"),
    ),
    CHANGED_INPUT,
)


def _soft_sign(x: Tensor, lam: float | Tensor) -> Tensor:
    return x / torch.sqrt(x**2 + lam)


def _all_columns(D: Tensor, b: Tensor, lam: float, x: Tensor) -> Tensor:
    return -torch.linalg.lstsq(D.mT @ D, torch.sign(x)[:, None], driver="gelsd").solution[:, 0]


def _on_active(formula):
    """A slope on the active set from D_A and the signs there, zero off it."""

    def slope(D: Tensor, b: Tensor, lam: float, x: Tensor) -> Tensor:
        active, found = x != 0, torch.zeros_like(x)
        A = D[:, active]
        found[active] = formula(A.mT @ A, torch.sign(x[active]))
        return found

    return slope


LASSO_SLOPE = (
    Misconception(
        "sign",
        "This is minus the slope. A larger lam shrinks: x* moves against its own sign where it moves alone.",
        returns(lambda D, b, lam, x: -lasso_slope(D, x)),
    ),
    Misconception(
        "all-columns",
        "This solves with all columns of D. Where x* = 0 it stays 0 under a small change of lam: only the active columns "
        "belong in the system, and the slope is 0 off them.",
        either(
            returns(_all_columns),
            returns(lambda *a: _all_columns(*a) * (a[3] != 0)),
            returns(lambda *a: -_all_columns(*a)),
        ),
    ),
    Misconception(
        "signs-lost",
        "The right-hand side is a vector of ones. It is the vector of signs of x on the active set.",
        returns(_on_active(lambda G, s: -torch.linalg.solve(G, torch.ones_like(s)))),
    ),
    Misconception(
        "diagonal-only",
        "This divides by the diagonal of D_AᵀD_A. The active entries push each other: solve with the whole matrix.",
        returns(_on_active(lambda G, s: -s / torch.diagonal(G))),
    ),
    Misconception(
        "multiplied",
        "This multiplies by D_AᵀD_A. The optimality condition has to be *solved* for the slope.",
        returns(_on_active(lambda G, s: -G @ s)),
    ),
    Misconception(
        "ridge",
        "The right-hand side is x, as for the penalty ½lam‖x‖². The derivative of lam·|x| in x is a sign.",
        returns(lambda D, b, lam, x: _with_x(D, x)),
    ),
    Misconception(
        "mean-loss",
        "This is the slope of scikit-learn's problem, which divides the squares by the number of rows. Here they are a sum.",
        returns(lambda D, b, lam, x: len(D) * lasso_slope(D, x)),
    ),
    Misconception(
        "no-half",
        "This is the slope of another problem, ‖Dx − b‖² + lam‖x‖₁ without the ½. With it the gradient is Dᵀ(Dx − b), without a 2.",
        returns(lambda D, b, lam, x: lasso_slope(D, x) / 2),
    ),
    Misconception(
        "positive-only",
        "Only the positive entries of x were taken as active. Negative ones move too: the active set is x != 0.",
        returns(lambda D, b, lam, x: lasso_slope(D, x.clamp(min=0))),
    ),
    Misconception(
        "log-slope",
        "This is the slope in log lam, larger by the factor lam. Asked is dx*/dlam.",
        returns(lambda D, b, lam, x: lam * lasso_slope(D, x)),
    ),
    Misconception(
        "active-only",
        "This is the slope on the active set alone. The answer is shaped like x, with zeros in the other places.",
        lambda case, answer: _active_only(case, answer),
    ),
    Misconception(
        "dependent-columns",
        "The active columns are dependent: the solution is not unique and has no slope. What came back is one choice out of many, by "
        "round-off (a singular matrix is seldom exactly singular in floating point) or by a pseudo-inverse. Ask for the rank, and "
        "raise ValueError.",
        lambda case, answer: isinstance(case.expected, Raises) and answer.raised is None and isinstance(answer.value, Tensor),
    ),
    Misconception(
        "too-strict",
        "These active columns are independent, and you raised a ValueError. Only the active columns count, and their size does not: "
        "compare singular values with each other (torch.linalg.matrix_rank does), not with a fixed number.",
        both(lambda case, answer: isinstance(case.expected, Tensor) and bool(case.expected.any()), raises("ValueError")),
    ),
    Misconception(
        "small-entries-dropped",
        "Small entries of x were taken for zeros. In other units every entry is small: the active set is x != 0.",
        lambda case, answer: _small_dropped(case, answer),
    ),
    Misconception(
        "linalg-error",
        "For dependent columns the exception came from inside torch and is no ValueError. Test the rank first, or catch "
        "torch.linalg.LinAlgError, and raise a ValueError that says what is wrong.",
        both(lambda case, answer: isinstance(case.expected, Raises), raises("_LinAlgError")),
    ),
    Misconception(
        "empty-active-set",
        "With x = 0 no column is active. The slope is a vector of zeros, not an error.",
        lambda case, answer: answer.raised is not None and isinstance(case.expected, Tensor) and bool((case.expected == 0).all()),
    ),
    MIXED_DTYPES,
    CHANGED_INPUT,
)


def _small_dropped(case: Case, answer: object) -> bool:
    """Zero, and nothing else, where x has small entries."""
    x, wanted, value = plain_arguments(case)[3], case.expected, answer.value
    if not isinstance(wanted, Tensor) or not _alike(value, wanted):
        return False
    return bool(x.any()) and float(x.abs().max()) < 1e-2 and not bool(value[(value - wanted).abs() > 1e-6].any())


def _with_x(D: Tensor, x: Tensor) -> Tensor:
    active, found = x != 0, torch.zeros_like(x)
    A = D[:, active]
    found[active] = -torch.linalg.solve(A.mT @ A, x[active])
    return found


def _active_only(case: Case, answer: object) -> bool:
    if not isinstance(case.expected, Tensor) or not isinstance(answer.value, Tensor):
        return False
    x = plain_arguments(case)[3]
    wanted = case.expected[x != 0]
    return answer.value.shape == wanted.shape != case.expected.shape and tensors_agree(answer.value, wanted, 1e-5)


TUNE_SENTENCES = {
    "step-in-lam": "The step was taken in lam. Asked is a step in log lam: lam is multiplied by a positive factor and cannot become "
    "negative.",
    "missing-chain-factor": "The slope in log lam is lam times the slope in lam: the factor lam of the chain rule is missing.",
    "log-slope-on-lam": "The slope is the one in log lam, but the step was taken in lam itself. Take it in log lam: "
    "lam ← lam·exp(−lr·slope).",
    "training-loss": "This goes down the loss on D, b, which always prefers a smaller lam. Choose lam by the held-out data.",
    "fits-held-out": "x* was fitted to the held-out data. It is fitted to D, b, and only judged on D_val, b_val.",
    "ascent": "This goes uphill: the sign of the step, of the slope of x*, or of the residual is turned.",
    "no-half": "The steps are twice as long: the loss has a ½ in front, and its gradient no 2.",
    "mean-loss": "The held-out loss was divided by the number of rows. Here it is ½‖D_val x − b_val‖², a sum.",
    "mean-squared-loss": "The held-out loss is the mean of squares (F.mse_loss). Here it is ½‖D_val x − b_val‖².",
    "scikit-learn-scale": "The Lasso was solved with alpha = lam. scikit-learn divides the squares by the number of rows: its alpha is "
    "lam/len(b).",
    "first-gradient-only": "Every step used the slope at lam0. Solve again at each new lam.",
    "first-solution-only": "The slope of x* and x* itself were found once, at lam0. Solve again at each new lam.",
    "exponential-cut-short": "lam was multiplied by 1 − lr·slope, which is only the beginning of exp(−lr·slope). A step in log lam "
    "multiplies lam by the exponential.",
    "one-step-short": "This is one step short of `steps`.",
    "one-step-more": "This is one step more than `steps`.",
    "return-in-loop": "This is lam after one step, whatever `steps` is: does the `return` stand inside the loop?",
    "returns-log": "This is log lam. Return lam.",
}
TUNE_LOOK = "“Choose λ by its gradient”"
UNFINISHED = (
    "Close, but not what an accurate solution gives: the hypergradient was taken at an unfinished iterate, or unrolled through too few "
    "steps. Solve until x* is accurate to 1e-10: more steps, or one linear solve on the active set to finish."
)


def _tuned(way):
    return returns(lambda D, b, D_val, b_val, *rest: way((D, b, D_val, b_val), *rest))


def _with_slope(slope):
    """The descent with another slope of x* in the place of the right one."""

    def way(data, *rest):
        def held_out(data, lam: float) -> float:
            D, b, D_val, b_val = data
            x = lasso(D, b, lam)
            return float((D_val @ x - b_val) @ (D_val @ slope(D, b, lam, x)))

        return descend(data, *rest, slope=held_out)

    return _tuned(way)


TUNE_LAM = (
    *(
        Misconception(label, TUNE_SENTENCES.get(label, UNFINISHED), _tuned(way), look=TUNE_LOOK)
        for label, way in TUNE_WAYS.items()
        if label in TUNE_SENTENCES
    ),
    Misconception(
        "nothing-moved",
        "This is lam0: no step was taken.",
        lambda case, answer: answer.raised is None
        and as_number(answer.value) is not None
        and agrees(answer.value, case.call.arguments[4], 1e-9)
        and not value_is_right(case, answer),
        look=TUNE_LOOK,
    ),
    Misconception(
        "all-columns",
        "The slope of x* comes from all columns of D. Only the active ones belong in the system, and off them the slope is 0.",
        either(_with_slope(_all_columns), _with_slope(lambda *a: _all_columns(*a) * (a[3] != 0))),
        look="“Differentiate the answer”",
    ),
    Misconception(
        "signs-lost",
        "The slope of x* was solved for with a vector of ones. Its right-hand side is the vector of signs of x* on the active set.",
        _with_slope(_on_active(lambda G, s: -torch.linalg.solve(G, torch.ones_like(s)))),
        look="“Differentiate the answer”",
    ),
    Misconception(
        "history",
        "This is a row of values. Return the last lam alone.",
        value_type("list", "tuple"),
    ),
    Misconception(
        "no-active-column",
        "Where lam is so large that x* = 0, no column is active and the hypergradient is 0: lam stays, without an error.",
        lambda case, answer: answer.raised is not None and case.expected == case.call.arguments[4],
    ),
    *(
        Misconception("unfinished", UNFINISHED, _tuned(way), look=TUNE_LOOK)
        for label, way in TUNE_WAYS.items()
        if label not in TUNE_SENTENCES
    ),
    Misconception("unfinished", UNFINISHED, near(0.05), look=TUNE_LOOK),
    MIXED_DTYPES,
    CHANGED_INPUT,
)
