import pytest
import torch

from gradlab.lessons.lasso_path.explorers.hyperbola import train
from gradlab.maths.prox import soft_threshold


def test_balance_is_kept_up_to_the_step_size():
    drifts = [train(lr, 0.0) for lr in (0.02, 0.01, 0.005)]
    c = [(3.75 - (u**2 - v**2)).item() for u, v in (data["end"] for data in drifts)]
    assert c[0] / c[1] == pytest.approx(2, rel=0.1) and c[1] / c[2] == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize("decay", [0.5, 1.0, 2.0])
def test_weight_decay_ends_at_the_soft_threshold(decay):
    u, v = train(0.01, decay)["end"]
    assert (u * v).item() == pytest.approx(soft_threshold(torch.tensor(3.0), decay).item(), abs=2e-3)
