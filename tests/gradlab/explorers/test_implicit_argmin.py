import importlib
import math

import pytest
import torch

from gradlab.explore.explorer import Explorer
from gradlab.explorers import adam_paths, implicit_argmin
from gradlab.maths.networks import pack, stored_weights, tanh_network

stabiliser = importlib.import_module("gradlab.explorers.stabiliser")


@pytest.fixture(params=["bowl", "solver_steps", "stabiliser", "finite_difference"])
def explorer(request, monkeypatch):
    made = []
    keep = lambda compute, draw, *, alt, **controls: made.append(Explorer(compute, draw, alt, controls))  # noqa: E731
    for module in (implicit_argmin, stabiliser):
        monkeypatch.setattr(module, "explore", keep)
    getattr(implicit_argmin, request.param)()
    return made[0]


def test_every_position_can_be_computed_and_is_told_apart(explorer):
    assert len(explorer.positions) == math.prod(len(control) for control in explorer.controls)
    told = {explorer.told(p, explorer.compute(**explorer.values(p))) for p in explorer.positions}
    assert len(told) == len(explorer.positions)


def test_the_extreme_positions_can_be_drawn_and_look_different(explorer):
    pictures = []
    for position in (explorer.positions[0], min(explorer.positions), max(explorer.positions)):
        assert len(explorer.show(position)) > 1, explorer.record.strings[explorer.show(position)[0]]
        pictures.append(explorer.show(position)[2:])
    assert pictures[1] != pictures[2]


@pytest.mark.parametrize("net", [implicit_argmin.FLAT, implicit_argmin.STIFF])
def test_gap_between_predicted_and_true_shift_is_of_second_order(net):
    gaps = []
    for delta in (0.02, 0.01):
        data = implicit_argmin.shifted_bowl(delta, net)
        gaps.append(data["new"][0] - data["guess"])
    assert gaps[0] / gaps[1] == pytest.approx(4, rel=0.15)


@pytest.mark.parametrize("seed", [2023, 456])
@pytest.mark.parametrize("x", [-3.0, 0.4])
def test_slopes_of_the_plain_network_are_those_of_autograd(seed, x):
    f, theta = tanh_network(1 / 16), pack(stored_weights(seed))
    point = torch.tensor([x], dtype=torch.float64)
    at = adam_paths.network(seed, 1 / 16).at(x)
    gradient = torch.func.grad(f)
    assert at.value == pytest.approx(f(point, theta).item(), rel=1e-12)
    assert at.gradient == pytest.approx(gradient(point, theta).item(), rel=1e-12)
    assert at.curvature == pytest.approx(torch.func.jacrev(gradient)(point, theta).item(), rel=1e-12)
    push = torch.func.jacrev(gradient, argnums=1)(point, theta)[0, adam_paths.MOVED]
    assert at.push == pytest.approx(push.item(), rel=1e-12)


def test_plain_adam_walks_as_torch_does():
    theta = pack(stored_weights(2023))
    x = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.Adam([x], lr=0.5)
    points, _ = adam_paths.adam(adam_paths.network(2023), 0.5, 30)
    for k in range(1, 31):
        x.grad = torch.autograd.grad(tanh_network()(x, theta), x)[0]
        optimiser.step()
        assert points[k] == pytest.approx(x.item(), rel=1e-9)


def test_derivative_through_the_steps_is_that_of_the_program():
    net, h = adam_paths.network(2023), 1e-6
    _, slopes = adam_paths.adam(net, 0.5, 60)
    above, below = (adam_paths.adam(net.moved(sign * h), 0.5, 60)[0] for sign in (1, -1))
    for k in (5, 20, 60):
        assert slopes[k] == pytest.approx((above[k] - below[k]) / (2 * h), rel=1e-5)


def test_opinions_meet_only_where_the_solver_has_converged():
    fast, slow = implicit_argmin.adam_run(1000, 0.5), implicit_argmin.adam_run(1000, 0.01)
    for name in ("implicit", "through"):
        assert fast[name][1000] == pytest.approx(fast["truth"], abs=1e-6)
        assert abs(slow[name][1000] - slow["truth"]) > 2


def test_difference_errors_have_slopes_one_and_two():
    data = implicit_argmin.differences(1e-3, no_minimum=False)
    finer = implicit_argmin.differences(1e-4, no_minimum=False)
    forward, central = (math.log10(a / b) for a, b in zip(data["size"], finer["size"]))
    assert (forward, central) == pytest.approx((1, 2), abs=0.1)


def test_without_a_minimum_the_difference_is_a_drift_over_delta():
    drifts = [d * implicit_argmin.differences(d, no_minimum=True)["here"][0] for d in (1e-10, 1e-6, 1e-3)]
    assert drifts == pytest.approx([drifts[0]] * 3, rel=1e-3)
    assert abs(drifts[0]) > 0.1


@pytest.mark.parametrize("strength", [0.05, 0.125, 0.25])
def test_stabiliser_adds_twice_its_strength_along_the_null_direction(strength):
    data = stabiliser.stabilised(strength, stabiliser.THREE)
    assert min(data["eigenvalues"]) == pytest.approx(2 * strength, rel=1e-9)
    n, across = stabiliser.plane()
    assert torch.linalg.vector_norm(stored_weights(123).W1 @ n) < 1e-15
    assert abs(n @ across) < 1e-12


@pytest.mark.parametrize("net", [stabiliser.ONE, stabiliser.THREE])
def test_without_a_stabiliser_no_minimum_is_shown(net):
    assert stabiliser.stabilised(0.0, net)["minimum"] is None
