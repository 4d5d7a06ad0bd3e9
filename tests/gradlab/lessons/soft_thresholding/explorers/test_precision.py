import pytest

from gradlab.lessons.soft_thresholding.explorers.precision import errors


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("lam", [1e-12, 1e-6, 1.0])
def test_stable_formula_keeps_its_digits_where_autograd_loses_them(lam, dtype):
    data = errors(lam, dtype)
    assert data["stable"].max() < 10 * data["epsilon"]
    far = data["x"] > 10 * data["cliff"]
    assert (data["naive"][far] > 0.5).all()
