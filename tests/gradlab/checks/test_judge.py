"""The ladder: each rung fails on its own fault, the first failure wins, a known misconception is named."""

import pytest
import torch

from gradlab.checks.exercise import Between, Case, Exercise, Misconception, Raises
from gradlab.checks.judge import judge
from gradlab.checks.misconceptions import returns
from gradlab.exercises.verdict import Outcome
from gradlab.probe import Call, Probe

X = torch.tensor([1.0, 2.0, -3.0], dtype=torch.float64)
SQUARE = Exercise(
    "square",
    ("x",),
    graph=("x",),
    misconceptions=(Misconception("doubled", "This is 2x.", returns(lambda x: 2 * x)),),
)
TRACKED = X.clone().requires_grad_(True)
CASES = [Case(Call((TRACKED,), gradients=("0",)), X**2, {"0": 2 * X})]


def verdict(answer, cases=CASES, exercise=SQUARE):
    return judge(Probe.of(answer), exercise, cases)


def test_right_answer_is_right():
    assert verdict(lambda x: x * x).right


def stub(x):
    raise NotImplementedError("replace this line")


def leaves_grad(x):
    (x**2).sum().backward()
    return x**2


def changes_input(x):
    value = x.clone() ** 2
    x.data.mul_(2)
    return value


class Cut(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x**2

    @staticmethod
    def backward(ctx, g):
        return g


@pytest.mark.parametrize(
    ("label", "answer"),
    [
        ("not-attempted", stub),
        ("raised", lambda x: x.no_such_attribute),
        ("caret", lambda x: x ^ 2),
        ("caret", lambda x: 2.0 ^ 2),
        ("returned-none", lambda x: None),
        ("not-a-tensor", lambda x: 3.0),
        ("wrong-shape", lambda x: (x**2).sum()),
        ("wrong-dtype", lambda x: (x**2).float()),
        ("not-finite", lambda x: x**2 / 0),
        ("wrong-value", lambda x: x**2 + 1e-6),
        ("doubled", lambda x: 2 * x),
        ("graph-cut", lambda x: x.detach() ** 2),
        ("wrong-gradient", Cut.apply),
        ("left-grad", leaves_grad),
        ("changed-input", changes_input),
    ],
)
def test_each_fault_has_its_own_label_and_sentence(label, answer):
    found = verdict(answer)
    assert found.misconception == label and found.message


def test_a_misconception_must_explain_the_failure_not_only_one_number():
    cases = [Case(Call((torch.tensor([2.0]),)), torch.tensor([4.0])), *CASES]
    assert verdict(lambda x: x * x + 1.0, cases).misconception == "wrong-value"


def test_bad_input_must_raise_the_right_exception_with_a_message():
    cases = [Case(Call((X,)), Raises("ValueError"))]

    def wrong_type(x):
        raise RuntimeError("no")

    def silent(x):
        raise ValueError

    def good(x):
        raise ValueError("x must be positive")

    labels = [verdict(answer, cases).misconception for answer in (lambda x: x, wrong_type, silent, good)]
    assert labels == ["accepts-bad-input", "other-exception", "silent-exception", None]


def test_a_whole_clarke_set_is_accepted_and_nothing_outside_it():
    zero, one = torch.zeros(3, dtype=torch.float64), torch.ones(3, dtype=torch.float64)
    cases = [Case(Call((X,)), Between(zero, one))]
    assert all(verdict(lambda x, v=v: torch.full_like(x, v), cases).right for v in (0.0, 0.5, 1.0))
    assert verdict(lambda x: torch.full_like(x, 1.5), cases).outcome is Outcome.WRONG


def test_endless_loop_ends_the_check():
    def loops(x):
        while True:
            pass

    cases = [Case(Call((X,), seconds=0.3), X)] * 50
    assert verdict(loops, cases).misconception == "too-slow"


def test_endless_loop_is_never_taken_for_an_answer_that_returned_none():
    def loops(x):
        while True:
            pass

    nothing = Misconception("nothing", "None is no answer.", lambda case, answer: answer.type == "NoneType")
    exercise = Exercise("n", ("x",), misconceptions=(nothing,))
    assert verdict(loops, [Case(Call((X,), seconds=0.3), X)], exercise).misconception == "too-slow"
    assert verdict(lambda x: None, exercise=exercise).misconception == "nothing"


def test_a_list_that_holds_other_tensors_afterwards_was_changed():
    exercise, cases = Exercise("n", ("weights",)), [Case(Call(([X, X],)), 2)]

    def replaces(weights):
        weights[0] = weights[0] + 1
        return len(weights)

    def pops(weights):
        weights.pop()
        return 2

    for answer in (replaces, pops):
        found = verdict(answer, cases, exercise)
        assert found.misconception == "changed-input" and "weights was" in found.message
    assert verdict(len, cases, exercise).right


def test_a_changed_item_of_a_list_is_named_by_its_place():
    def doubles(weights):
        weights[1].mul_(2)
        return 2

    assert "weights[1] was" in verdict(doubles, [Case(Call(([X, X],)), 2)], Exercise("n", ("weights",))).message


def test_numbers_may_be_python_numbers_or_tensors_without_axes():
    exercise, cases = Exercise("n", ("x",)), [Case(Call((X,)), 2.0)]
    assert all(verdict(lambda x, v=v: v, cases, exercise).right for v in (2, 2.0, torch.tensor(2.0)))
    for value in (True, torch.tensor([2.0]), "2", None):
        assert verdict(lambda x, v=value: v, cases, exercise).outcome is Outcome.WRONG


def test_learners_own_traceback_is_kept_and_names_their_line():
    def divides(x):
        return 1 / 0

    found = verdict(divides)
    assert "ZeroDivisionError" in found.traceback and "divides" in found.traceback
