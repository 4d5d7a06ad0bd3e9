"""Lesson 2: the relative error of a chain of products, judged by exact losses and by bounds on round-off."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from gradlab.exercises import verdict
from gradlab.checks.chain_products import products, products_a_round, square_products
from gradlab.exercises.compare import as_number
from gradlab.exercises.describe import describe, describe_answer
from gradlab.checks.exercise import ANYTHING, Case, Exercise, Misconception
from gradlab.checks.judge import judge
from gradlab.checks.misconceptions import Fits, either, returns
from gradlab.checks.thresholded_modules import source_data
from gradlab.exercises.verdict import Verdict
from gradlab.probe import Answer, Call, Probe

CHAIN_LOOK = "“Let round-off grow”"


def _lost(formula: Callable[[Tensor, Tensor], Tensor]) -> Fits:
    """The value is what this formula of the exact chain's start v and end w gives."""
    return returns(lambda A, v, n: formula(v, _forgetful_end(v)) if _is_forgetful(A) else None)


def _is_forgetful(A: Tensor) -> bool:
    return A.shape == (2, 2) and float(A[1, 0]) == 0 and float(A[0, 1].abs()) > 2**25


def _forgetful_end(v: Tensor) -> Tensor:
    return torch.stack([torch.zeros_like(v[0]), v[1]])


CHAIN_ERROR = Exercise(
    name="chain_error",
    arguments=("A", "v", "n"),
    misconceptions=(
        Misconception(
            "matrices-first",
            "Here the error comes out as 0, as it does where A⁻¹A is multiplied out first, to the identity. Applied to the vector "
            "factor by factor, in the dtype of v, A rounds the small entry away, and no inverse brings it back. (Or v itself was "
            "overwritten, and compared with itself.)",
            _lost(lambda v, w: torch.zeros_like(v[0])),
        ),
        Misconception(
            "not-relative",
            "This is ‖(A⁻¹A)ⁿv − v‖ itself. Divide by ‖v‖: an error means nothing without a size to hold it against.",
            _lost(lambda v, w: (w - v).norm()),
        ),
        Misconception(
            "squared",
            "This is the square of the relative error: sums of squares want a square root.",
            _lost(lambda v, w: ((w - v) ** 2).sum() / (v**2).sum()),
        ),
        Misconception(
            "largest-entry",
            "This compares largest entries. ‖·‖ is the Euclidean norm, torch.linalg.norm.",
            _lost(lambda v, w: (w - v).abs().max() / v.abs().max()),
        ),
        Misconception(
            "other-norm",
            "‖·‖ is the Euclidean norm, torch.linalg.norm; this sums absolute values, or takes a mean.",
            either(
                _lost(lambda v, w: (w - v).abs().sum() / v.abs().sum()),
                _lost(lambda v, w: ((w - v) / v).norm()),
                _lost(lambda v, w: (w - v).abs().mean() / v.abs().mean()),
            ),
        ),
        Misconception(
            "difference-of-norms",
            "This compares the lengths of the two vectors. A vector may keep its length and be wrong: take the norm of the "
            "difference.",
            _lost(lambda v, w: (w.norm() - v.norm()).abs() / v.norm()),
        ),
        Misconception(
            "divided-by-the-result",
            "This divides by the norm of the result. Divide by ‖v‖, which carries no error.",
            _lost(lambda v, w: (w - v).norm() / w.norm()),
        ),
        Misconception(
            "vector-not-number",
            "This is a vector. The error is one number: the norm of the difference, divided by the norm of v.",
            lambda case, answer: isinstance(answer.value, Tensor) and answer.value.dim() > 0,
        ),
    ),
    look=CHAIN_LOOK,
)


@dataclass(frozen=True)
class NoiseCase(Case):
    """A chain whose error is round-off: it lies in [low, high], nobody knows where."""

    low: float = 0.0
    high: float = 0.0


def forgetful_case(a: int, b: int, n: int, dtype: torch.dtype = torch.float64, sign: int = 1) -> Case:
    """A = [[1, ±2^k], [0, 1]] and v = (a, b): A v rounds a away, so the error is |a|/‖v‖ for each order, method and n ≥ 1."""
    power = 2.0**60 if dtype is torch.float64 else 2.0**30
    A = torch.tensor([[1.0, sign * power], [0.0, 1.0]], dtype=dtype)
    v = torch.tensor([a, b], dtype=dtype)
    return Case(Call((A, v, n)), abs(a) / (a * a + b * b) ** 0.5, rtol=1e-6, about=f"the first entry of v is rounded away: {dtype}")


def noise_case(A: Tensor, v: Tensor, n: int, about: str = "") -> NoiseCase:
    """Between a hundredth of the machine epsilon and a thousand times n·ε·κ(A)."""
    eps = torch.finfo(v.dtype).eps
    condition = float(torch.linalg.cond(A.double()))
    return NoiseCase(Call((A, v, n), record=True), ANYTHING, about=about, low=eps / 100, high=1000 * n * eps * condition)


def judge_chain_error(probe: Probe, exact: list[Case], few: NoiseCase, many: NoiseCase, others: list[NoiseCase]) -> Verdict:
    """Exact cases by value; round-off by bounds; the work of `few` and `many` rounds on one A by counting products."""
    noisy = [few, many, *others]
    reached = judge(probe, CHAIN_ERROR, exact + noisy)
    if not reached.right:
        return reached
    answers = [probe.look(case.call) for case in noisy]
    if odd := [answer for answer in answers if as_number(answer.value) is None]:
        return _wrong_chain(few, odd[0], "not-a-number", "The answer must be one number: a tensor without axes.")
    values = [as_number(answer.value) for answer in answers]
    if values[0] < few.low and values[1] < many.low:  # one may be, by luck
        return _wrong_chain(many, answers[1], "too-small", TOO_SMALL, f"above {many.low:.2g}")
    for case, answer, value in zip(noisy, answers, values):
        if not value <= case.high:
            return _wrong_chain(case, answer, "too-large", TOO_LARGE, f"below {case.high:.2g}")
        if case.call.arguments[1].dtype is torch.float32 and 0 < value < case.low:
            return _wrong_chain(case, answer, "float64-inside", FLOAT64_INSIDE, f"above {case.low:.2g}")
    for case, answer in zip(exact + noisy, [probe.look(case.call) for case in exact] + answers):
        dtype = case.call.arguments[1].dtype
        if isinstance(answer.value, Tensor) and answer.value.dtype != dtype:
            sentence = f"The dtype is {answer.value.dtype}; it must stay that of v, {dtype}."
            return _wrong_chain(case, answer, "wrong-dtype", sentence)
    d, rounds = len(few.call.arguments[1]), many.call.arguments[2] - few.call.arguments[2]
    if (square_products(answers[1], d) - square_products(answers[0], d)) / rounds > 0.9:
        return _wrong_chain(many, answers[1], "matrices-first", MATRICES_FIRST)
    elsewhere = products(answers[1], d) < 1  # the work was done in NumPy or Python numbers: only its values can be judged
    if not elsewhere and products_a_round(answers[0], answers[1], d, rounds) < 1.9:
        return _wrong_chain(many, answers[1], "rounds-skipped", ROUNDS_SKIPPED)
    return reached


MATRICES_FIRST = (
    "Each round multiplies a matrix with a matrix. Apply the factors to the vector, one after the other: d² instead of d³ "
    "multiplications, and another round-off."
)
TOO_SMALL = "Round-off of a chain is not that small: is the result squared, or v compared with itself?"
TOO_LARGE = (
    "This error is far larger than n·ε·κ(A). Undo each multiplication at once: Aⁿ first and A⁻ⁿ afterwards amplify every "
    "rounding error by the condition number in each round."
)
FLOAT64_INSIDE = "This is too accurate for float32: somewhere the chain runs in float64. Keep the dtype of v."
ROUNDS_SKIPPED = (
    "There is less work in this than n rounds of two products: apply A and A⁻¹ in every round, one after the other, without "
    "multiplying them out first."
)


def _wrong_chain(case: Case, answer: Answer, label: str, sentence: str, expected: str = "") -> Verdict:
    A, v, n = case.call.arguments
    return verdict.wrong(
        "chain_error",
        label,
        sentence,
        called=f"chain_error(A={describe(A)}, v={describe(v)}, n={n})   ({case.about})",
        returned=describe_answer(answer),
        expected=expected,
        look=CHAIN_LOOK,
    )


def check_chain_error(probe: Probe) -> Verdict:
    """Lesson 2, `chain_error(A, v, n)`."""
    _, A, x = source_data()
    exact = [forgetful_case(3, 4, 1), forgetful_case(12, 5, 4), forgetful_case(3, 4, 1, torch.float32)]
    few, many = noise_case(A, x, 4, "A and x of the homework"), noise_case(A, x, 44, "A and x of the homework")
    return judge_chain_error(probe, exact, few, many, [noise_case(A.float(), x.float(), 44, "in float32")])
