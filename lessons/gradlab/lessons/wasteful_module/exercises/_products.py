"""What a recorded call multiplied, inverted and solved, read off its operations and their shapes."""

import math

from gradlab.probe import Answer

INVERSES = {"linalg_inv_ex", "cholesky_inverse", "linalg_pinv", "linalg_pinv.atol_rtol_tensor"}
PRODUCTS = {"mv", "mm", "bmm", "addmv", "addmm", "baddbmm"}
SOLVES = {"_linalg_solve_ex", "linalg_lu_solve", "linalg_ldl_solve", "linalg_solve_triangular", "linalg_lstsq"}
SOLVES |= {"cholesky_solve"}

Operation = tuple[str, tuple[tuple[int, ...], ...], int]


def operations(answer: Answer) -> list[Operation]:
    """Name, shapes of the tensors that went in, and how often it ran."""
    return [(name.removeprefix("aten."), shapes, times) for (name, shapes), times in answer.operations.items()]


def products(answer: Answer, d: int) -> float:
    """How often a (d, d) matrix was multiplied with something, or solved for something, be it row by row."""
    count = 0.0
    for name, shapes, times in operations(answer):
        sizes = [math.prod(shape) for shape in shapes]
        if name in ("dot", "vdot"):
            count += times / d
        elif name == "mul.Tensor" and len(sizes) > 1:
            count += times * max(sizes) / d**2
        elif name in PRODUCTS | SOLVES and len(sizes) > 1 and min(sizes[:2]) >= d:
            count += times * max(size // d**2 for size in sizes)
    return count


def inverses(answer: Answer, d: int) -> list[str]:
    """The operations that made a (d, d) inverse: by name, or by solving for d right-hand sides, be it one by one."""
    solves = [(name, shapes, times) for name, shapes, times in operations(answer) if name in SOLVES]
    made = [name for name, _, _ in operations(answer) if name in INVERSES]
    for name, shapes, _ in solves:
        if sum(shape[-2:] == (d, d) for shape in shapes) == 2:
            made.append(f"{name} with {d} right-hand sides")
    one_by_one = sum(times for _, _, times in solves)  # one or two for each column; more are a chain
    return made + ([f"{one_by_one} solves"] if d <= one_by_one <= 2 * d else [])
