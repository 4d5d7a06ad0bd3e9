"""Explorer of lesson 5: the Lasso's path in λ, its slope, and the slope of n steps of ISTA."""

from functools import cache

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from gradlab.explore import choice, explore, slider
from gradlab.explore.figures import LINE_STYLES, PALETTE
from gradlab.lessons.lasso_path.example import B, D
from gradlab.maths.lasso import LassoPath, lasso_path

COLOURS = list(PALETTE.values())
LARGEST = 13.0


def path(lam: float = 2.0, steps: int = 10) -> None:
    """W2d: coefficients and slopes of the integer example over λ, implicit and unrolled. Starts at `lam` and `steps`."""
    controls = {
        "lam": slider(0.25, LARGEST, step=0.25, start=lam, label="λ"),
        "steps": choice([5, 10, 20, 50], start=steps, label="steps of ISTA"),
    }
    explore(slopes, draw_slopes, alt=tell_slopes, **controls)


@cache
def kinks() -> LassoPath:
    """All kinks of the integer example, λ from 12 down to 0."""
    return lasso_path(D, B)


def solution_and_slope(lam: float) -> tuple[torch.Tensor, torch.Tensor]:
    """x* and dx*/dλ, read off the path: linear between its kinks, zero above the largest."""
    at, x = kinks()
    if lam >= at[0]:
        return torch.zeros_like(x[0]), torch.zeros_like(x[0])
    below = int((at > lam).sum())
    slope = (x[below] - x[below - 1]) / (at[below] - at[below - 1])
    return x[below] + (lam - at[below]) * slope, slope


def unrolled(lam: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """x and dx/dλ after so many steps of ISTA from 0, the sensitivity carried along."""
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = slope = torch.zeros(D.shape[1], dtype=D.dtype)
    for _ in range(steps):
        u, du = x - t * D.T @ (D @ x - B), slope - t * D.T @ (D @ slope)
        on = u.abs() > t * lam
        x, slope = on * (u - t * lam * u.sign()), on * (du - t * u.sign())
    return x, slope


def slopes(lam: float, steps: int) -> dict:
    """The path, the slopes between its kinks, and both slopes at λ."""
    at, x = kinks()
    ends = torch.cat([torch.tensor([LARGEST], dtype=at.dtype), at])
    middles = (ends[1:] + ends[:-1]) / 2
    return {
        "lam": lam,
        "steps": steps,
        "kinks": at,
        "x": x,
        "ends": ends,
        "pieces": torch.stack([solution_and_slope(middle.item())[1] for middle in middles]),
        "solution": solution_and_slope(lam)[0],
        "implicit": solution_and_slope(lam)[1],
        "unrolled": unrolled(lam, steps)[1],
    }


def draw_slopes(data: dict) -> Figure:
    """Left: coefficients over λ. Right: their slopes, piecewise constant, and the unrolled ones at λ."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4.4))
    for kink in data["kinks"][:-1].tolist():
        for ax in (left, right):
            ax.axvline(kink, color="black", linewidth=0.8, linestyle=":")
    lam, x = torch.cat([data["ends"][:1], data["kinks"]]), torch.cat([data["x"][:1], data["x"]])
    for j in range(data["x"].shape[1]):
        look = {"color": COLOURS[j], "linestyle": LINE_STYLES[j]}
        left.plot(lam, x[:, j], label=f"$x_{j}$", **look)
        right.stairs(data["pieces"][:, j].flip(0), data["ends"].flip(0), baseline=None, linewidth=2, **look)
    left.plot([data["lam"]] * len(data["solution"]), data["solution"], "o", color="black", gid="solution")
    right.plot(
        [data["lam"]] * len(data["implicit"]), data["implicit"], "o", color="black", label="implicit", gid="implicit"
    )
    shown = data["unrolled"].clamp(-0.42, 0.34)
    right.plot(
        [data["lam"]] * len(shown),
        shown,
        "s",
        markersize=10,
        markerfacecolor="none",
        markeredgecolor=PALETTE["vermillion"],
        markeredgewidth=2,
        label=f"unrolled, {data['steps']} steps",
        gid="unrolled",
    )
    left.set(xlim=(0, LARGEST + 0.4), ylim=(-0.55, 2.1), xlabel="λ", title="Coefficients; kinks dotted")
    right.set(xlim=(0, LARGEST + 0.4), ylim=(-0.45, 0.37), xlabel="λ", title="Slopes $dx/dλ$")
    left.legend(loc="upper right", ncols=2)
    right.legend(loc="upper right")
    gap = (data["unrolled"] - data["implicit"]).abs().max().item()
    right.text(
        0.97, 0.05, f"largest difference {gap:.1e}", transform=right.transAxes, ha="right", fontsize=11, gid="gap"
    )
    return figure


def tell_slopes(data: dict) -> str:
    """What the picture shows, in words."""
    active = [f"x{j}" for j in range(len(data["solution"])) if data["solution"][j] != 0]
    gap = (data["unrolled"] - data["implicit"]).abs().max().item()
    return (
        "Left: four coefficients over λ, straight between kinks at 12, 3, 20/11 and 38/71, all zero above 12. "
        f"Here {', '.join(active) or 'none'} {'is' if len(active) == 1 else 'are'} active. Right: their slopes, constant between the kinks. "
        f"After {data['steps']} steps the unrolled slopes differ from the implicit ones by at most {gap:.1e}."
    )
