"""What an answer did while it ran: operations, and nodes of its graph."""

from collections import Counter
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

FEW_NODES = 200


class Record(TorchDispatchMode):
    """Counts every ATen operation with its input shapes. No saved-tensor hooks: torch.func refuses to run under them."""

    def __init__(self) -> None:
        super().__init__()
        self.operations: Counter = Counter()

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # True, the default, imports torch._dynamo at the first operation: a second, for nothing

    def __enter__(self) -> "Record":
        self.first = _sequence_number()
        return super().__enter__()

    def __exit__(self, *exception: Any) -> None:
        super().__exit__(*exception)
        self.last = _sequence_number()

    def __torch_dispatch__(self, function: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        shapes = tuple(tuple(leaf.shape) for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, torch.Tensor))
        self.operations[(str(function).removesuffix(".default"), shapes)] += 1
        return function(*args, **(kwargs or {}))

    def summary(self, result: Any) -> dict:
        """Plain data: operations as [name, shapes, count], number of graph nodes, names of the last few."""
        return {
            "operations": [
                [name, [list(s) for s in shapes], n] for (name, shapes), n in self.operations.most_common(500)
            ],
            "node_count": max(self.last - self.first - 1, 0),
            "nodes": node_names(result),
        }


def _sequence_number() -> int:
    """How many graph nodes this thread has made so far: the node of a fresh operation carries the count."""
    with torch.enable_grad():
        probe = torch.zeros((), requires_grad=True) * 1.0
    return getattr(probe.grad_fn, "_sequence_nr")()  # noqa: B009 (torch keeps it to itself)


def node_names(result: Any) -> list[str]:
    """Names of the nodes nearest to the result; a deep graph is not walked (releasing it would crash the interpreter)."""
    if not isinstance(result, torch.Tensor) or result.grad_fn is None:
        return []
    seen, names, queue = set(), [], [result.grad_fn]
    while queue and len(names) < FEW_NODES:
        node = queue.pop(0)
        if node in seen:
            continue
        seen.add(node)
        names.append(node.name())
        queue.extend(parent for parent, _ in node.next_functions if parent is not None)
    return names
