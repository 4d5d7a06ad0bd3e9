"""Which products of matrices a recorded call made, read off its operations and their shapes."""

import math
from itertools import zip_longest

from gradlab.probe import Answer

PRODUCTS = {"mm", "bmm", "addmm", "baddbmm"}


def matrix_products(answer: Answer) -> list[str]:
    """The products of two arrays that both have several rows and several columns, by name and shapes."""
    found = []
    for (name, shapes), times in answer.operations.items():
        name = name.removeprefix("aten.")
        wide = [shape for shape in shapes if sum(size > 1 for size in shape) > 1][-2:]
        if len(wide) == 2 and (name in PRODUCTS or (name == "mul.Tensor" and spreads(*wide))):
            found.append(f"{times} × {name} of {wide[0]} and {wide[1]}")
    return found


def spreads(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Is the product entry by entry of these shapes larger than either, as for a product of matrices written out?"""
    pairs = zip_longest(reversed(one), reversed(other), fillvalue=1)
    return math.prod(max(pair) for pair in pairs) > max(math.prod(one), math.prod(other))
