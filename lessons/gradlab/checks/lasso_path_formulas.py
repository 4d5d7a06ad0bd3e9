"""The formulas of lesson 5, right ones and tempting ones, on detached tensors; checks recognise answers by them."""

from collections.abc import Callable

import numpy
import torch
from torch import Tensor

from gradlab.maths.smooth_prox import smooth_prox

Way = Callable[[Tensor, Tensor, float, int], Tensor]


def smooth_slope_at(x: Tensor, T: float | Tensor, lam: float | Tensor) -> Tensor:
    """1/(1 + λT/B³) with B = √(x² + λ), for any x."""
    return 1 / (1 + lam * T / torch.sqrt(x**2 + lam) ** 3)


def smooth_slope(y: Tensor, T: float | Tensor, lam: float | Tensor) -> Tensor:
    """dx*/dy of the smoothed prox."""
    return smooth_slope_at(smooth_prox(y, T, lam), T, lam)


def shrink(u: Tensor, T: float | Tensor) -> Tensor:
    """Soft-thresholding in elementary operations: the fastest way for a handful of entries."""
    return torch.sign(u) * torch.relu(torch.abs(u) - T)


def lipschitz(D: Tensor) -> Tensor:
    """‖D‖₂², the largest curvature of ½‖Dx − b‖²."""
    return torch.linalg.matrix_norm(D, 2) ** 2


def ista(D: Tensor, b: Tensor, lam: float, steps: int) -> Tensor:
    """The iteration as the exercise asks for it."""
    return iterate(D, b, lam, steps)


def iterate(
    D: Tensor,
    b: Tensor,
    lam: float,
    steps: int,
    *,
    step: Callable[[Tensor], Tensor] = lambda D: 1 / lipschitz(D),
    gradient: float = 1.0,
    threshold: Callable[[Tensor, float, Tensor], Tensor] = lambda D, lam, t: t * lam,
    prox: Callable[[Tensor, Tensor], Tensor] = shrink,
    start: Callable[[Tensor, Tensor], Tensor] = lambda D, b: D.new_zeros(D.shape[1]),
    momentum: bool = False,
) -> Tensor:
    """ISTA with any one of its parts exchanged."""
    t = step(D)
    T = threshold(D, lam, t)
    x = ahead = start(D, b)
    weight = 1.0
    for _ in range(steps):
        new = prox(ahead - t * gradient * (D.mT @ (D @ ahead - b)), T)
        later = (1 + (1 + 4 * weight**2) ** 0.5) / 2
        ahead = new + (weight - 1) / later * (new - x) if momentum else new
        x, weight = new, later
    return x


def explicit_steps(D: Tensor, b: Tensor, lam: float, steps: int) -> Tensor:
    """Subgradient descent: the sign of x where it stands, no threshold."""
    x, t = D.new_zeros(D.shape[1]), 1 / lipschitz(D)
    for _ in range(steps):
        x = x - t * (D.mT @ (D @ x - b) + lam * torch.sign(x))
    return x


def gradient_last(D: Tensor, b: Tensor, lam: float, steps: int) -> Tensor:
    """The threshold first, the gradient step after it."""
    x, t = D.new_zeros(D.shape[1]), 1 / lipschitz(D)
    for _ in range(steps):
        x = shrink(x, t * lam)
        x = x - t * (D.mT @ (D @ x - b))
    return x


def hard_threshold(u: Tensor, T: Tensor) -> Tensor:
    """Keep what is larger than T, unshrunk."""
    return torch.where(u.abs() > T, u, torch.zeros_like(u))


def rounded(lam: float | Tensor) -> Tensor:
    """lam after a stay in float32."""
    return torch.as_tensor(lam, dtype=torch.float32).double()


ISTA_WAYS: dict[str, Way] = {
    "threshold-not-scaled": lambda *a: iterate(*a, threshold=lambda D, lam, t: lam + 0 * t),
    "no-threshold": lambda *a: iterate(*a, prox=lambda u, T: u),
    "norm-not-squared": lambda *a: iterate(*a, step=lambda D: 1 / torch.linalg.matrix_norm(D, 2)),
    "frobenius-step": lambda *a: iterate(*a, step=lambda D: 1 / (D**2).sum()),
    "step-halved": lambda *a: iterate(*a, step=lambda D: 0.5 / lipschitz(D)),
    "gradient-doubled": lambda *a: iterate(*a, gradient=2.0),
    "no-half": lambda *a: iterate(*a, threshold=lambda D, lam, t: t * lam / 2),
    "mean-loss": lambda *a: iterate(*a, threshold=lambda D, lam, t: t * lam * len(D)),
    "mean-gradient": lambda D, *a: iterate(D, *a, gradient=1 / len(D)),
    "momentum": lambda *a: iterate(*a, momentum=True),
    "hard-threshold": lambda *a: iterate(*a, prox=hard_threshold),
    "one-sided": lambda *a: iterate(*a, prox=lambda u, T: torch.relu(u - T)),
    "ascent": lambda *a: iterate(*a, gradient=-1.0),
    "wrong-start": lambda *a: iterate(*a, start=lambda D, b: D.mT @ b),
    "start-at-ones": lambda *a: iterate(*a, start=lambda D, b: D.new_ones(D.shape[1])),
    "subgradient-step": explicit_steps,
    "order-exchanged": gradient_last,
    "one-step-short": lambda D, b, lam, steps: iterate(D, b, lam, steps - 1),
    "one-step-more": lambda D, b, lam, steps: iterate(D, b, lam, steps + 1),
    "return-in-loop": lambda D, b, lam, steps: iterate(D, b, lam, min(steps, 1)),
}


def slope_in_lam(way: Way) -> Way:
    """d/dλ of what such an iteration returns, one backward pass an entry (forward mode would import the compiler)."""

    def slope(D: Tensor, b: Tensor, lam: float, steps: int) -> Tensor:
        at = torch.tensor(float(lam), dtype=D.dtype, requires_grad=True)
        with torch.enable_grad():
            x = way(D, b, at, steps) + 0 * at
        rows = [torch.autograd.grad(entry, at, retain_graph=True)[0] for entry in x]
        return torch.stack(rows)

    return slope


Move = Callable[[Tensor, Tensor, Tensor], Tensor]


def carried(
    D: Tensor,
    b: Tensor,
    lam: float,
    steps: int,
    *,
    through: Move = lambda D, slope, t: slope - t * (D.mT @ (D @ slope)),
    shift: Callable[[Tensor, Tensor], Tensor] = lambda u, t: t * torch.sign(u),
    outside: Callable[[Tensor, Tensor], Tensor] = lambda slope, moved: torch.zeros_like(slope),
) -> Tensor:
    """Sensitivities by hand with any one of their parts exchanged: through the gradient step, at the threshold, outside it."""
    x, slope, t = D.new_zeros(D.shape[1]), D.new_zeros(D.shape[1]), 1 / lipschitz(D)
    for _ in range(steps):
        u = x - t * (D.mT @ (D @ x - b))
        kept = through(D, slope, t)
        moved = kept - shift(u, t)
        slope = torch.where(u.abs() > t * lam, moved, outside(kept, moved))
        x = shrink(u, t * lam)
    return slope


def slope_of_last_step(D: Tensor, b: Tensor, lam: float, steps: int) -> Tensor:
    """What is left when x is detached in every step."""
    return -torch.sign(ista(D, b, lam, steps)) / lipschitz(D)


def lasso(D: Tensor, b: Tensor, lam: float) -> Tensor:
    """argmin ½‖Dx − b‖² + λ‖x‖₁ for a small, well-conditioned D: ISTA finds the active set, one solve the rest."""
    lam, t = float(lam), float(1 / lipschitz(D))
    gram, target, x = (D.mT @ D).numpy(), (D.mT @ b).numpy(), numpy.zeros(D.shape[1])
    for _ in range(400):
        u = x - t * (gram @ x - target)
        x = u - numpy.clip(u, -t * lam, t * lam)
    active = x != 0
    x[active] = numpy.linalg.solve(gram[active][:, active], target[active] - lam * numpy.sign(x[active]))
    return torch.from_numpy(x).to(D.dtype)


def lasso_slope(D: Tensor, x: Tensor) -> Tensor:
    """dx*/dλ on the active set x ≠ 0, zero off it."""
    active = x != 0
    A, slope = D[:, active], torch.zeros_like(x)
    slope[active] = -torch.linalg.solve(A.mT @ A, torch.sign(x[active]))
    return slope


def held_out_slope(D: Tensor, b: Tensor, D_val: Tensor, b_val: Tensor, lam: float) -> float:
    """d/dλ of ½‖D_val x*(λ) − b_val‖²."""
    x = lasso(D, b, lam)
    return float((D_val @ x - b_val) @ (D_val @ lasso_slope(D, x)))


Data = tuple[Tensor, Tensor, Tensor, Tensor]
Slope = Callable[[Data, float], float]


def log_step(lam: float, slope: float, lr: float) -> float:
    """One step down in log λ."""
    return lam * float(torch.exp(torch.tensor(-lr * lam * slope, dtype=torch.float64)))


def descend(
    data: Data,
    lam0: float,
    steps: int,
    lr: float,
    slope: Slope = lambda data, lam: held_out_slope(*data, lam),
    step: Callable[[float, float, float], float] = log_step,
) -> float:
    """λ after so many steps, with any one part of the recipe exchanged."""
    lam = float(lam0)
    for _ in range(steps):
        lam = step(lam, slope(data, lam), lr)
        if not 1e-6 < lam < 1e6:
            raise ArithmeticError("this way of descending has left every sensible λ")
    return lam


def after(steps: int, unrolled: bool) -> Slope:
    """The hypergradient at the unfinished x_steps: unrolled, or implicit as if it were the solution."""

    def slope(data: Data, lam: float) -> float:
        D, b, D_val, b_val = data
        x = ista(D, b, lam, steps)
        dx = slope_in_lam(ista)(D, b, lam, steps) if unrolled else lasso_slope(D, x)
        return float((D_val @ x - b_val) @ (D_val @ dx))

    return slope


def _at_scikit_learn_scale(data: Data, lam: float) -> float:
    D, b, D_val, b_val = data
    return held_out_slope(D, b, D_val, b_val, lam * len(D))


TUNE_WAYS: dict[str, Callable[[Data, float, int, float], float]] = {
    "step-in-lam": lambda *a: descend(*a, step=lambda lam, slope, lr: lam - lr * slope),
    "missing-chain-factor": lambda *a: descend(*a, step=lambda lam, slope, lr: log_step(lam, slope / lam, lr)),
    "log-slope-on-lam": lambda *a: descend(*a, step=lambda lam, slope, lr: lam - lr * lam * slope),
    "training-loss": lambda *a: descend(*a, slope=lambda data, lam: held_out_slope(*data[:2], *data[:2], lam)),
    "fits-held-out": lambda *a: descend(*a, slope=lambda data, lam: held_out_slope(*data[2:], *data[2:], lam)),
    "ascent": lambda *a: descend(*a, step=lambda lam, slope, lr: log_step(lam, -slope, lr)),
    "no-half": lambda *a: descend(*a, step=lambda lam, slope, lr: log_step(lam, 2 * slope, lr)),
    "mean-loss": lambda data, *a: descend(
        data, *a, step=lambda lam, slope, lr: log_step(lam, slope / len(data[3]), lr)
    ),
    "mean-squared-loss": lambda data, *a: descend(
        data, *a, step=lambda lam, slope, lr: log_step(lam, 2 * slope / len(data[3]), lr)
    ),
    "scikit-learn-scale": lambda *a: descend(*a, slope=_at_scikit_learn_scale),
    "first-gradient-only": lambda data, lam0, steps, lr: descend(data, lam0, 1, lr * steps),
    "first-solution-only": lambda data, lam0, steps, lr: descend(
        data, lam0, steps, lr, slope=lambda data, lam: held_out_slope(*data, lam0)
    ),
    "exponential-cut-short": lambda *a: descend(*a, step=lambda lam, slope, lr: lam * (1 - lr * lam * slope)),
    "return-in-loop": lambda data, lam0, steps, lr: descend(data, lam0, min(steps, 1), lr),
    "one-step-short": lambda data, lam0, steps, lr: descend(data, lam0, steps - 1, lr),
    "one-step-more": lambda data, lam0, steps, lr: descend(data, lam0, steps + 1, lr),
    "returns-log": lambda *a: float(torch.tensor(descend(*a), dtype=torch.float64).log()),
} | {
    f"{'unrolled' if unrolled else 'unfinished'}-{steps}": (
        lambda *a, steps=steps, unrolled=unrolled: descend(*a, slope=after(steps, unrolled))
    )
    for unrolled in (True, False)
    for steps in (10, 20, 50)
}
