"""Numbers as people type and read them: with a unit, a prefix, a percent sign, a fraction, thousands apart."""

import math
import re
from typing import SupportsFloat, cast

PREFIXES = {
    "n": 1e-9,
    "µ": 1e-6,
    "u": 1e-6,
    "m": 1e-3,
    "k": 1e3,
    "K": 1e3,
    "M": 1e6,
    "G": 1e9,
    "kilo": 1e3,
    "mega": 1e6,
}
THOUSANDS = re.compile(r"(?<![0-9.,])([1-9][0-9]{0,2}(?:[ ,_\u00a0\u202f][0-9]{3})+)(?![0-9,])")
POWER = re.compile(r"^([+-]?)(?:([0-9]+(?:\.[0-9]+)?)\s*[·*×x]\s*)?10(?:\^|\*\*)([+-]?[0-9]+)")
NUMBER = re.compile(
    r"([+-]?(?:(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:e[+-]?[0-9]+)?|inf|nan))(?:\s*/\s*([0-9]+))?\s*(%|[^\W\d_]*)",
    re.IGNORECASE,
)
WORDS = {"infinity": "inf", "infinite": "inf", "infinitely many": "inf", "never": "inf", "∞": "inf", "half": "1/2"}


def read_number(typed: object, units: tuple[str, ...] = ()) -> float:
    """The number that was typed. Raises ValueError, TypeError or ArithmeticError for what is none.

    A text may name one of the `units`, with a prefix (kB, ms) or without; `5 %` is 0.05, a fraction is `1/3`, a large
    number `1,400` or `5·10^20`. A comma before three digits parts thousands, every other one is a decimal point.
    The site's script reads the same (`assets/site/site.js`).
    """
    if isinstance(typed, (bool, complex)):
        raise TypeError(f"{typed!r} is no real number")
    if not isinstance(typed, str):
        plain = typed.detach() if hasattr(typed, "detach") else typed  # a tensor with a graph would warn
        return float(cast(SupportsFloat, plain))
    text = typed.strip().replace("−", "-")
    sign = text[:1] if text[:1] in ("+", "-") else ""
    text = sign + WORDS.get(text.removeprefix(sign).lower(), text.removeprefix(sign))
    text = THOUSANDS.sub(lambda found: re.sub(r"[^0-9]", "", found[1]), text)
    text = POWER.sub(lambda found: f"{found[1]}{found[2] or 1}e{found[3]}", text)
    found = NUMBER.fullmatch(text)
    if not found:
        raise ValueError(f"{typed!r} is no number")
    return float(found[1].replace(",", ".")) / float(found[2] or 1) * _scale(found[3], units)


def _scale(unit: str, units: tuple[str, ...]) -> float:
    """By what a number of this unit is multiplied."""
    if unit in ("", "%"):
        return 0.01 if unit else 1.0
    for symbol in units:
        bare = unit.lower().rstrip("s")
        if unit == symbol or (bare and bare == symbol.lower().rstrip("s")):
            return 1.0
        if unit.endswith(symbol) and (prefix := unit.removesuffix(symbol)) in PREFIXES:
            return PREFIXES[prefix]
    raise ValueError(f"{unit!r} is not the unit that was asked for")


def write_number(value: object) -> str:
    """A number for people: few digits, a real minus, thousands apart. `read_number` reads it."""
    number = float(cast(SupportsFloat, value)) + 0.0  # −0 is 0
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
