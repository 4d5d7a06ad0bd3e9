import pytest
import torch
from matplotlib.figure import Figure

from gradlab.explore.figures import close, style
from gradlab.lessons.wasteful_module.explorers.eigenvalues import draw_eigenvalues, jacobian_at, tell_eigenvalues


def drawn(draw, data):
    with style():
        figure = draw(data)
    close(figure)
    return figure


@pytest.mark.parametrize("T", [0.0, 1.0, 3.14, 10.0, 15.0, 28.0])
def test_jacobian_is_a_projector_whose_trace_counts_the_entries_that_pass(T):
    data = jacobian_at(T=T)
    passing = int((data["Mx"].abs() > T).sum())
    assert data["distance"] < 1e-12 and round(data["trace"]) == passing
    expected = torch.tensor([0.0] * (5 - passing) + [1.0] * passing, dtype=torch.float64)
    torch.testing.assert_close(data["eigenvalues"], expected, rtol=0, atol=1e-6)
    assert f"{passing} of them" in tell_eigenvalues(data)
    assert isinstance(drawn(draw_eigenvalues, data), Figure)


def test_jacobian_is_oblique():
    assert jacobian_at(T=3.14)["asymmetry"] > 0.1
