"""Lesson 1: the soft absolute value, the soft sign, and the choice of λ for an error."""

from collections.abc import Callable

import torch
from torch import Tensor

from gradlab.exercises.compare import agrees, as_number
from gradlab.checks.exercise import Case, Exercise, Misconception
from gradlab.checks.judge import judge
from gradlab.checks.misconceptions import either, raises, returns, rounded_to_float32
from gradlab.exercises.verdict import Verdict
from gradlab.probe import Answer, Call, Probe

X_AND_LAM = ("x", "lam")


def second_argument_cut(case: Case, answer: Answer) -> bool:
    """The value is right and has a graph, which does not reach the second argument, though that was asked for."""
    cut = answer.requires_grad and "1" in answer.gradients and answer.gradients["1"] is None
    return cut and agrees(answer.value, case.expected, case.rtol, case.atol)


ONE_NUMBER_ONLY = Misconception(
    "one-number-only",
    "This works for one number only: `math` functions and float() cannot take a tensor with several entries. "
    "Use the torch function of the same name, which works on every entry.",
    either(
        raises("ValueError", "only one element tensors"),
        raises("RuntimeError", "cannot be converted to Scalar"),
    ),
)
LEFT_TORCH = Misconception(
    "left-torch",
    "NumPy was handed a tensor that autograd follows. A NumPy function leaves no record for autograd, so "
    "torch refuses; use the torch function instead of detaching.",
    raises("RuntimeError", "Can't call numpy()"),
)
CHANGED_INPUT = Misconception(
    "changed-input",
    "The argument was changed on the way: an operation in place (a name that ends in _, or += and the like) "
    "wrote into it. The caller still needs the old numbers, and so does autograd.",
    either(raises("RuntimeError", "in-place operation"), lambda case, answer: bool(answer.changed)),
)
FLOAT32_INSIDE = Misconception(
    "float32-inside",
    "These are the right numbers with only seven digits: somewhere float64 went through float32. "
    "torch.tensor(0.1) and torch.zeros(3) are float32 unless you pass dtype=x.dtype.",
    rounded_to_float32,
)
LAM_CUT = Misconception(
    "lam-cut",
    "The value is right, but no gradient flows back to lam. Where lam is a tensor, float(lam), lam.item() "
    "and math.sqrt(lam) turn it into a bare number and cut the graph.",
    second_argument_cut,
)
NUMBERS_OF_THE_TEXT = (16.0, 0.01, 0.1, 1.0, 1e-4, 1e-6)


def lam_fixed(formula: Callable[[Tensor, float], Tensor]) -> Misconception:
    """A number of the text stands in this formula where λ should."""
    return Misconception(
        "lam-fixed",
        "This is the same for every λ: a number stands in the code where the argument lam should.",
        either(*(returns(lambda x, lam, fixed=fixed: formula(x, fixed)) for fixed in NUMBERS_OF_THE_TEXT)),
    )


SLIPS_OF_A_TENSOR_FUNCTION = (ONE_NUMBER_ONLY, LEFT_TORCH, CHANGED_INPUT, FLOAT32_INSIDE, LAM_CUT)


def nan_at_zero(case: Case, answer: Answer) -> bool:
    """At an entry where the first argument is 0, the value or its gradient is nan."""
    x = case.call.arguments[0].detach()
    shown = [answer.value, answer.gradients.get("0")]
    return any(
        isinstance(t, Tensor) and t.shape == x.shape and bool((t.isnan() & (x == 0)).any()) for t in shown
    )


MATRIX_PRODUCT = Misconception(
    "matrix-product",
    "X⊙X is a product entry by entry: `x * x` or `x**2`. `x @ x` and matrix_power are matrix "
    "products, which need a square matrix and mix its entries.",
    either(
        returns(lambda x, lam: torch.sqrt(x @ x + lam)),
        raises("RuntimeError", "cannot be multiplied"),
        raises("RuntimeError", "batches of square matrices"),
        raises("RuntimeError", "both arguments to matmul"),
        raises("RuntimeError", "inconsistent tensor size"),
        raises("RuntimeError", "size mismatch"),
    ),
)

SOFT_ABS = Exercise(
    name="soft_abs",
    arguments=X_AND_LAM,
    graph=X_AND_LAM,
    misconceptions=(
        Misconception(
            "lam-squared",
            "This is √(x² + λ²): λ was squared. It stands under the root as it is, in the unit of x²; the "
            "value at x = 0 must be √λ.",
            returns(lambda x, lam: torch.sqrt(x**2 + lam**2)),
        ),
        Misconception(
            "root-outside",
            "Here λ (or √λ) is added to |x|. It belongs under the same root as x²; outside it the corner of |x| stays.",
            either(returns(lambda x, lam: x.abs() + lam**0.5), returns(lambda x, lam: x.abs() + lam)),
        ),
        MATRIX_PRODUCT,
        Misconception(
            "no-root",
            "This is x² + λ, the square of what is asked for: the root is missing.",
            returns(lambda x, lam: x**2 + lam),
        ),
        Misconception(
            "no-lam", "This is |x| itself, corner and all: λ is not used.", returns(lambda x, lam: x.abs())
        ),
        Misconception(
            "lam-subtracted",
            "√λ (or λ) is taken away from √(x² + λ) again, so that it comes closer to 0 at x = 0: a different way to round "
            "|x|. Asked for is √(x² + λ) itself.",
            either(
                returns(lambda x, lam: torch.sqrt(x**2 + lam) - lam**0.5),
                returns(lambda x, lam: torch.sqrt(x**2 + lam) - lam),
            ),
        ),
        Misconception(
            "minus-for-plus",
            "This is √(x² − λ), which is nan near 0. λ is added: x and √λ are the legs of the triangle, and the root its hypotenuse.",
            returns(lambda x, lam: torch.sqrt(x**2 - lam)),
        ),
        Misconception(
            "x-not-squared",
            "This is √(x + λ): x must be squared under the root, or a negative x leaves nothing to take a root of.",
            returns(lambda x, lam: torch.sqrt(x + lam)),
        ),
        Misconception(
            "sign-not-abs",
            "This is the soft sign, the exercise after this one. Asked for is √(x² + λ) itself.",
            returns(lambda x, lam: x / torch.sqrt(x**2 + lam)),
        ),
        lam_fixed(lambda x, lam: torch.sqrt(x**2 + lam)),
        *SLIPS_OF_A_TENSOR_FUNCTION,
    ),
    look="“2 · Round the corner”",
)

SOFT_SIGN = Exercise(
    name="soft_sign",
    arguments=X_AND_LAM,
    graph=X_AND_LAM,
    misconceptions=(
        Misconception(
            "lam-squared",
            "This is x/√(x² + λ²): λ was squared. It stands under the root as it is, in the unit of x².",
            returns(lambda x, lam: x / torch.sqrt(x**2 + lam**2)),
        ),
        Misconception(
            "softsign",
            "This is x/(|x| + √λ), or the same with λ or 1 for √λ: another rounded sign (torch calls it softsign). Asked for is x "
            "over the soft absolute value √(x² + λ).",
            either(
                returns(lambda x, lam: x / (x.abs() + lam**0.5)),
                returns(lambda x, lam: x / (x.abs() + lam)),
                returns(lambda x, lam: x / (x.abs() + 1)),
            ),
        ),
        Misconception(
            "tanh",
            "This is tanh(x/√λ), another rounded sign. It goes to ±1 exponentially fast; asked for is x/√(x² "
            "+ λ).",
            returns(lambda x, lam: torch.tanh(x / lam**0.5)),
        ),
        Misconception(
            "hard-sign",
            "This is the sign itself, jump and all: λ is not used.",
            returns(lambda x, lam: torch.sign(x)),
        ),
        Misconception(
            "no-root",
            "This is x/(x² + λ): the root is missing. The soft sign must come close to 1 for large x; this "
            "goes back to 0.",
            returns(lambda x, lam: x / (x**2 + lam)),
        ),
        Misconception(
            "soft-abs-again",
            "This is the soft absolute value. The soft sign is x divided by it, X ⊘ B.",
            returns(lambda x, lam: torch.sqrt(x**2 + lam)),
        ),
        Misconception(
            "always-positive",
            "This is |x|/√(x² + λ): a sign must be negative for negative x.",
            returns(lambda x, lam: x.abs() / torch.sqrt(x**2 + lam)),
        ),
        Misconception(
            "sign-flipped",
            "This is −x/√(x² + λ): the sign of a positive x is +1.",
            returns(lambda x, lam: -x / torch.sqrt(x**2 + lam)),
        ),
        Misconception(
            "upside-down",
            "This is √(x² + λ)/x, the reciprocal of what is asked for.",
            returns(lambda x, lam: torch.sqrt(x**2 + lam) / x),
        ),
        Misconception(
            "slope-of-sign",
            "This is the slope λ/B³ of the soft sign, the exercise after this one. Asked for is x/B itself.",
            returns(lambda x, lam: lam / (x**2 + lam) ** 1.5),
        ),
        Misconception(
            "matrix-product",
            MATRIX_PRODUCT.sentence,
            either(
                MATRIX_PRODUCT.fits,
                returns(lambda x, lam: x / torch.sqrt(x @ x + lam)),
                returns(lambda x, lam: x @ torch.linalg.inv(torch.sqrt(x @ x + lam))),
                returns(lambda x, lam: x @ torch.linalg.inv(torch.sqrt(x**2 + lam))),
                returns(lambda x, lam: x @ (1 / torch.sqrt(x**2 + lam))),
                returns(lambda x, lam: x @ (1 / torch.sqrt(x**2 + lam)).transpose(0, 1)),
            ),
        ),
        lam_fixed(lambda x, lam: x / torch.sqrt(x**2 + lam)),
        Misconception(
            "nan-at-zero",
            "At x = 0 this gives nan, in the value or in the gradient: it divides by x or by |x| on the way, "
            "or goes through a corner there. x/√(x² + λ) is smooth at 0 and needs no special case.",
            nan_at_zero,
        ),
        *SLIPS_OF_A_TENSOR_FUNCTION,
    ),
    look="“2 · Round the corner”",
)


LAM_FOR_ERROR = Exercise(
    name="lam_for_error",
    arguments=("eps",),
    misconceptions=(
        Misconception(
            "not-squared",
            "This is ε itself. The error at x = 0 is √λ, so λ = ε leaves an error of √ε, which is larger for "
            "ε < 1: the unit of λ is that of x².",
            returns(lambda eps: eps),
        ),
        Misconception(
            "root-for-square",
            "This is √ε. The error at x = 0 is √λ; solve √λ = ε for λ.",
            returns(lambda eps: eps**0.5),
        ),
        Misconception(
            "bound-away-from-zero",
            "This comes from λ/(2|x|) ≤ ε, a bound that holds far from 0 only. The error is largest at x = "
            "0.",
            returns(lambda eps: 2 * eps),
        ),
        Misconception(
            "too-large",
            "This λ is too large: at x = 0 the error is √λ, above ε.",
            lambda case, answer: _compared(case, answer) > 0,
        ),
        Misconception(
            "not-the-largest",
            "With this λ the error stays below ε everywhere, but a larger λ does it too. The error may reach "
            "ε: at one point it does.",
            lambda case, answer: _compared(case, answer) < 0,
        ),
    ),
    look="“4 · Let λ go to zero: what is left, what is lost”",
)


def _compared(case: Case, answer: Answer) -> float:
    found = as_number(answer.value)
    return 0.0 if found is None or not found > 0 else found / case.expected - 1


def tensor(*entries: float | list, dtype: torch.dtype = torch.float64, tracked: bool = False) -> Tensor:
    """A tensor of these entries, in float64 unless said otherwise."""
    return torch.tensor(list(entries), dtype=dtype, requires_grad=tracked)


def number(value: float, dtype: torch.dtype = torch.float64, tracked: bool = False) -> Tensor:
    """A tensor without axes."""
    return torch.tensor(value, dtype=dtype, requires_grad=tracked)


def rounded(x: Tensor, lam: float | Tensor) -> Tensor:
    """B = √(x² + λ), detached, for x and λ of ordinary size."""
    lam = lam.detach() if isinstance(lam, Tensor) else lam
    return torch.sqrt(x.detach() ** 2 + lam)


def soft_abs_case(x: Tensor, lam: float | Tensor, about: str = "") -> Case:
    """One call of `soft_abs`; gradients x/B and Σ 1/(2B) wherever an argument is tracked."""
    b = rounded(x, lam)
    return elementwise_case(x, lam, b, x.detach() / b, 0.5 / b, about)


def soft_sign_case(x: Tensor, lam: float | Tensor, about: str = "") -> Case:
    """One call of `soft_sign`; gradients λ/B³ and Σ −x/(2B³) wherever an argument is tracked."""
    b = rounded(x, lam)
    size = lam.detach() if isinstance(lam, Tensor) else lam
    return elementwise_case(x, lam, x.detach() / b, size / b**3, -0.5 * x.detach() / b**3, about)


def elementwise_case(
    x: Tensor, lam: float | Tensor, value: Tensor, in_x: Tensor, in_lam: Tensor, about: str
) -> Case:
    """One call of an elementwise function of x and λ; gradients are asked for in tracked arguments."""
    gradients = {"0": in_x} if x.requires_grad else {}
    if isinstance(lam, Tensor) and lam.requires_grad:
        gradients["1"] = in_lam.sum()
    return Case(Call((x, lam), gradients=tuple(gradients)), value, gradients, about=about)


def points_of_every_kind() -> list[tuple[Tensor, float | Tensor, str]]:
    """x and λ as an elementwise function may meet them."""
    single = torch.float32
    return [
        (tensor([3, 0], [-3, 7.5]), 16, ""),
        (tensor(3.0, 0.0, -3.0, 7.5, tracked=True), 16.0, "with the gradient in x"),
        (torch.linspace(-2, 2, 41, dtype=torch.float64), 0.1, "41 points"),
        (tensor([0.5, -1.0, 2.0], [4.0, 0.0, -0.25]), 0.01, "a matrix that is not square"),
        (tensor(3.0, -1.0, tracked=True), number(7.0, tracked=True), "lam is a tensor, with its gradient"),
        (tensor(3.0, 0.0, -7.5, dtype=single, tracked=True), 16.0, "float32"),
        (number(-3.0, tracked=True), 16.0, "no axis"),
    ]


def check_soft_abs(probe: Probe) -> Verdict:
    """`soft_abs(x, lam)`: on the first points B = 5, 4, 5, 8.5."""
    return judge(probe, SOFT_ABS, [soft_abs_case(*point) for point in points_of_every_kind()])


def check_soft_sign(probe: Probe) -> Verdict:
    """`soft_sign(x, lam)`: on the first points S = 0.6, 0, −0.6, 0.882…"""
    return judge(probe, SOFT_SIGN, [soft_sign_case(*point) for point in points_of_every_kind()])


def lam_case(eps: float) -> Case:
    """One call of `lam_for_error`."""
    return Case(Call((eps,)), eps**2, rtol=1e-6, atol=0.0)


def check_lam_for_error(probe: Probe) -> Verdict:
    """`lam_for_error(eps)`: λ = 0.01 for an error of 0.1."""
    return judge(probe, LAM_FOR_ERROR, [lam_case(eps) for eps in (0.1, 0.003, 2.0)])
