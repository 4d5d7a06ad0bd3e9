"""What autograd pays for a computation: graph nodes, tensor operations, bytes kept for the backward pass."""

import weakref
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode


class Operation(NamedTuple):
    """One call of an ATen operator, such as Operation("mm", ((5, 5), (5, 5)))."""

    name: str
    input_shapes: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class GraphCost:
    """The cost of one forward pass as autograd sees it.

    - nodes: backward nodes made during the call, those of dead branches and of cut pieces included
    - operations: every ATen operator that ran, in order, with the shapes of its tensor arguments
    - saved_bytes: what the graph of the result still keeps for its backward pass, each storage counted once
    - saved_tensors: how many tensors those are, shared storages counted each time
    """

    nodes: int
    operations: tuple[Operation, ...]
    saved_bytes: int
    saved_tensors: int

    @property
    def operation_counts(self) -> Counter[str]:
        """How often each operator ran, by its ATen name."""
        return Counter(operation.name for operation in self.operations)


def graph_cost(fn: Callable[..., Any], *args: Any) -> GraphCost:
    """Run fn(*args) once and measure the graph that it leaves; the backward pass is not run.

    The graph is never walked, so its depth does not matter. What a custom autograd.Function keeps as an
    attribute of its context, instead of by `save_for_backward`, is not seen.
    Source: University of Washington, Data 598 (Winter 2022), homework 5.
    """
    recorder = _Recorder()
    saved: list[weakref.ref[_Saved]] = []

    def pack(tensor: Tensor) -> _Saved:
        # Detached, or an operator that saves its own result would hold its own graph alive; unrecorded.
        with torch._C._DisableTorchDispatch():
            box = _Saved(tensor.detach())
        saved.append(weakref.ref(box))
        return box

    with torch.enable_grad():
        first = _sequence_number()
        with torch.autograd.graph.saved_tensors_hooks(pack, lambda box: box.tensor), recorder:
            result = fn(*args)
        nodes = _sequence_number() - first - 1
        # A box lives exactly as long as the graph that holds it; `result` holds the graph until here.
        alive = [box.tensor.untyped_storage() for reference in saved if (box := reference()) is not None]
        del result
    by_address = {storage.data_ptr(): storage.nbytes() for storage in alive}
    return GraphCost(nodes, tuple(recorder.operations), sum(by_address.values()), len(alive))


class _Saved:
    __slots__ = ("__weakref__", "tensor")

    def __init__(self, tensor: Tensor):
        self.tensor = tensor


class _Recorder(TorchDispatchMode):
    def __init__(self):
        super().__init__()
        self.operations: list[Operation] = []

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # True, the default, imports torch._dynamo at the first operation: a second, for nothing

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        shapes = tuple(tuple(tensor.shape) for tensor in _tensors((*args, *(kwargs or {}).values())))
        self.operations.append(Operation(func._schema.name.removeprefix("aten::"), shapes))
        return func(*args, **(kwargs or {}))


def _tensors(arguments):
    for argument in arguments:
        if isinstance(argument, Tensor):
            yield argument
        elif isinstance(argument, (list, tuple)):
            yield from _tensors(argument)


def _sequence_number() -> int:
    # Autograd numbers the nodes of a thread as it makes them; this asks for the next number by making one.
    return torch.zeros((), requires_grad=True).neg().grad_fn._sequence_nr()
