import numpy as np
import pytest
import torch
from scipy.optimize import linprog

from gradlab.maths.clarke import clarke_vertices, distance_to_hull, sample_gradients
from gradlab.maths.piecewise_linear import figure_one


def generator(seed):
    return torch.Generator().manual_seed(seed)


def tensor(*values):
    return torch.tensor(values, dtype=torch.float64)


def network(weights, biases=None):
    def f(x):
        for layer, weight in enumerate(weights):
            x = weight @ (x if layer == 0 else torch.relu(x))
            if biases is not None:
                x = x + biases[layer]
        return x.sum()

    return f


def random_weights(seed, *widths):
    draw = generator(seed)
    return [torch.randn(m, n, dtype=torch.float64, generator=draw) for n, m in zip(widths, widths[1:])]


def integer_weights(seed, *widths):
    draw = generator(seed)
    return [torch.randint(-2, 3, (m, n), generator=draw).double() for n, m in zip(widths, widths[1:])]


def rows(matrix):
    return {tuple(row) for row in (np.round(np.asarray(matrix), 6) + 0.0).tolist()}


# --- clarke_vertices ----------------------------------------------------------------------------------------


def test_smooth_point_has_its_gradient_alone():
    weights, x = random_weights(1, 4, 6, 5, 1), torch.ones(4, dtype=torch.float64)
    expected = torch.func.grad(network(weights))(x)
    torch.testing.assert_close(clarke_vertices(weights, x), expected[None])


def test_relu_at_zero_has_slopes_zero_and_one():
    assert rows(clarke_vertices([tensor([1]), tensor([1])], tensor(0))) == {(0.0,), (1.0,)}


def test_identity_spelled_with_two_relus_keeps_its_one_slope():
    assert rows(clarke_vertices([tensor([1], [-1]), tensor([1, -1])], tensor(0))) == {(1.0,)}


@pytest.mark.parametrize("at", [-1.0, 0.0])
def test_figure_one_as_a_network_has_both_slopes_at_its_kinks(at):
    weights, biases = [tensor([1], [-1], [1], [1]), tensor([1, -1, -2, 2])], [tensor(0, 0, 1, 0), tensor(0)]
    grid = torch.linspace(-3, 2, 11, dtype=torch.float64)
    values = torch.stack([network(weights, biases)(x[None]) for x in grid])
    torch.testing.assert_close(values, figure_one()(grid))
    assert rows(clarke_vertices(weights, tensor(at), biases)) == {(-1.0,), (1.0,)}


def test_twelve_hyperplanes_in_general_position_make_1124_cells():
    assert clarke_vertices(random_weights(2, 5, 12, 1), torch.zeros(5, dtype=torch.float64)).shape == (
        1124,
        5,
    )


@pytest.mark.parametrize("seed", range(4))
def test_cells_of_one_layer_agree_with_linear_programmes(seed):
    weights = (random_weights if seed % 2 else integer_weights)(seed, 3, 6, 1)
    first, last = weights
    expected = set()
    for pattern in np.ndindex(*[2] * 6):
        signs = 2 * np.array(pattern) - 1
        zero = (first == 0).all(dim=1).numpy()
        if (zero & (signs > 0)).any():
            continue
        # Largest margin t with signs·(W u) ≥ t, |u| ≤ 1: the cell is open if t > 0.
        system = np.hstack([-(signs[:, None] * first.numpy())[~zero], np.ones(((~zero).sum(), 1))])
        found = linprog([0, 0, 0, -1], A_ub=system, b_ub=np.zeros(len(system)), bounds=[(-1, 1)] * 3 + [(None, 1)])
        if -found.fun > 1e-9:
            expected.add(tuple((np.round((last.numpy()[0] * (signs > 0)) @ first.numpy(), 6) + 0.0).tolist()))
    assert rows(clarke_vertices(weights, torch.zeros(3, dtype=torch.float64))) == expected


@pytest.mark.parametrize("seed", range(12))
def test_cells_of_deep_integer_networks_agree_with_many_samples(seed):
    """Small integers: parallel, repeated and vanishing hyperplanes, several to a ray; and no thin cells."""
    dimension = 2 + seed % 2
    weights = integer_weights(seed, dimension, 4, 3, 1) if seed % 3 else integer_weights(seed, dimension, 3, 3, 2, 1)
    origin = torch.zeros(dimension, dtype=torch.float64)
    points = torch.randn(20_000, dimension, dtype=torch.float64, generator=generator(seed)).requires_grad_()
    value = points.T
    for weight in weights[:-1]:
        value = torch.relu(weight @ value)
    (samples,) = torch.autograd.grad((weights[-1] @ value).sum(), points)
    assert rows(clarke_vertices(weights, origin)) == rows(samples)


def test_kinks_of_a_deep_network_with_biases_agree_with_many_samples():
    weights = [tensor([1, 2], [2, -1], [1, 1]), tensor([1, 1, -1], [1, -2, 1]), tensor([3, -1])]
    biases = [tensor(-3, -1, 1), tensor(3, -3), tensor(5)]  # at (1, 1): two ties above a live unit, one below
    x = tensor(1, 1)
    samples = sample_gradients(network(weights, biases), x, 1e-3, 2000, generator(3))
    vertices = clarke_vertices(weights, x, biases)
    assert len(vertices) > 2 and rows(vertices) == rows(samples)


def test_every_sampled_gradient_is_a_vertex():
    weights, x = random_weights(4, 5, 8, 4, 1), torch.zeros(5, dtype=torch.float64)
    assert rows(sample_gradients(network(weights), x, 1.0, 500, generator(5))) <= rows(clarke_vertices(weights, x))


def test_lemma_of_euler_holds_for_every_vertex():
    weights = random_weights(6, 4, 7, 5, 1)
    x = torch.linalg.svd(weights[0][:2]).Vh[-1]  # two units of the first layer are 0 here
    vertices = clarke_vertices(weights, x)
    assert len(vertices) == 4
    torch.testing.assert_close(vertices @ x, network(weights)(x).expand(4))


def test_autograd_is_not_always_in_the_hull():
    weights = [tensor([1, 0], [-1, 0], [0, 1], [0, -1]), tensor([1, -1, 1, -1])]  # x₁ + x₂
    x = tensor(0, 1)
    vertices = clarke_vertices(weights, x)
    autograd = torch.func.grad(network(weights))(x)
    assert rows(vertices) == {(1.0, 1.0)}
    assert distance_to_hull(autograd, vertices) == pytest.approx(1)


def test_rescaling_hidden_units_changes_nothing():
    weights, x = random_weights(7, 3, 6, 1), torch.zeros(3, dtype=torch.float64)
    factors = torch.logspace(-4, 4, 6, dtype=torch.float64)
    rescaled = [factors[:, None] * weights[0], weights[1] / factors]
    assert rows(clarke_vertices(rescaled, x)) == rows(clarke_vertices(weights, x))


def test_result_is_detached_float64():
    weights = [weight.float().requires_grad_() for weight in random_weights(8, 2, 3, 1)]
    vertices = clarke_vertices(weights, torch.zeros(2))
    assert vertices.dtype == torch.float64 and not vertices.requires_grad


def test_too_many_cells_are_refused():
    with pytest.raises(ValueError, match="too many cells"):
        clarke_vertices(random_weights(9, 20, 60, 1), torch.zeros(20, dtype=torch.float64))


@pytest.mark.parametrize(
    "weights, x",
    [
        ([], torch.zeros(2)),
        ([torch.ones(3, 2), torch.ones(2, 3)], torch.zeros(2)),
        ([torch.ones(1, 3)], torch.zeros(2)),
    ],
)
def test_weights_that_fit_no_network_are_refused(weights, x):
    with pytest.raises(ValueError, match="weights need shapes"):
        clarke_vertices(weights, x)


def test_biases_that_fit_no_network_are_refused():
    with pytest.raises(ValueError, match="biases need"):
        clarke_vertices([torch.ones(3, 2), torch.ones(1, 3)], torch.zeros(2), [torch.zeros(3)])


# --- sample_gradients ---------------------------------------------------------------------------------------


def test_samples_stay_in_the_ball_and_fill_it():
    gradients = sample_gradients(lambda x: (x * x).sum() / 2, tensor(1, 2, 3), 0.5, 4000, generator(10))
    distance = (gradients - tensor(1, 2, 3)).norm(dim=1)  # the gradient of ½‖x‖² is the point itself
    assert distance.max() <= 0.5
    assert (distance < 0.25).double().mean().item() == pytest.approx(1 / 8, abs=0.02)


def test_samples_of_figure_one_show_both_slopes():
    slopes = sample_gradients(figure_one(), torch.tensor(-1.0), 1e-3, 200, generator(11))
    assert slopes.shape == (200,) and set(slopes.tolist()) == {-1.0, 1.0}


def test_same_generator_gives_the_same_samples():
    f, x = (lambda x: x.norm()), torch.zeros(2, 2)
    first, second = (sample_gradients(f, x, 1.0, 7, generator(12)) for _ in range(2))
    assert first.shape == (7, 2, 2) and torch.equal(first, second)


# --- distance_to_hull ---------------------------------------------------------------------------------------


def test_distance_from_a_square():
    square = tensor([0, 0], [1, 0], [0, 1], [1, 1])
    for point, distance in (((0.3, 0.9), 0), ((2, 0.5), 1), ((2, 2), 2**0.5), ((1, 1), 0), ((-3, -4), 5)):
        assert distance_to_hull(tensor(*point), square) == pytest.approx(distance, abs=1e-12)


def test_distance_scales_and_moves_with_the_picture():
    vertices = torch.randn(9, 3, dtype=torch.float64, generator=generator(13))
    point = tensor(2, 2, 2)
    distance = distance_to_hull(point, vertices)
    assert distance > 0
    for scale in (1e-6, 1e6):
        moved = distance_to_hull(scale * (point + 5), scale * (vertices + 5))
        assert moved == pytest.approx(scale * distance, rel=1e-9)


def test_random_mixture_of_the_vertices_is_in_the_hull():
    vertices = torch.randn(30, 6, dtype=torch.float64, generator=generator(14))
    mixture = torch.softmax(torch.randn(30, dtype=torch.float64, generator=generator(15)), 0) @ vertices
    assert distance_to_hull(mixture, vertices) < 1e-12


def test_distance_from_one_vertex_is_the_norm():
    assert distance_to_hull(tensor(3, 4), tensor([0, 0])) == pytest.approx(5)
    assert distance_to_hull(tensor(3, 4), tensor([3, 4])) == 0


@pytest.mark.parametrize("vertices", [torch.zeros(0, 2), torch.zeros(4, 3), torch.zeros(2)])
def test_vertices_of_another_dimension_are_refused(vertices):
    with pytest.raises(ValueError, match="shape"):
        distance_to_hull(torch.zeros(2), vertices)
