"""Print the ratios of DESIGN, "Numerics in gradlab". Nothing here is a test: read the table.

    python tests/benchmarks/numerics.py

One thread; every ratio is of the fastest of several alternating runs in one process.
"""

import time
import warnings
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from scipy.optimize import linprog
from torch import Tensor

from gradlab.maths.clarke import clarke_vertices, sample_gradients
from gradlab.maths.fixed_points import fixed_point, fixed_point_vjp
from gradlab.maths.graph_cost import graph_cost
from gradlab.maths.implicit import argmin_vjp, stationarity_certificate
from gradlab.maths.lasso import lasso_solution, lasso_vjp
from gradlab.maths.prox import soft_threshold


def compare(ours: Callable[[], object], theirs: Callable[[], object], repeats: int) -> tuple[float, float]:
    """The shortest time of each in seconds, run in turn so that both see the same machine."""
    ours(), theirs()
    best = [float("inf"), float("inf")]
    for _ in range(repeats):
        for which, run in enumerate((ours, theirs)):
            start = time.perf_counter()
            run()
            best[which] = min(best[which], time.perf_counter() - start)
    return best[0], best[1]


def report(what: str, against: str, times: tuple[float, float], aim: str, note: str = "") -> None:
    ours, theirs = times
    print(f"{what:42} {1e3 * ours:9.3f} ms  {against:34} {1e3 * theirs:9.3f} ms", end="  ")
    print(f"ratio {ours / theirs:8.3g}  aim {aim:7} {note}")


def soft_thresholding() -> None:
    y = 3 * torch.randn(10**6, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    T, tracked = torch.tensor(1.0, dtype=torch.float64, requires_grad=True), y.clone().requires_grad_()
    with torch.no_grad():
        times = compare(lambda: soft_threshold(y, T), lambda: F.softshrink(y, 1.0), 50)
    report("soft_threshold, 1e6, forward", "F.softshrink", times, "≤ 2")
    seed = torch.ones_like(y)
    ours = lambda: torch.autograd.grad(soft_threshold(tracked, T), (tracked, T), seed)  # noqa: E731
    theirs = lambda: torch.autograd.grad(F.softshrink(tracked, 1.0), tracked, seed)  # noqa: E731
    report(
        "soft_threshold, 1e6, and back to y and T",
        "F.softshrink, back to y",
        compare(ours, theirs, 30),
        "≤ 5",
    )


def quadratic(dimension: int, condition: float):
    draw = torch.Generator().manual_seed(0)
    basis = torch.linalg.qr(torch.randn(dimension, dimension, dtype=torch.float64, generator=draw)).Q
    spectrum = torch.logspace(0, -np.log10(condition), dimension, dtype=torch.float64)
    P = (basis * spectrum) @ basis.T
    P = (P + P.T) / 2
    Q = torch.randn(dimension, dimension, dtype=torch.float64, generator=draw) / dimension**0.5
    theta, v = (torch.randn(dimension, dtype=torch.float64, generator=draw) for _ in range(2))
    f = lambda x, theta: x @ (P @ x) / 2 - x @ (Q @ theta)  # noqa: E731
    return f, torch.linalg.solve(P, Q @ theta), theta, v, Q.T @ torch.linalg.solve(P, v)


def torchopt_vjp(f, x: Tensor, theta: Tensor, v: Tensor, linear_solve) -> Callable[[], Tensor]:
    from torchopt.diff.implicit import ImplicitMetaGradientModule

    class Inner(ImplicitMetaGradientModule, linear_solve=linear_solve):
        def __init__(self, theta):
            super().__init__()
            self.theta, self.x = theta, torch.nn.Parameter(x.clone())

        def objective(self):
            return f(self.x, self.theta)

        def solve(self):
            return self  # x is the solution already

    def run():
        leaf = theta.clone().requires_grad_()
        return torch.autograd.grad(Inner(leaf).solve().x, leaf, v)[0]

    return run


def implicit_gradients() -> None:
    import torchopt

    problems = (
        (3, 13, 30, "≤ 0.25"),
        (10, 13, 30, "≤ 0.25"),
        (1000, 13, 7, "≤ 0.7"),
        (1000, 3e4, 2, "≤ 0.3"),
    )
    for dimension, condition, repeats, aim in problems:
        f, x, theta, v, exact = quadratic(dimension, condition)
        error = lambda vjp: f"{((vjp - exact).norm() / exact.norm()).item():.0e}"  # noqa: E731
        ours = lambda: argmin_vjp(f, x, theta, v)  # noqa: E731
        theirs = torchopt_vjp(f, x, theta, v, torchopt.linear_solve.solve_cg(rtol=1e-10))
        what = f"argmin_vjp, d = {dimension}, κ = {condition:g}"
        note = f"errors {error(ours())}, {error(theirs())}"
        report(what, "TorchOpt, solve_cg(rtol=1e-10)", compare(ours, theirs, repeats), aim, note)
        certificate = lambda: stationarity_certificate(f, x, theta)  # noqa: E731
        report("  its certificate", "argmin_vjp as a whole", compare(certificate, ours, repeats), "–")
    start = time.perf_counter()
    default = torchopt_vjp(f, x, theta, v, None)()
    seconds = time.perf_counter() - start
    print(f"  TorchOpt's default solver there: {seconds:.1f} s, relative error {error(default)}")


def equations(dimension: int, contraction: float):
    """z = tanh(Wz + Uθ), with ‖W‖ given and W not symmetric: φ, its fixed point, θ, v, and the derivative."""
    draw = torch.Generator().manual_seed(0)
    W, U = (torch.randn(dimension, dimension, dtype=torch.float64, generator=draw) for _ in range(2))
    W, U = W * contraction / torch.linalg.matrix_norm(W, 2), U / dimension**0.5
    theta, v = (torch.randn(dimension, dtype=torch.float64, generator=draw) for _ in range(2))
    phi = lambda z, theta: torch.tanh(W @ z + U @ theta)  # noqa: E731
    z = fixed_point(phi, torch.zeros_like(v), theta)
    slope = (1 - z**2)[:, None]
    u = torch.linalg.solve((torch.eye(dimension, dtype=torch.float64) - slope * W).T, v)
    return phi, z, theta, v, u @ (slope * U)


def torchopt_root_vjp(F, z: Tensor, theta: Tensor, v: Tensor, linear_solve) -> Callable[[], Tensor]:
    from torchopt.diff.implicit import custom_root

    root = custom_root(F, argnums=1, solve=linear_solve)(lambda start, theta: start.clone())

    def run():
        leaf = theta.clone().requires_grad_()
        return torch.autograd.grad(root(z, leaf), leaf, v)[0]

    return run


def root_adjoints() -> None:
    import torchopt

    solvers = {
        "solve_normal_cg(rtol=1e-10)": torchopt.linear_solve.solve_normal_cg(rtol=1e-10),
        "solve_inv()": torchopt.linear_solve.solve_inv(),
    }
    for dimension, contraction, repeats in ((10, 0.9, 30), (1000, 0.5, 3), (1000, 0.99, 3)):
        phi, z, theta, v, exact = equations(dimension, contraction)
        F = lambda z, theta: z - phi(z, theta)  # noqa: E731
        error = lambda vjp: f"{((vjp - exact).norm() / exact.norm()).item():.0e}"  # noqa: E731
        ours = lambda: fixed_point_vjp(phi, z, theta, v)  # noqa: E731
        for name, solve in solvers.items():
            if name == "solve_inv()" and dimension > 10:
                continue  # seconds for each call
            theirs = torchopt_root_vjp(F, z, theta, v, solve)
            what = f"fixed_point_vjp, d = {dimension}, ‖W‖ = {contraction:g}"
            note = f"errors {error(ours())}, {error(theirs())}"
            report(what, f"TorchOpt, {name}", compare(ours, theirs, repeats), "≤ 0.7", note)


def cells_by_linear_programmes(normals: np.ndarray) -> int:
    """Count the cells of a central arrangement the usual way: plane by plane, is this cell cut?"""
    cells: list[tuple[int, ...]] = [()]
    for _ in normals:
        extended = [(*cell, sign) for cell in cells for sign in (-1, 1)]
        cells = [cell for cell in extended if _is_open(np.array(cell)[:, None] * normals[: len(cell)])]
    return len(cells)


def _is_open(inequalities: np.ndarray) -> bool:
    rows, dimension = inequalities.shape
    found = linprog(
        [0] * dimension + [-1],
        A_ub=np.hstack([-inequalities, np.ones((rows, 1))]),
        b_ub=np.zeros(rows),
        bounds=[(-1, 1)] * dimension + [(None, 1)],
    )
    return -found.fun > 1e-9


def clarke() -> None:
    draw = torch.Generator().manual_seed(0)
    weights = [torch.randn(*shape, dtype=torch.float64, generator=draw) for shape in ((12, 5), (1, 12))]
    x = torch.zeros(5, dtype=torch.float64)
    f = lambda x: (weights[1] @ torch.relu(weights[0] @ x)).sum()  # noqa: E731
    samples = sample_gradients(f, x, 1.0, 10_000, draw)
    seen = len(torch.unique((samples * 1e9).round(), dim=0))
    exact = lambda: clarke_vertices(weights, x)  # noqa: E731
    start = time.perf_counter()
    count = cells_by_linear_programmes(weights[0].numpy())
    programmes = time.perf_counter() - start
    ours, sampling = compare(exact, lambda: sample_gradients(f, x, 1.0, 10_000, draw), 5)
    note = f"{len(exact())} vertices; linear programmes {count}, 10 000 samples {seen}"
    report(
        "clarke_vertices, 12 planes in R⁵",
        "linear programmes, cell by cell",
        (ours, programmes),
        "1/500",
        note,
    )
    report("clarke_vertices, 12 planes in R⁵", "sample_gradients, 10 000", (ours, sampling), "–")


def lasso() -> None:
    for rows, columns in ((5, 4), (50, 100), (200, 500)):
        draw = torch.Generator().manual_seed(0)
        D = torch.randn(rows, columns, dtype=torch.float64, generator=draw)
        b, v = (torch.randn(n, dtype=torch.float64, generator=draw) for n in (rows, columns))
        value = (D.T @ b).abs().max().item() / 5
        x, step = lasso_solution(D, b, value), 1 / torch.linalg.matrix_norm(D, 2).item() ** 2

        def unrolled():
            lam, target = (
                torch.tensor(value, dtype=torch.float64, requires_grad=True),
                b.clone().requires_grad_(),
            )
            iterate = torch.zeros_like(x)
            for _ in range(100):
                iterate = soft_threshold(iterate - step * D.T @ (D @ iterate - target), step * lam)
            return torch.autograd.grad(iterate, (lam, target), v)

        ours = lambda: lasso_vjp(D, b, value, x, v)  # noqa: E731
        error = (unrolled()[0] - ours().lam).abs().item() / abs(ours().lam.item())
        note = f"unrolled is {error:.0e} off"
        report(f"lasso_vjp, {rows} × {columns}", "ISTA(100), unrolled", compare(ours, unrolled, 7), "0.01", note)


def graphs() -> None:
    A = torch.eye(5, dtype=torch.float64).requires_grad_()

    def chain():
        v = torch.ones(5, dtype=torch.float64)
        for _ in range(10_000):
            v = A @ torch.linalg.solve(A, v)
        return v

    report("graph_cost, n = 10 000", "the computation itself", compare(lambda: graph_cost(chain), chain, 2), "–")


if __name__ == "__main__":
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")  # TorchOpt's last release warns about every functorch call
    for benchmark in (soft_thresholding, implicit_gradients, root_adjoints, clarke, lasso, graphs):
        benchmark()
