"""A still picture of lesson 5: ISTA against FISTA, on a small problem that is well conditioned and on a large one."""

from functools import cache

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor

from gradlab.explore.figures import PALETTE, style
from gradlab.maths.lasso import lasso_solution
from gradlab.maths.prox import soft_threshold

ROWS, STEPS = 100, 240
SIZES = (50, 5000)
ALT = (
    "Two panels, for 50 and for 5000 unknowns: the distance to the solution over 240 steps on a logarithmic scale. With 50 "
    "unknowns ISTA falls along a straight line, and FISTA falls in waves that lie above it from about step 30 on: it "
    "overshoots and swings back. With 5000 unknowns both are slow, and FISTA is far below ISTA from step 50 on."
)


@cache
def problem(size: int) -> tuple[Tensor, Tensor, float]:
    """A random design with ROWS rows, data from five of its columns and noise, and 0.3 of the λ at which x leaves 0."""
    draw = torch.Generator().manual_seed(size)
    D = torch.randn(ROWS, size, generator=draw, dtype=torch.float64) / ROWS**0.5
    b = D[:, :5].sum(1) + 0.1 * torch.randn(ROWS, generator=draw, dtype=torch.float64)
    return D, b, 0.3 * (D.T @ b).abs().max().item()


@cache
def step_length(size: int) -> float:
    """1/‖D‖₂²."""
    return torch.linalg.matrix_norm(problem(size)[0], 2).item() ** -2


def conditioning(size: int) -> tuple[int, float]:
    """How many columns are active at the solution, and ‖D‖₂² over the smallest eigenvalue of D_Aᵀ D_A."""
    D, b, lam = problem(size)
    columns = D[:, lasso_solution(D, b, lam) != 0]
    smallest = torch.linalg.eigvalsh(columns.T @ columns)[0]
    return columns.shape[1], 1 / (step_length(size) * smallest.item())


def distances(size: int, momentum: bool) -> list[float]:
    """The distance to the solution after 0, 1, … steps of `gradlab.maths.ista`, whose loop this is."""
    D, b, lam = problem(size)
    target, t = lasso_solution(D, b, lam), step_length(size)
    x, found = torch.zeros_like(target), []
    ahead, weight = x, 1.0
    for _ in range(STEPS + 1):
        found.append((x - target).norm().item())
        new = soft_threshold(ahead - t * (D.T @ (D @ ahead - b)), t * lam)
        later = (1 + (1 + 4 * weight**2) ** 0.5) / 2
        ahead = new + (weight - 1) / later * (new - x) if momentum else new
        x, weight = new, later
    return found


def figure() -> Figure:
    """The distance to the solution over the steps, for both methods and both sizes."""
    with style():
        drawn, panels = plt.subplots(1, 2, figsize=(9.0, 3.8), sharey=True)
        for ax, size in zip(panels, SIZES):
            ax.plot(distances(size, False), color=PALETTE["blue"], linestyle="--", label="ISTA")
            ax.plot(distances(size, True), color=PALETTE["vermillion"], linestyle="-", label="FISTA")
            ax.set(yscale="log", ylim=(1e-12, 1e2), xlabel="step", title=f"{size} unknowns")
        panels[0].set_ylabel("distance to the solution")
        panels[1].tick_params(labelleft=True)  # a narrow page has the halves below each other
        panels[0].legend(loc="upper right", handlelength=2.6)
    return drawn
