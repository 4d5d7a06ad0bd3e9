"""Numbers as people type and read them: with a unit, a prefix, a percent sign, a fraction."""

import math
import re
from typing import SupportsFloat, cast

PREFIXES = {"n": 1e-9, "µ": 1e-6, "u": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9}
NUMBER = re.compile(r"([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?|[+-]?inf|nan)(?:/(\d+))?\s*(.*)", re.IGNORECASE)


def read_number(typed: object, units: tuple[str, ...] = ()) -> float:
    """The number that was typed. Raises ValueError, TypeError or ArithmeticError for what is none.

    A text may name one of the `units`, with a prefix (kB, ms) or without; `5 %` is 0.05; a fraction is `1/3`.
    """
    if isinstance(typed, bool):
        raise TypeError("True is no number")
    if not isinstance(typed, str):
        return float(cast(SupportsFloat, typed))
    text = typed.strip().replace("−", "-").replace("∞", "inf").replace("\u202f", "").replace("_", "")
    found = NUMBER.fullmatch(text)
    if not found:
        raise ValueError(f"{typed!r} is no number")
    value = float(found[1].replace(",", ".")) / float(found[2] or 1)
    return value * _scale(found[3].strip(), units)


def _scale(unit: str, units: tuple[str, ...]) -> float:
    """By what a number of this unit is multiplied."""
    if not unit:
        return 1.0
    if unit in units:
        return 1.0
    if unit == "%":
        return 0.01
    for symbol in units:
        if unit.endswith(symbol) and (prefix := unit.removesuffix(symbol)) in PREFIXES:
            return PREFIXES[prefix]
    raise ValueError(f"{unit!r} is not the unit that was asked for")


def write_number(value: object) -> str:
    """A number for people: few digits, a real minus, thousands apart."""
    number = float(cast(SupportsFloat, value))
    if math.isnan(number):
        return "nan"
    if math.isinf(number):
        return "∞" if number > 0 else "−∞"
    if number and not 1e-4 <= abs(number) < 1e7:
        mantissa, _, exponent = f"{number:.3g}".partition("e")
        shown = f"{mantissa}·10^{int(exponent)}" if exponent else mantissa
    elif number == int(number) and abs(number) >= 10000:
        shown = f"{int(number):,}".replace(",", "\u202f")
    else:
        shown = f"{number:.4g}" if abs(number) < 10000 else f"{number:.0f}"
    return shown.replace("-", "−")
