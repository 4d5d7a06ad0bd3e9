"""What came back and what was expected never look the same where they differ; torch's exceptions are explained."""

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import Tensor

from gradlab.exercises import Draw, Exercise, case, tensor
from gradlab.exercises.describe import tell_apart
from gradlab.exercises.judge import judge
from gradlab.probe import Probe

NUMBERS = st.floats(allow_nan=False, width=64)


def tensor_of(numbers: list[float], rows: int) -> Tensor:
    flat = torch.tensor(numbers, dtype=torch.float64)
    return flat.reshape(rows, -1) if len(numbers) % rows == 0 else flat


@given(st.lists(NUMBERS, min_size=1, max_size=20), st.integers(1, 3), st.data())
def test_two_values_that_differ_never_look_the_same(numbers, rows, data):
    place = data.draw(st.integers(0, len(numbers) - 1))
    other = [*numbers[:place], data.draw(NUMBERS), *numbers[place + 1 :]]
    assume(other[place] != numbers[place])
    shaped = tensor_of(numbers, rows), tensor_of(other, rows)
    for found, wanted in (shaped, (numbers, other), (numbers[place], other[place]), ([shaped[0], 1], [shaped[1], 1])):
        first, second = tell_apart(found, wanted)
        assert first != second


def test_nan_is_told_from_a_number():
    first, second = tell_apart(torch.full((9,), torch.nan), torch.zeros(9))
    assert "nan at index 0" in first and "0 at index 0" in second


def test_minus_zero_is_zero():
    assert tell_apart(tensor(-0.0), tensor(0.0)) == ("tensor([0])", "tensor([0])")


def of_two_matrices() -> Exercise:
    exercise = Exercise("product(a, b)", graph="a")
    exercise.reference(lambda a, b: a @ b)
    a, b = torch.ones(2, 3).double(), torch.ones(3, 4).double()
    exercise.cases(lambda draw: [case(a, b), case(a.clone().requires_grad_(), b)])
    return exercise


ERRORS = {
    "transpose": lambda a, b: a.T @ b,
    "sum of two shapes": lambda a, b: a + b,
    "solve": lambda a, b: torch.linalg.solve(a, b),
    "dtypes": lambda a, b: a @ b.float(),
    "branch": lambda a, b: a @ b if a > 0 else b,
    "one number": lambda a, b: float(a) * b,
    "no graph": lambda a, b: torch.autograd.grad((a @ b).sum(), a)[0],
    "not one number": lambda a, b: torch.autograd.grad((a.requires_grad_() @ b), a)[0],
    "unused": lambda a, b: torch.autograd.grad(b.clone().requires_grad_().sum(), a.requires_grad_())[0],
    "numpy": lambda a, b: torch.as_tensor(a.requires_grad_().numpy() @ b.numpy()),
    "in place": lambda a, b: a.requires_grad_().mul_(2) @ b,
    "singular": lambda a, b: torch.linalg.inv(torch.zeros(2, 2)) @ a @ b,
    "einsum": lambda a, b: torch.einsum("ij,kj->ik", a, b),
    "stack": lambda a, b: torch.linalg.cholesky(a) @ b,
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_exception_of_torch_comes_with_its_cause(name):
    verdict = judge(of_two_matrices(), Probe.of(ERRORS[name]), Draw())
    assert verdict.misconception == "raised"
    assert len(verdict.message.split(" instead of returning a value.")[1]) > 40, verdict.text
