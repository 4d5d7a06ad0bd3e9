"""Where the value is right and something beside it is not, a verdict shows what differs, not the same value twice."""

import pytest
import torch

from gradlab.exercises.draw import Draw
from gradlab.exercises.judge import judge
from gradlab.exercises.registry import find_exercise
from gradlab.probe import Probe


def verdict_on(exercise, answer):
    return judge(find_exercise(exercise), Probe.of(answer), Draw())


def through_numbers(x, lam):
    return torch.sqrt(x**2 + float(lam))


def without_graph(x, lam):
    return torch.sqrt(x.detach() ** 2 + lam)


def false_gradient(x, lam):
    value = torch.sqrt(x**2 + lam)
    return value + x - x.detach()


def in_place(x, lam):
    value = torch.sqrt(x**2 + lam)
    x.data += 1
    return value


def leaves_grad(f, x):
    point = x.requires_grad_()
    f(point).backward()
    return x.grad


@pytest.mark.parametrize(
    ("exercise", "answer", "came", "wanted"),
    [
        ("soft_abs", through_numbers, "no gradient with respect to lam", "a gradient with respect to lam"),
        ("soft_abs", without_graph, "no gradient with respect to x", "a gradient with respect to x"),
        ("soft_abs", false_gradient, "with the gradient tensor(", "the gradient tensor("),
        ("soft_abs", in_place, "x has changed", "x as it was"),
        ("gradient", leaves_grad, "has changed", "as it was"),
    ],
)
def test_verdict_shows_what_differs(exercise, answer, came, wanted):
    verdict = verdict_on(exercise, answer)
    assert came in verdict.returned and wanted in verdict.expected, verdict.text


def test_tensor_of_another_kind_is_called_by_its_kind():
    verdict = verdict_on("soft_abs", lambda x, lam: torch.sqrt(x**2 + lam).to(torch.complex128))
    assert "complex128" in verdict.message and "must be a tensor" not in verdict.message


def test_nan_is_no_distance():
    verdict = verdict_on("soft_abs", lambda x, lam: torch.full_like(x, torch.nan))
    assert "nan away" not in verdict.text
