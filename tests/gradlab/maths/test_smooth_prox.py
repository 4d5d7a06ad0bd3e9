import pytest
import torch

from gradlab.maths.prox import soft_threshold
from gradlab.maths.smooth_prox import smooth_prox
from gradlab.maths.soft import soft_abs, soft_sign

Y = torch.linspace(-6, 6, 25, dtype=torch.float64)


@pytest.mark.parametrize("lam", [1e-200, 1e-8, 0.01, 1.0, 100.0])
@pytest.mark.parametrize("T", [0.0, 0.5, 3.14])
def test_solves_its_stationarity_condition(T, lam):
    x = smooth_prox(Y, T, lam)
    slack = 1e-15 * (1 + T / lam**0.5)  # the left side is as steep as 1 + T/√λ
    assert ((x + T * soft_sign(x, lam) - Y).abs() <= slack * Y.abs() + 1e-14).all()


def test_minimises_among_nearby_points():
    def objective(x):
        return (x - Y) ** 2 / 2 + 1.3 * soft_abs(x, 0.1)

    x = smooth_prox(Y, 1.3, 0.1)
    assert (objective(x) <= objective(x + 1e-3)).all() and (objective(x) <= objective(x - 1e-3)).all()


def test_tends_to_soft_threshold():
    assert torch.allclose(smooth_prox(Y, 1.25, 1e-20), soft_threshold(Y, 1.25), atol=1e-6)


def test_is_odd_and_keeps_zero():
    assert torch.equal(smooth_prox(-Y, 0.7, 0.01), -smooth_prox(Y, 0.7, 0.01))
    assert smooth_prox(torch.zeros(()), 0.7, 0.01) == 0


def test_T_broadcasts_and_dtype_is_kept():
    T = torch.tensor([[0.5], [2.0]])
    x = smooth_prox(Y.float(), T, torch.tensor(0.01))
    assert x.shape == (2, 25) and x.dtype == torch.float32
    assert torch.equal(x[1], smooth_prox(Y.float(), 2.0, 0.01))


def test_nan_stays_nan():
    assert smooth_prox(torch.tensor([float("nan"), 1.0]), 1.0, 0.1).isnan().tolist() == [True, False]


@pytest.mark.parametrize(("T", "lam"), [(-1.0, 0.1), (1.0, 0.0), (1.0, -1.0)])
def test_negative_T_and_non_positive_lam_are_refused(T, lam):
    with pytest.raises(ValueError, match="smooth_prox needs"):
        smooth_prox(Y, T, lam)
