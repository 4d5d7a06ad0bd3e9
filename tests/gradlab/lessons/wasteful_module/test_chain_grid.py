import math

import pytest
import torch

from gradlab.lessons.wasteful_module.chain_grid import DTYPES, MODULES, ROUNDS, cost, load_grid, noise
from gradlab.maths.chains import CHAINS

GRID = load_grid()


def column(dtype, method, key):
    return [row[key] for row in GRID["noise"][dtype][method]]


def slope(values, first=4):
    """Least squares in the logarithms, from n = 100 on."""
    n, y = (torch.tensor(t, dtype=torch.float64).log()[first:] for t in (ROUNDS, values))
    n, y = n - n.mean(), y - y.mean()
    return ((n @ y) / (n @ n)).item()


def test_grid_holds_every_method_dtype_and_module():
    assert GRID["rounds"] == list(ROUNDS)
    assert list(GRID["noise"]) == list(DTYPES) and all(list(rows) == list(CHAINS) for rows in GRID["noise"].values())
    assert list(GRID["cost"]) == list(MODULES)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("method", CHAINS)
def test_error_stays_below_n_eps_kappa(dtype, method):
    eps, kappa = torch.finfo(DTYPES[dtype]).eps, 97
    assert all(0 < error < 10 * n * eps * kappa for n, error in zip(ROUNDS, column(dtype, method, "error")))


def test_error_of_the_chain_grows_like_n():
    assert 0.8 < slope(column("float64", "inverse each round", "error")) < 1.2


def test_noise_grows_like_n_with_the_inverse_in_the_loop():
    assert 0.8 < slope(column("float64", "inverse each round", "grad_A")) < 1.2


def test_noise_grows_about_like_n_squared_with_the_inverse_before_the_loop():
    assert slope(column("float64", "inverse once", "grad_A")) > 1.5


@pytest.mark.parametrize("dtype", DTYPES)
def test_noise_stops_growing_with_solve(dtype):
    assert abs(slope(column(dtype, "solve each round", "grad_A"), first=5)) < 0.2


def test_noise_is_never_exactly_zero():
    assert all(min(column(dtype, method, "grad_A")) > 0 for dtype in DTYPES for method in CHAINS)


def test_noise_overtakes_the_gradient_in_x_in_float32():
    assert column("float32", "inverse once", "grad_A")[-1] > column("float64", "inverse once", "grad_x")[-1] > 20


def test_bytes_and_nodes_of_the_wasteful_module_grow_by_the_same_for_each_round():
    rows = GRID["cost"]["wasteful"]
    for key in ("nodes", "bytes"):
        steps = [
            (after[key] - before[key]) / (n - m) for before, after, m, n in zip(rows, rows[1:], ROUNDS, ROUNDS[1:])
        ]
        assert len(set(steps)) == 1 and steps[0] > 0


def test_graph_of_the_efficient_module_does_not_know_n():
    assert len({tuple(row.items()) for row in GRID["cost"]["efficient"]}) == 1


@pytest.mark.parametrize("kind", MODULES)
def test_counts_are_those_of_this_torch(kind):
    assert [cost(kind, n) for n in ROUNDS[:4]] == GRID["cost"][kind][:4]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("method", CHAINS)
def test_noise_computed_here_has_the_size_of_the_grid(dtype, method):
    here, there = noise(method, DTYPES[dtype], 30), GRID["noise"][dtype][method][3]
    for key in ("error", "grad_A"):
        assert abs(math.log10(here[key] / there[key])) < 1.5
