"""Lesson 2: what a recorded call multiplied, inverted and solved, read off its operations and their shapes."""

from gradlab.probe import Answer

PRODUCTS = {
    "aten.mv", "aten.mm", "aten.bmm", "aten.addmv", "aten.addmm", "aten.baddbmm",
    "aten._linalg_solve_ex", "aten.linalg_lu_solve", "aten.cholesky_solve", "aten.linalg_solve_triangular", "aten.linalg_lstsq",
}  # fmt: skip
INVERSES = {"aten.linalg_inv_ex", "aten.cholesky_inverse", "aten.linalg_pinv", "aten.linalg_pinv.atol_rtol_tensor"}
SOLVES = {
    "aten._linalg_solve_ex": 1, "aten.linalg_lu_solve": 2, "aten.cholesky_solve": 0, "aten.linalg_solve_triangular": 1,
    "aten.linalg_lstsq": 1, "aten.linalg_ldl_solve": 2,
}  # fmt: skip
"""Operation → which of its tensors is the right-hand side."""


def products(answer: Answer, d: int) -> float:
    """How often a (d, d) matrix was multiplied with something, or solved for something, be it row by row or entry by entry."""
    count = 0.0
    for (name, shapes), times in answer.operations.items():
        if name in ("aten.dot", "aten.vdot"):
            count += times / d
        elif name == "aten.mul.Tensor" and len(shapes) > 1:
            count += times * max(_size(shape) for shape in shapes) / (d * d)
        elif name in PRODUCTS and len(shapes) > 1 and all(_size(shape) >= d for shape in shapes[:2]):
            count += times * max(_size(shape) // (d * d) for shape in shapes)
    return count


def products_a_round(few: Answer, many: Answer, d: int, rounds: int) -> float:
    """By how much the number of products grows with each round, when `many` went `rounds` rounds further than `few`."""
    return (products(many, d) - products(few, d)) / rounds


def inverses(answer: Answer, d: int) -> list[str]:
    """The operations that made a (d, d) inverse: by name, or by solving for d right-hand sides, at once or one by one."""
    found = []
    solves = sum(times for (name, _), times in answer.operations.items() if name in SOLVES)
    if d <= solves <= 2 * d:  # one or two for each column; more are a chain
        found.append(f"{solves} solves")
    for name, shapes in answer.operations:
        if name in INVERSES:
            found.append(name)
        elif name in SOLVES and len(shapes) > SOLVES[name] and shapes[SOLVES[name]][-2:] == (d, d):
            found.append(f"{name} with {d} right-hand sides")
    return [name.removeprefix("aten.").removeprefix("_") for name in found]


def square_products(answer: Answer, d: int) -> int:
    """How often two (d, d) matrices were multiplied with each other."""
    return sum(
        times
        for (name, shapes), times in answer.operations.items()
        if name in ("aten.mm", "aten.bmm") and sum(shape[-2:] == (d, d) for shape in shapes) == 2
    )


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for length in shape:
        size *= length
    return size
