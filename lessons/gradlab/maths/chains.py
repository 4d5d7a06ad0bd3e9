"""Four ways to apply (A⁻¹A)ⁿ to a vector: the same map on paper, four different programs for autograd."""

from collections.abc import Callable

import torch
from torch import Tensor

from gradlab.answers import not_for

Chain = Callable[[Tensor, Tensor, int], Tensor]


def inverse_each_round(A: Tensor, v: Tensor, n: int) -> Tensor:
    """(A⁻¹A)ⁿ v with A inverted anew in every round; A (d, d), v (d,)."""
    not_for("chain_error", "WastefulMatmulSofttMatmulinv", "RepairedModule", "chain_vjp")
    for _ in range(n):
        v = torch.linalg.inv(A) @ (A @ v)
    return v


def inverse_once(A: Tensor, v: Tensor, n: int) -> Tensor:
    """(A⁻¹A)ⁿ v with one inverse, made before the loop; its values are those of `inverse_each_round` to the bit."""
    not_for("chain_error", "WastefulMatmulSofttMatmulinv", "RepairedModule", "chain_vjp")
    inverse = torch.linalg.inv(A)
    for _ in range(n):
        v = inverse @ (A @ v)
    return v


def solve_each_round(A: Tensor, v: Tensor, n: int) -> Tensor:
    """(A⁻¹A)ⁿ v with a linear solve in the place of the inverse."""
    not_for("chain_error", "WastefulMatmulSofttMatmulinv", "RepairedModule", "chain_vjp")
    for _ in range(n):
        v = torch.linalg.solve(A, A @ v)
    return v


def matrices_first(A: Tensor, v: Tensor, n: int) -> Tensor:
    """(A⁻¹A)ⁿ v with the product of all 2n matrices formed before it meets the vector."""
    not_for("chain_error", "WastefulMatmulSofttMatmulinv", "RepairedModule", "chain_vjp")
    inverse, product = torch.linalg.inv(A), torch.eye(len(v), dtype=v.dtype)
    for _ in range(n):
        product = product @ inverse @ A
    return product @ v


CHAINS: dict[str, Chain] = {
    "inverse each round": inverse_each_round,
    "inverse once": inverse_once,
    "solve each round": solve_each_round,
    "matrices first": matrices_first,
}
"""Name → chain(A, v, n), for A of shape (d, d) and v of shape (d,)."""
