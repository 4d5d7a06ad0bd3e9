"""How far a number is from the truth, in words."""

import math
from typing import SupportsFloat, cast

from gradlab.predictions.number_text import write_number

EXACT, CLOSE, NEAR, FACTOR, FAR = 5e-3, 0.05, 0.5, 20, 1000
"""Relative: what counts as the same; what is close; up to where percents are said; then factors; then powers of ten."""


def same_number(said: object, truth: float) -> bool:
    """Whether a prediction is the truth, to the digits that people write."""
    value = float(cast(SupportsFloat, said))
    if math.isnan(value) or math.isnan(truth):
        return math.isnan(value) and math.isnan(truth)
    return value == truth or math.isclose(value, truth, rel_tol=EXACT)


def in_words(said: object, truth: float, axis: tuple[float, float] | None = None) -> str:
    """The distance: "exact", "3 % too large", "half of it", "200 times too small", "the sign is the other one"."""
    value = float(cast(SupportsFloat, said))
    if same_number(value, truth):
        return "exact"
    if math.isnan(value) or math.isnan(truth):
        return "it is no number" if math.isnan(truth) else "it is a number"
    if math.isinf(truth) or math.isinf(value):
        return "it grows without bound" if math.isinf(truth) else "it is finite"
    if axis:
        share = abs(value - truth) / (axis[1] - axis[0])
        return f"off by {write_number(abs(value - truth))}, which is {100 * share:.0f} % of the axis"
    if truth == 0 or value == 0:
        return f"off by {write_number(abs(value - truth))}"
    if (value > 0) != (truth > 0):
        return "the sign is the other one" if math.isclose(value, -truth, rel_tol=EXACT) else "even the sign differs"
    told = _powers(math.log10(abs(value)) - math.log10(abs(truth)))
    return f"{told} in size" if truth < 0 else told


def _powers(powers: float) -> str:
    """Two sizes of one sign, by how many powers of ten they differ."""
    way = "large" if powers > 0 else "small"
    if abs(powers) > math.log10(FAR):
        return f"too {way} by {abs(powers):.0f} powers of ten"
    times = 10 ** abs(powers)
    percent = 100 * abs(10**powers - 1)
    if times <= 1 + CLOSE:
        return f"close: {percent:.1g} % too {way}"
    if times <= 1 + NEAR:
        return f"{percent:.0f} % too {way}"
    return f"{times:.2g} times too {way}" if times < FACTOR else f"{round(times, -1):.0f} times too {way}"
