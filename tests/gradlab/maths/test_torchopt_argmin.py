import pytest
import torch

from gradlab.maths.implicit import argmin_vjp, minimise
from gradlab.maths.networks import stored_theta, tanh_network
from gradlab.maths.torchopt_argmin import torchopt_vjp

STABILISED = tanh_network(1 / 16)


@pytest.mark.parametrize("solve", ["normal_cg", "cg", "inv"])
def test_torchopt_agrees_at_a_well_conditioned_minimum_and_says_nothing(solve, recwarn, capfd):
    theta = stored_theta(123)
    x, v = minimise(STABILISED, torch.zeros(3).double(), theta), torch.tensor([1.0, -2.0, 0.5]).double()
    found = torchopt_vjp(STABILISED, x, theta, v, solve)
    torch.testing.assert_close(found, argmin_vjp(STABILISED, x, theta, v), rtol=1e-4, atol=1e-6)
    assert not recwarn.list and capfd.readouterr() == ("", "")


def test_torchopt_answers_where_there_is_no_minimum_and_gradlab_does_not():
    x = torch.tensor([-10.278391460465638, 9.144972085336095, -8.950106669835773], dtype=torch.float64)
    theta, v = stored_theta(123), torch.ones(3).double()
    assert torch.isfinite(torchopt_vjp(tanh_network(), x, theta, v)).all()
    with pytest.raises(ValueError, match="minimum"):
        argmin_vjp(tanh_network(), x, theta, v)
