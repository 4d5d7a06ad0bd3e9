import gc

import pytest
import torch

from gradlab.maths.graph_cost import Operation, graph_cost
from gradlab.maths.matrices import create_symmetric_invertible_matrix


@pytest.fixture
def A():
    return create_symmetric_invertible_matrix(5, seed=10).requires_grad_()


@pytest.fixture
def v():
    return torch.arange(1.0, 6.0, dtype=torch.float64).requires_grad_()


def chain(A, v, n):
    for _ in range(n):
        v = A @ (torch.linalg.inv(A) @ v)
    return v


def walked(fn, *args):
    """Count the nodes of a small graph by walking it; leaves have no number of their own and are left out."""
    seen, todo = set(), [fn(*args).grad_fn]
    while todo:
        node = todo.pop()
        if node is not None and node not in seen and type(node).__name__ != "AccumulateGrad":
            seen.add(node)
            todo.extend(following for following, _ in node.next_functions)
    return len(seen)


@pytest.mark.parametrize("n", [1, 2, 10])
def test_nodes_of_a_live_graph_agree_with_a_walk(A, v, n):
    assert graph_cost(chain, A, v, n).nodes == walked(chain, A, v, n)


def test_every_cost_of_a_chain_grows_linearly(A, v):
    costs = [graph_cost(chain, A, v, n) for n in (10, 20, 40)]
    for name in ("nodes", "saved_bytes", "saved_tensors"):
        first, second, third = (getattr(cost, name) for cost in costs)
        assert third - second == 2 * (second - first) > 0


def test_saved_bytes_of_one_step_are_those_of_the_ledger(A, v):
    d = 5
    step = graph_cost(chain, A, v, 21).saved_bytes - graph_cost(chain, A, v, 20).saved_bytes
    assert step == 8 * d * d + 16 * d


def test_deep_graph_is_measured_and_released(A, v):
    assert graph_cost(chain, A, v, 10_000).nodes == 30_000
    gc.collect()


def test_a_storage_saved_twice_is_counted_once(v):
    cost = graph_cost(lambda v: (v * v).sum() + (v * v).sum(), v)
    assert cost.saved_bytes == v.numel() * 8
    assert cost.saved_tensors == 4


def test_piece_that_was_cut_off_saves_nothing(A, v):
    cost = graph_cost(lambda A, v: chain(A, v, 3).detach() + v, A, v)
    assert cost.saved_bytes == 0 and cost.saved_tensors == 0
    assert cost.nodes > 3


def test_nothing_is_recorded_without_gradients(A, v):
    cost = graph_cost(chain, A.detach(), v.detach(), 3)
    assert cost.nodes == 0 and cost.saved_bytes == 0
    assert cost.operation_counts["mv"] == 6


def test_operations_come_with_their_input_shapes(A, v):
    cost = graph_cost(lambda A, v: torch.linalg.solve(A, torch.eye(5, dtype=A.dtype)) @ v, A, v)
    assert Operation("mv", ((5, 5), (5,))) in cost.operations
    assert any("solve" in name and shapes == ((5, 5), (5, 5)) for name, shapes in cost.operations)


def test_tensors_in_a_list_count_as_inputs(v):
    assert Operation("cat", ((5,), (5,))) in graph_cost(lambda v: torch.cat([v, v]), v).operations


def test_measuring_adds_no_operation(v):
    assert graph_cost(lambda v: v.exp(), v).operations == (Operation("exp", ((5,),)),)


def test_gradient_is_asked_for_even_under_no_grad(v):
    with torch.no_grad():
        assert graph_cost(lambda v: v.exp(), v).nodes == 1


def test_no_gradient_is_left_behind(A, v):
    graph_cost(chain, A, v, 2)
    assert A.grad is None and v.grad is None


def test_backward_still_works_through_a_result_that_escapes(v):
    kept = []
    graph_cost(lambda v: kept.append(v.exp().sum()), v)
    (gradient,) = torch.autograd.grad(kept[0], v)
    torch.testing.assert_close(gradient, v.detach().exp())
