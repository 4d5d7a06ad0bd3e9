"""Numbers as a reader sees and hears them."""


def format_number(value: float, digits: str = ".3g") -> str:
    """`value` as text with a true minus sign, no −0, and exponents without padding: −0.5, 1e−8.

    `digits` is a format specification for floats, such as ".3g" or ".2f".
    """
    text = f"{value:{digits}}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return text.replace("-", "−")
