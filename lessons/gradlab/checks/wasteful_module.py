"""Lesson 2: flops of a chain of products; the list of all checks of the lesson."""

from collections.abc import Callable

from torch import Tensor

from gradlab.exercises import verdict
from gradlab.checks.chain_error import check_chain_error
from gradlab.exercises.describe import describe_answer
from gradlab.checks.exercise import Case, Exercise, Misconception, Raises
from gradlab.checks.graph_cuts import check_is_graph_cut
from gradlab.checks.judge import judge
from gradlab.checks.misconceptions import Fits, both, either, returns, value_type
from gradlab.checks.projector import check_is_projector
from gradlab.checks.reported_gradients import check_gradients
from gradlab.checks.thresholded_modules import check_efficient, check_wasteful
from gradlab.exercises.verdict import Verdict
from gradlab.probe import Call, Probe


def _counts(formula: Callable[[int, int, str], int]) -> Fits:
    return returns(formula, rtol=1e-12)


CHAIN_FLOPS = Exercise(
    name="chain_flops",
    arguments=("d", "n", "order"),
    misconceptions=(
        Misconception(
            "float-not-int",
            "The count is right, but it is a float: beyond 2⁵³ a float cannot count. Use // instead of /, and 4 instead of 4.0.",
            both(value_type("float"), lambda case, answer: answer.value == case.expected),
        ),
        Misconception(
            "accepts-any-order",
            'There are two orders, "vector" and "matrix"; for any other name the task asks for a ValueError with a message.',
            lambda case, answer: isinstance(case.expected, Raises) and answer.raised is None,
        ),
        Misconception(
            "other-exception",
            "For an unknown order the task asks for a ValueError with a message; another exception came.",
            lambda case, answer: isinstance(case.expected, Raises) and "ValueError" not in answer.raised.bases,
        ),
        Misconception(
            "one-operation-for-two",
            "This is half of it: an entry of a product costs d multiplications *and* d additions, and each round holds two "
            "products, one with A and one with A⁻¹.",
            _counts(lambda d, n, order: 2 * n * _size(d, order)),
        ),
        Misconception(
            "quarter",
            "This is a quarter of it: multiplications *and* additions count, and each round holds two products.",
            _counts(lambda d, n, order: n * _size(d, order)),
        ),
        Misconception(
            "inverse-counted",
            "The inverse is counted too. It is already at hand: count the chain.",
            either(
                _counts(lambda d, n, order: 4 * n * _size(d, order) + 2 * d**3),
                _counts(lambda d, n, order: 4 * n * _size(d, order) + 2 * n * d**3),
            ),
        ),
        Misconception(
            "not-leading-order",
            "This counts every last addition. Leading order is asked for: 2d² for a matrix times a vector, 2d³ for a matrix "
            "times a matrix, and nothing below.",
            either(
                _counts(lambda d, n, order: 2 * n * (2 * d - 1) * _size(d, order) // d),
                _counts(lambda d, n, order: 4 * n * _size(d, order) + (2 * d**2 if order == "matrix" else 0)),
                _counts(lambda d, n, order: (2 * n - 1) * 2 * d**3 + (2 * d**2) if order == "matrix" else 4 * n * d**2),
                _counts(lambda d, n, order: (2 * n - 1) * 2 * d**3 if order == "matrix" else 4 * n * d**2),
            ),
        ),
        Misconception(
            "matrix-like-vector",
            "A matrix times a matrix costs d times as much as a matrix times a vector: d³, not d².",
            _counts(lambda d, n, order: 4 * n * d**2),
        ),
        Misconception(
            "vector-like-matrix",
            "A matrix times a vector costs d² multiplications, not d³: that is what the order of the chain saves.",
            _counts(lambda d, n, order: 4 * n * d**3),
        ),
        Misconception(
            "orders-exchanged",
            'The two orders are exchanged: "vector" multiplies matrices with a vector, d² each; "matrix" matrices with '
            "matrices, d³ each.",
            _counts(lambda d, n, order: 4 * n * d ** (3 if order == "vector" else 2)),
        ),
        Misconception(
            "caret",
            "`^` is no power in Python: 5 ^ 2 is 7, bit by bit. Write d**2.",
            _counts(lambda d, n, order: 4 * n * d ^ (2 if order == "vector" else 3)),
        ),
        Misconception("rounds-forgotten", "This is one round. There are n.", _counts(lambda d, n, order: 4 * _size(d, order))),
    ),
    look="“Choose the order”",
)


def _size(d: int, order: str) -> int:
    return d ** (2 if order == "vector" else 3)


def flops_case(d: int, n: int, order: str) -> Case:
    """One call of `chain_flops(d, n, order)`."""
    expected = 4 * n * _size(d, order) if order in ("vector", "matrix") else Raises()
    return Case(Call((d, n, order)), expected)


def judge_flops(probe: Probe, cases: list[Case]) -> Verdict:
    """Values, then the type: a count is an int."""
    reached = judge(probe, CHAIN_FLOPS, cases)
    if not reached.right:
        return reached
    for case in cases:
        answer = probe.look(case.call)
        inexact = isinstance(answer.value, float) or isinstance(answer.value, Tensor) and answer.value.is_floating_point()
        if inexact:
            float_not_int = CHAIN_FLOPS.misconceptions[0]
            d, n, order = case.call.arguments
            return verdict.wrong(
                "chain_flops",
                float_not_int.label,
                float_not_int.sentence,
                called=f"chain_flops(d={d}, n={n}, order={order!r})",
                returned=describe_answer(answer),
                expected=str(case.expected),
                look=CHAIN_FLOPS.look,
            )
    return reached


def check_chain_flops(probe: Probe) -> Verdict:
    """Lesson 2, `chain_flops(d, n, order)`."""
    sizes = [(5, 10000), (7, 3), (400, 20)]
    cases = [flops_case(d, n, order) for d, n in sizes for order in ("vector", "matrix")]
    return judge_flops(probe, [*cases, flops_case(5, 10, "tensor"), flops_case(4, 9, "matrices")])


CHECKS = {
    "WastefulMatmulSofttMatmulinv": check_wasteful,
    "EfficientMatmulSofttMatmulinv": check_efficient,
    "gradients": check_gradients,
    "is_graph_cut": check_is_graph_cut,
    "chain_error": check_chain_error,
    "chain_flops": check_chain_flops,
    "is_projector": check_is_projector,
}
