import pytest

from gradlab.explore.figures import close, style
from gradlab.lessons.wasteful_module.chain_grid import DTYPES, ROUNDS
from gradlab.lessons.wasteful_module.explorers.noise import chain_noise, draw_noise
from gradlab.maths.chains import CHAINS


def drawn(draw, data):
    with style():
        figure = draw(data)
    close(figure)
    return figure


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("method", CHAINS)
def test_every_number_of_the_noise_lies_inside_the_axes(method, dtype):
    data = chain_noise(n=ROUNDS[0], method=method, dtype=dtype)
    for ax, key in zip(drawn(draw_noise, data).axes, ("error", "grad_A")):
        low, high = ax.get_ylim()
        assert all(low < row[key] < high for rows in data["rows"].values() for row in rows)


def test_slopes_tell_the_methods_apart():
    slopes = {method: chain_noise(n=1, method=method, dtype="float64")["slope"] for method in CHAINS}
    assert slopes["solve each round"] < 0.3 < 0.8 < slopes["inverse each round"] < 1.2 < 1.5 < slopes["inverse once"]
