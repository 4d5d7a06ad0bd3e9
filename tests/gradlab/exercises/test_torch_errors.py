"""Exceptions that learners meet have a cause in a sentence, as this version of torch words them."""

import math

import numpy
import pytest
import torch
import torch.nn.functional as F

from gradlab.exercises.torch_errors import cause_of

X = torch.tensor([1.0, 2.0], dtype=torch.float64)
WANTED = X.clone().requires_grad_()


def without_end():
    return without_end()


RAISING = {
    "a bare number": lambda: torch.sqrt(2.0),
    "a whole number": lambda: torch.hypot(X, 3),
    "a tensor for a number": lambda: F.softshrink(X, X[0].requires_grad_()),
    "kinds of arguments": lambda: torch.zeros("2"),
    "one number of a batch": lambda: torch.vmap(lambda t: t.item())(X),
    "float of a batch": lambda: torch.vmap(lambda t: torch.tensor(float(t)))(X),
    "if in a batch": lambda: torch.vmap(lambda t: t if t > 1 else -t)(X),
    "numpy in torch.func": lambda: torch.func.grad(lambda t: torch.from_numpy(numpy.sin(t.detach().numpy())).sum())(X),
    "marking in torch.func": lambda: torch.func.grad(lambda t: t.requires_grad_().sum())(X),
    "no function": lambda: X(2),
    "a number called": lambda: X.dtype(3),
    "too many arguments": lambda: (lambda x: x)(1, 2),
    "unknown keyword": lambda: (lambda x: x)(y=1),
    "missing argument": lambda: (lambda x, y: x)(1),
    "unknown name": lambda: sqrt(2),  # noqa: F821
    "unknown part": lambda: X.sqroot(),
    "recursion": without_end,
    "exit": lambda: exit(),
    "outer product of matrices": lambda: torch.outer(torch.ones(2, 2), torch.ones(2)),
    "matrix times vector": lambda: torch.ones(3, 2) @ torch.ones(3),
    "math of a tensor": lambda: math.sqrt(X),
    "numpy of a tensor that is followed": lambda: numpy.sin(WANTED),
    "two dtypes": lambda: X @ torch.ones(2),
    "truth of a tensor": lambda: 1 if X > 1 else 0,
    "singular": lambda: torch.linalg.solve(torch.zeros(2, 2), torch.ones(2)),
}


@pytest.mark.parametrize("raising", RAISING.values(), ids=RAISING)
def test_cause_is_known(raising):
    with pytest.raises(BaseException) as caught:
        raising()
    assert cause_of(f"{caught.typename}: {caught.value}"), caught.value


def test_what_a_learner_raises_has_no_cause_of_torch():
    assert cause_of("ValueError: T must not be negative") == ""
