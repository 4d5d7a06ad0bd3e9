"""What a probe sees, here and in another process."""

import os
import socket
import subprocess
import sys
import time

import pytest
import torch

from gradlab.probe import Call, Named, Probe, ProbeError
from gradlab.probe.answer import Opaque
from gradlab.probe.wire import receive, send


def double(values):
    return torch.tensor(values, dtype=torch.float64)


def test_value_dtype_and_graph_are_seen():
    answer = Probe.of(lambda x: (x**2).sum())(double([1.0, 2.0]).requires_grad_(True))
    assert answer.value.item() == 5.0 and answer.value.dtype is torch.float64
    assert answer.requires_grad and not answer.value.requires_grad


def test_gradients_are_weighted_by_the_cotangent():
    x, y = double([1.0, 2.0]).requires_grad_(True), double([3.0, 4.0]).requires_grad_(True)
    answer = Probe.of(lambda x, y: x * x)(x, y, gradients=("0", "1"), cotangent=double([1.0, 10.0]))
    assert answer.gradients["0"].tolist() == [2.0, 40.0] and answer.gradients["1"] is None


def test_parameters_of_a_constructed_module_can_be_differentiated():
    class Scale(torch.nn.Module):
        def __init__(self, weight):
            super().__init__()
            self.weight = torch.nn.Parameter(weight)

        def forward(self, x):
            return self.weight * x

    probe = Probe.of(Scale)
    made = probe(double([2.0]), keep=True)
    assert made.parameters["weight"].tolist() == [2.0]
    answer = probe(double([5.0]), target=made.kept, gradients=("weight",))
    assert answer.value.tolist() == [10.0] and answer.gradients["weight"].tolist() == [5.0]


def test_changed_arguments_and_leftover_grads_are_named():
    def careless(x, y):
        x.add_(1)
        (y**2).sum().backward()
        return y

    answer = Probe.of(careless)(double([1.0]), double([2.0]).requires_grad_(True))
    assert answer.changed == ("0",) and answer.left_grad == ("1",) and answer.shares_memory == ("1",)


def test_grad_from_earlier_travels_with_its_tensor():
    x = double([1.0]).requires_grad_(True)
    x.grad = double([7.0])
    assert Probe.of(lambda x: x.grad)(x).value.tolist() == [7.0]


def test_named_functions_are_built_on_the_other_side_and_their_leaves_watched():
    weight = double([3.0]).requires_grad_(True)

    def with_backward(f, x):
        f(x).backward()

    answer = Probe.of(with_backward)(Named("start_here.weighted_square", weight=weight), double([1.0]))
    assert answer.left_grad == ("0.weight",)


@pytest.mark.parametrize(
    "name", ["os.system", "start_here.torch", "start_here._hidden", "../start_here.constant", "nothing.here"]
)
def test_names_that_gradlab_does_not_know_are_refused(name):
    with pytest.raises((ProbeError, ModuleNotFoundError)):
        Probe.of(lambda f: f)(Named(name))


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3), StopIteration()])
def test_exceptions_are_data(error):
    def fails():
        raise error

    raised = Probe.of(fails)().raised
    assert raised.type == type(error).__name__ and raised.message == str(error)


def test_endless_loop_is_stopped_even_if_it_swallows_exceptions():
    def loops():
        while True:
            try:
                pass
            except Exception:
                pass

    assert Probe.of(loops)(seconds=0.3).timed_out


def test_answer_that_waits_is_stopped_on_the_clock():
    assert Probe.of(lambda: time.sleep(60))(seconds=0.2).timed_out


def test_time_in_which_others_compute_is_not_the_answers(monkeypatch):
    """Asleep for longer than its seconds, as on a machine that gives its turns to others."""
    monkeypatch.setattr("gradlab.probe.perform.BUSY", 1000)
    assert Probe.of(lambda: time.sleep(0.6) or True)(seconds=0.4).value is True


def test_import_is_not_stopped_halfway(tmp_path, monkeypatch):
    (tmp_path / "slowly_imported.py").write_text("import time\ntime.sleep(0.5)\nready = True\n")
    monkeypatch.syspath_prepend(tmp_path)

    def imports():
        import slowly_imported

        return slowly_imported.ready

    assert Probe.of(imports)(seconds=0.2).value is True


def test_output_of_an_answer_does_not_reach_the_notebook(capsys):
    def chatty():
        print("look at me")
        print("and me", file=sys.stderr)
        return 1

    assert Probe.of(chatty)().value == 1
    assert capsys.readouterr() == ("", "")


def test_operations_and_nodes_are_counted():
    x = double([1.0, 2.0]).requires_grad_(True)
    answer = Probe.of(lambda x: torch.sin(x) + torch.sin(2 * x))(x, record=True)
    counts = {name: n for (name, _), n in answer.operations.items()}
    assert counts["aten.sin"] == 2 and answer.node_count == 4 and "AddBackward0" in answer.nodes


def test_nodes_are_named_where_a_gradient_is_asked_for():
    x = double([1.0, 2.0]).requires_grad_(True)
    answer = Probe.of(lambda x: torch.sin(x) + 1)(x, gradients=("0",))
    assert answer.nodes == ("AddBackward0", "SinBackward0", "torch::autograd::AccumulateGrad")


@pytest.mark.parametrize("value", [None, True, 3, 2.5, float("inf"), "text", [1, (2.0, None)], {"a": [1]}])
def test_plain_values_cross_unchanged(value):
    assert Probe.of(lambda v: v)(value).value == value


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bool, torch.int64, torch.bfloat16])
@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3), (2, 3)])
def test_tensors_cross_unchanged(dtype, shape):
    tensor = torch.ones(shape).to(dtype)
    value = Probe.of(lambda t: t.clone())(tensor).value
    assert torch.equal(value, tensor) and value.dtype is dtype


def test_what_is_not_an_answer_raises_probe_error():
    for reply in (
        {"value": {"tensor": "float64", "shape": [10**12], "data": b""}},
        {"raised": 3},
        {"value": {"odd": 1}},
        {"value": {"tensor": "float64", "shape": [2**22, 2**22, 2**22, 0], "data": b""}},
        {"value": {"tensor": "float64", "shape": [0, 2**22, 2**22, 2**22], "data": b""}},
        {"value": {"opaque": [[[]]]}},
        {"changed": [[]] * 2, "raised": {"type": 1, "bases": 1, "message": 1, "traceback": 1}},
    ):
        with pytest.raises(ProbeError):
            Probe(lambda request, reply=reply: reply)(1)


CHILD = """
import os, torch
from gradlab.probe.examine import examine
def cube(x): return x**3
examine("cube", globals())
"""


def test_a_probe_of_another_process_sees_the_same():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD],
            env={**os.environ, "GRADLAB_EXAM_FD": str(theirs.fileno())},
            pass_fds=[theirs.fileno()],
        )
        assert receive(ours, 60)["examine"] == "cube"

        def exchange(call):
            send(ours, {"call": call})
            return receive(ours, 60)["seen"]

        call = Call((double([1.0, 2.0]).requires_grad_(True),), gradients=("0",))
        there, here = Probe(exchange).look(call), Probe.of(lambda x: x**3).look(call)
        send(ours, {"done": True})
        assert child.wait(30) == 0
    assert torch.equal(there.value, here.value) and torch.equal(there.gradients["0"], here.gradients["0"])


def test_whole_number_beyond_every_float_is_infinite():
    assert Probe.of(lambda n: -(10**n))(5000).value == float("-inf")
    assert Probe.of(lambda n: 2**n)(1000).value == 2**1000


@pytest.mark.parametrize(
    "refused",
    [lambda x: x ^ 2, lambda x: torch.nn.Module()(x)],
    ids=["xor of floats", "module without forward"],
)
def test_what_torch_has_not_implemented_is_an_attempt(refused):
    answer = Probe.of(refused)(double([1.0]))
    assert answer.raised.type == "NotImplementedError" and answer.attempted


def test_tensor_without_numbers_is_opaque_and_no_answer_unattempted():
    seen = Probe.of(lambda x: torch.zeros(3, device="meta"))(1)
    assert seen.attempted and isinstance(seen.value, Opaque)
