"""The Clarke differential of a ReLU network at a point: exactly, by sampling, and the distance to it.

Near x a ReLU network is linear on finitely many cones, the cells of an arrangement of hyperplanes through x:
one hyperplane for each hidden unit whose input is 0 at x. The Clarke differential is the convex hull of the
gradients on these cells. Every cell has a ray on its border where all but one of its dimensions are used up
by hyperplanes, so it is found by walking around all such rays; no linear programme is solved.
"""

from collections.abc import Callable, Sequence
from itertools import combinations, product
from math import comb

import numpy as np
import torch
from torch import Tensor

from gradlab.answers import only_for

_TIE = 1e-10  # relative size below which a float64 sum counts as zero
_MOST_CANDIDATES = 50_000_000


def clarke_vertices(weights: Sequence[Tensor], x: Tensor, biases: Sequence[Tensor] | None = None) -> Tensor:
    """List the gradients on all cells around x of f(x) = W_{H+1} relu(W_H … relu(W_1 x + b_1) …) + b_{H+1}.

    ∂f(x) = conv{rows}: each extreme point of the Clarke differential is a row, each row limit of gradients

    weights are matrices, the last one of shape (1, m); biases are vectors, one for each matrix, or None for a
    net without; x has shape (d,). The result is a detached float64 tensor of shape (number of gradients, d),
    without repetitions, in no particular order. Inputs of hidden units count as 0 within a relative 1e-10.
    Raises ValueError if the shapes do not fit or if the cells around x are too many to list.
    Source: lecture notes on ReLU networks.
    """
    only_for()
    matrices, offsets = _network(weights, x, biases)
    value = x.detach().double().numpy()
    dimension = len(value)
    # One entry a cell: the normals of the hyperplanes met so far with their signs, and the layer's Jacobian.
    cones = [(np.zeros((0, dimension)), np.zeros(0, dtype=bool))]
    jacobians = np.eye(dimension)[None]
    for matrix, offset in zip(matrices[:-1], offsets):
        inputs = matrix @ value + offset
        tied = np.abs(inputs) <= _TIE * (np.abs(matrix) @ np.abs(value) + np.abs(offset))
        forms = matrix @ jacobians
        active = np.broadcast_to((inputs > 0) & ~tied, forms.shape[:2])
        if tied.any():
            refined = [_split_cone(normals, signs, form[tied]) for (normals, signs), form in zip(cones, forms)]
            cones = [cone for cell_cones, _ in refined for cone in cell_cones]
            counts = [len(cell_cones) for cell_cones, _ in refined]
            forms, active = np.repeat(forms, counts, axis=0), np.repeat(active, counts, axis=0)
            active[:, tied] = np.concatenate([on for _, on in refined])
        jacobians = forms * active[:, :, None]
        value = np.where(tied, 0.0, np.maximum(inputs, 0.0))
    gradients = (matrices[-1] @ jacobians)[:, 0]
    scale = np.abs(gradients).max(initial=0.0) or 1.0
    _, first = np.unique(np.round(gradients / scale, 9), axis=0, return_index=True)
    return torch.from_numpy(gradients[first])


def sample_gradients(
    f: Callable[[Tensor], Tensor], x: Tensor, radius: float, count: int, generator: torch.Generator
) -> Tensor:
    """Draw autograd's gradients of f at points spread evenly over the ball of this radius around x.

    f takes a tensor shaped like x to one number. The result has shape (count, *x.shape). With probability one
    no point is a kink, so the samples lie near the Clarke differential, but they can miss vertices in thin
    cells.
    Source: Burke, Lewis & Overton (2005), "gradient sampling"; lecture notes on ReLU networks.
    """
    only_for()
    direction = torch.randn(count, x.numel(), dtype=x.dtype, generator=generator)
    length = radius * torch.rand(count, 1, dtype=x.dtype, generator=generator) ** (1 / x.numel())
    offsets = length * direction / direction.norm(dim=1, keepdim=True)
    points = (x.detach() + offsets.reshape(count, *x.shape)).requires_grad_()
    total = torch.stack([f(point).sum() for point in points.unbind()]).sum()
    return torch.autograd.grad(total, points)[0]


def distance_to_hull(point: Tensor, vertices: Tensor) -> float:
    """Measure the Euclidean distance of a point from the convex hull of the rows of vertices.

    point has shape (d,), vertices (n, d).
    With A the rows minus the point, min_{μ ≥ 0} ‖Aᵀμ‖² + (Σμ − 1)² has μ / Σμ as the weights of the nearest
    point. Inside the hull the result is zero up to rounding.
    Raises ValueError if the shapes do not fit or there is no vertex.
    Source: Lawson & Hanson (1974), least distance programming.
    """
    from scipy.optimize import nnls

    if point.ndim != 1 or vertices.ndim != 2 or vertices.shape[1] != len(point) or not len(vertices):
        raise ValueError(
            "distance_to_hull needs a point of shape (d,) and vertices of shape (n, d) with n ≥ 1; "
            f"got {tuple(point.shape)} and {tuple(vertices.shape)}."
        )
    arrows = (vertices.detach() - point.detach()).double().numpy().T
    scale = np.abs(arrows).max(initial=0.0)
    if scale == 0:
        return 0.0
    system = np.vstack([arrows / scale, np.ones(arrows.shape[1])])
    multipliers, _ = nnls(system, np.append(np.zeros(len(arrows)), 1.0))
    return float(np.linalg.norm(arrows @ (multipliers / multipliers.sum())))


def _network(weights, x, biases):
    matrices = [weight.detach().double().numpy() for weight in weights]
    widths = [len(x) if x.ndim == 1 else -1, *(len(matrix) for matrix in matrices)]
    if not matrices or [matrix.shape for matrix in matrices] != list(zip(widths[1:], widths)) or widths[-1] != 1:
        raise ValueError(
            "The weights need shapes (n₁, d), (n₂, n₁), … (1, n_H) for an x of shape (d,); got "
            f"{[tuple(weight.shape) for weight in weights]} and {tuple(x.shape)}."
        )
    if biases is None:
        return matrices, [np.zeros(len(matrix)) for matrix in matrices]
    offsets = [bias.detach().double().numpy() for bias in biases]
    if [offset.shape for offset in offsets] != [(width,) for width in widths[1:]]:
        raise ValueError(
            f"The biases need the lengths {widths[1:]}, one bias for each matrix; got "
            f"{[tuple(bias.shape) for bias in biases]}."
        )
    return matrices, offsets


def _split_cone(normals, signs, forms):
    """Cut one cone by the hyperplanes of the forms: its parts, and the forms that are positive in each."""
    together = np.vstack([normals, forms])
    cells = _cells(together)
    inside = cells[(cells[:, : len(signs)] == signs).all(axis=1)]
    return [(together, cell) for cell in inside], inside[:, len(signs) :]


def _cells(normals):
    """The sign vectors (True: positive) of all cells between the hyperplanes; a zero normal is False."""
    lengths = np.linalg.norm(normals, axis=1)
    present = lengths > _TIE * lengths.max(initial=0.0)
    if not present.any():
        return np.zeros((1, len(normals)), dtype=bool)
    units = normals[present] / lengths[present, None]
    representative, turned = _merge_parallel(units)
    kept = np.unique(representative)
    cells = _cells_of_distinct(units[kept])
    signs = np.zeros((len(cells), len(normals)), dtype=bool)
    signs[:, present] = cells[:, np.searchsorted(kept, representative)] ^ turned
    return signs


def _merge_parallel(units):
    """For each unit vector the first one that spans the same line, and whether it points the other way."""
    same, opposite = (np.linalg.norm(units[:, None] - sign * units[None], axis=2) <= _TIE for sign in (1, -1))
    representative = (same | opposite).argmax(axis=1)
    return representative, opposite[np.arange(len(units)), representative]


def _cells_of_distinct(units):
    """Cells of pairwise different hyperplanes with unit normals, by the rays of the arrangement."""
    count = len(units)
    _, sizes, axes = np.linalg.svd(units, full_matrices=False)
    rank = int((sizes > _TIE * sizes[0]).sum())
    if count == rank:
        return _all_signs(count)
    if comb(count, rank - 1) * 2**rank * count > _MOST_CANDIDATES:
        raise ValueError(f"{count} hidden units are 0 at x, in {rank} dimensions: too many cells to list. Sample them.")
    coordinates = units @ axes[:rank].T
    rays, on_ray = _rays(coordinates)
    positive = coordinates @ rays.T > 0
    found = []
    simple = on_ray.sum(axis=1) == rank - 1
    if simple.any():
        around = _all_signs(rank - 1)
        cells = np.repeat(positive.T[simple][:, None], len(around), axis=1)
        cells[np.broadcast_to(on_ray[simple][:, None], cells.shape)] = np.tile(around.ravel(), simple.sum())
        found.append(cells.reshape(-1, count))
    for ray in np.flatnonzero(~simple):
        around = _cells(coordinates[on_ray[ray]])
        cells = np.repeat(positive[:, ray][None], len(around), axis=0)
        cells[:, on_ray[ray]] = around
        found.append(cells)
    half = np.concatenate(found)
    return _unique_rows(np.concatenate([half, ~half]))


def _rays(coordinates):
    """One direction for each line in which hyperplanes meet, and which hyperplanes contain it."""
    rank = coordinates.shape[1]
    subsets = np.array(list(combinations(range(len(coordinates)), rank - 1)))
    _, sizes, axes = np.linalg.svd(coordinates[subsets])
    independent = sizes[:, -1] > _TIE
    rays = axes[independent, -1]
    on_ray = np.abs(rays @ coordinates.T) <= _TIE / sizes[independent, -1:]
    # In general position each line comes once; where more hyperplanes meet, several subsets give it.
    _, first = np.unique(np.packbits(on_ray, axis=1), axis=0, return_index=True)
    return rays[first], on_ray[first]


def _all_signs(count):
    return np.array(list(product((False, True), repeat=count)), dtype=bool)


def _unique_rows(signs):
    packed = np.ascontiguousarray(np.packbits(signs, axis=1))
    _, first = np.unique(packed.view(f"V{packed.shape[1]}")[:, 0], return_index=True)
    return signs[first]
