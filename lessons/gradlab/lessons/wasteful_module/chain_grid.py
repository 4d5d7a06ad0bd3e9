"""Round-off and cost of the chain for many numbers of rounds, computed ahead.

`python -m gradlab.lessons.wasteful_module.chain_grid` computes them anew. Round-off depends on the machine's linear
algebra library: its size is for looking at, its slopes are what tests hold.
"""

import json
from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn

from gradlab.lessons.wasteful_module.functions import Efficient, Published, Wasteful
from gradlab.maths.chains import CHAINS
from gradlab.maths.graph_cost import graph_cost
from gradlab.maths.matrices import create_symmetric_invertible_matrix

FILE = Path(__file__).with_name("chain_grid.json")
ROUNDS = (1, 3, 10, 30, 100, 300, 1000, 3000, 10000)
DTYPES = {"float64": torch.float64, "float32": torch.float32}
MODULES = ("wasteful", "efficient", "published")
T = 3.14


def homework_data(dtype: torch.dtype = torch.float64) -> tuple[Tensor, Tensor, Tensor]:
    """M (5, 5), A (5, 5) and x (5,) of the homework, as leaves that want a gradient."""
    M, A = create_symmetric_invertible_matrix(5), create_symmetric_invertible_matrix(5, seed=10)
    x = torch.tensor([0.1, 5.0, -2.3, -1.0, -2.0], dtype=torch.float64)
    M, A, x = (tensor.to(dtype).requires_grad_(True) for tensor in (M, A, x))
    return M, A, x


def build(kind: str, M: Tensor, n: int) -> nn.Module:
    """One of MODULES, with n rounds where it has any."""
    return Efficient(T, M) if kind == "efficient" else {"wasteful": Wasteful, "published": Published}[kind](T, M, n)


def noise(method: str, dtype: torch.dtype, n: int) -> dict[str, float]:
    """Relative error of (A⁻¹A)ⁿ M x, and the largest entry of ∇A and of ∇x, for φ = ‖x − g‖²; ∇A should be 0."""
    M, A, x = homework_data(dtype)
    v = (M @ x).detach()
    error = (CHAINS[method](A.detach(), v, n) - v).norm() / v.norm()
    phi = ((x - Wasteful(T, M, n, method)(x, A)) ** 2).sum()
    in_x, in_A = torch.autograd.grad(phi, (x, A))
    seen = {"error": error, "grad_A": in_A.abs().max(), "grad_x": in_x.abs().max()}
    return {name: float(f"{value.item():.3g}") for name, value in seen.items()}


def cost(kind: str, n: int) -> dict[str, int]:
    """Graph nodes and bytes kept for the backward pass of φ."""
    M, A, x = homework_data()
    module = build(kind, M, n)
    measured = graph_cost(lambda: ((x - module(x, A)) ** 2).sum())
    return {"nodes": measured.nodes, "bytes": measured.saved_bytes}


def compute_grid() -> dict:
    """Everything for every number of rounds; about a minute."""
    return {
        "rounds": list(ROUNDS),
        "noise": {
            name: {method: [noise(method, dtype, n) for n in ROUNDS] for method in CHAINS}
            for name, dtype in DTYPES.items()
        },
        "cost": {kind: [cost(kind, n) for n in ROUNDS] for kind in MODULES},
    }


@cache
def load_grid() -> dict:
    """The grid as it was computed ahead."""
    return json.loads(FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    torch.set_num_threads(1)
    FILE.write_text(json.dumps(compute_grid(), indent=1) + "\n", encoding="utf-8")
    print(f"wrote {FILE.name}")
