"""What a recorded call multiplied, inverted and solved, read off its operations and their shapes."""

import math

from gradlab.probe import Answer

SOLVES = {
    "aten._linalg_solve_ex": 1,
    "aten.linalg_lu_solve": 2,
    "aten.cholesky_solve": 0,
    "aten.linalg_solve_triangular": 1,
    "aten.linalg_lstsq": 1,
    "aten.linalg_ldl_solve": 2,
}
"""Operation → which of its tensors is the right-hand side."""
PRODUCTS = {"aten.mv", "aten.mm", "aten.bmm", "aten.addmv", "aten.addmm", "aten.baddbmm", *SOLVES}
INVERSES = {"aten.linalg_inv_ex", "aten.cholesky_inverse", "aten.linalg_pinv", "aten.linalg_pinv.atol_rtol_tensor"}


def products(answer: Answer, d: int) -> float:
    """How often a (d, d) matrix was multiplied with something, or solved for something, be it row by row or by entry."""
    count = 0.0
    for (name, shapes), times in answer.operations.items():
        sizes = [math.prod(shape) for shape in shapes]
        if name in ("aten.dot", "aten.vdot"):
            count += times / d
        elif name == "aten.mul.Tensor" and len(sizes) > 1:
            count += times * max(sizes) / d**2
        elif name in PRODUCTS and len(sizes) > 1 and min(sizes[:2]) >= d:
            count += times * max(size // d**2 for size in sizes)
    return count


def square_products(answer: Answer, d: int) -> int:
    """How often two (d, d) matrices were multiplied with each other."""
    return sum(
        times
        for (name, shapes), times in answer.operations.items()
        if name in ("aten.mm", "aten.bmm") and sum(shape[-2:] == (d, d) for shape in shapes) == 2
    )


def inverses(answer: Answer, d: int) -> list[str]:
    """The operations that made a (d, d) inverse: by name, or by solving for d right-hand sides, at once or one by one."""
    solves = sum(times for (name, _), times in answer.operations.items() if name in SOLVES)
    found = [f"{solves} solves"] if d <= solves <= 2 * d else []  # one or two for each column; more are a chain
    for name, shapes in answer.operations:
        if name in INVERSES:
            found.append(name)
        elif name in SOLVES and len(shapes) > SOLVES[name] and shapes[SOLVES[name]][-2:] == (d, d):
            found.append(f"{name} with {d} right-hand sides")
    return [name.removeprefix("aten.").removeprefix("_") for name in found]
