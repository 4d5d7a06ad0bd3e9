"""When a hand-in was handed in: nbgrader's own file beside the notebook."""

from datetime import datetime

from nbgrader.utils import parse_utc

TIMESTAMP = "timestamp.txt"
LONGEST = 200  # bytes


def time_handed_in(files: dict[str, bytes]) -> datetime | None:
    """The time in `timestamp.txt`, as nbgrader reads it; None without one. Raises ValueError if it cannot be read."""
    try:
        data = files.get(TIMESTAMP, b"")
        if len(data) > LONGEST:
            raise ValueError
        text = data.decode().strip()
        return parse_utc(text) if text else None
    except (ValueError, ArithmeticError):  # dateutil and decimal: what is no date, and numbers without end
        raise ValueError(
            f"{TIMESTAMP} holds no time that can be read. Put the time of the hand-in there, or remove it."
        ) from None
