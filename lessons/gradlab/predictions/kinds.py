"""The kinds of prediction: a number, several numbers, a choice, a few words. Each reads what was typed, and compares it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gradlab.predictions.distance import in_words, same_number
from gradlab.predictions.number_text import read_number, write_number

Said = tuple[object, ...]
"""What was typed, read: floats of a number or of several, texts of a choice, one text of words."""

MOST_WORDS = 300  # characters


class NotReadable(ValueError):
    """A prediction that is not of the kind that was asked for; the text says what is."""


@dataclass(frozen=True)
class Prediction:
    """Something that a lesson asks its reader to predict. `of` is a noun phrase: "the slope at x = 0"."""

    of: str

    @property
    def how(self) -> str:
        """What may be typed in place of the three points."""
        raise NotImplementedError

    def read(self, typed: Sequence[object]) -> Said:
        """What was typed, in the form in which it is compared. Raises NotReadable with a sentence, whatever was typed."""
        try:
            return self._read(_flat(typed))
        except NotReadable:
            raise
        except Exception:  # an object may do anything when it is converted
            raise NotReadable(f"Type {self.how}") from None

    def _read(self, typed: Sequence[object]) -> Said:
        raise NotImplementedError

    def write(self, said: Said) -> str:
        """A prediction that was read, for people."""
        raise NotImplementedError

    @property
    def answer(self) -> Said:
        """The truth, in the same form."""
        raise NotImplementedError

    def compare(self, said: Said) -> tuple[bool, str]:
        """Whether the prediction was right, and how far it was from the truth, in words."""
        raise NotImplementedError


@dataclass(frozen=True)
class Number(Prediction):
    """A number, with or without a unit; with an `axis`, a point between its two ends.

    `units` are the spellings of the unit, its symbol first: ("B", "bytes").
    """

    truth: float
    units: tuple[str, ...] = ()
    axis: tuple[float, float] | None = None

    @property
    def how(self) -> str:
        if self.axis:
            return f"a number between {write_number(self.axis[0])} and {write_number(self.axis[1])}"
        return f'a number of {self.units[-1]}, as in 5 or "5 {self.units[0]}"' if self.units else "a number"

    def _read(self, typed: Sequence[object]) -> Said:
        said = _numbers(typed, 1, self.units, self.how)
        if self.axis and not self.axis[0] <= said[0] <= self.axis[1]:
            raise NotReadable(f"Type {self.how}")
        return said

    def write(self, said: Said) -> str:
        return f"{write_number(said[0])} {self.units[0] if self.units else ''}".rstrip()

    @property
    def answer(self) -> Said:
        return (float(self.truth),)

    def compare(self, said: Said) -> tuple[bool, str]:
        return same_number(said[0], self.truth), in_words(said[0], self.truth, self.axis)


@dataclass(frozen=True)
class Numbers(Prediction):
    """Several numbers, in order: label → truth. A curve is several numbers whose labels are its places."""

    truth: dict[str, float]
    units: tuple[str, ...] = ()

    @property
    def how(self) -> str:
        return f"{len(self.truth)} numbers with commas between them ({'; '.join(self.truth)})"

    def _read(self, typed: Sequence[object]) -> Said:
        return _numbers(typed, len(self.truth), self.units, self.how)

    def write(self, said: Said) -> str:
        unit = f" {self.units[0]}" if self.units else ""
        return "; ".join(f"{label}: {write_number(value)}{unit}" for label, value in zip(self.truth, said))

    @property
    def answer(self) -> Said:
        return tuple(float(value) for value in self.truth.values())

    def compare(self, said: Said) -> tuple[bool, str]:
        misses = [
            f"{label}: {in_words(value, truth)}"
            for (label, truth), value in zip(self.truth.items(), said)
            if not same_number(value, truth)
        ]
        if not misses:
            return True, f"all {len(self.truth)} are exact"
        return False, f"{len(self.truth) - len(misses)} of {len(self.truth)} are exact; {'; '.join(misses)}"


@dataclass(frozen=True)
class Choice(Prediction):
    """One of several options, or several of them where `truth` is a tuple."""

    options: tuple[str, ...]
    truth: str | tuple[str, ...]

    @property
    def how(self) -> str:
        listed = ", ".join(f'"{option}"' for option in self.options)
        return f"one of {listed}" if isinstance(self.truth, str) else f"one or several of {listed}, or () for none"

    def _read(self, typed: Sequence[object]) -> Said:
        known = {_folded(option): option for option in self.options}
        found = [known.get(_folded(each)) for each in typed]
        one = isinstance(self.truth, str)
        if None in found or (one and len(found) != 1):
            raise NotReadable(f"Type {self.how}")
        return tuple(option for option in self.options if option in found)

    def write(self, said: Said) -> str:
        return ", ".join(str(each) for each in said) or "none of them"

    @property
    def answer(self) -> Said:
        return self.read((self.truth,))

    def compare(self, said: Said) -> tuple[bool, str]:
        if said == self.answer:
            return True, "the same"
        both = len({*said} & {*self.answer})
        wrongly = len({*said} - {*self.answer})
        if isinstance(self.truth, str):
            return False, "another one"
        return False, f"{both} of {len(self.answer)} named, and {wrongly} that should not be" if both else "others"


@dataclass(frozen=True)
class Words(Prediction):
    """A few words, which the reader compares."""

    truth: str

    @property
    def how(self) -> str:
        return "a few words between quotation marks"

    def _read(self, typed: Sequence[object]) -> Said:
        text = " ".join(str(each) for each in typed).strip()
        if not text or not all(isinstance(each, str) for each in typed):
            raise NotReadable(f"Type {self.how}")
        if len(text) > MOST_WORDS:
            raise NotReadable(f"That is more than {MOST_WORDS} letters; a sentence is enough")
        return (text,)

    def write(self, said: Said) -> str:
        return str(said[0])

    @property
    def answer(self) -> Said:
        return (self.truth,)

    def compare(self, said: Said) -> tuple[bool, str]:
        return False, "compare for yourself"


def _numbers(typed: Sequence[object], count: int, units: tuple[str, ...], how: str) -> tuple[float, ...]:
    if len(typed) != count:
        raise NotReadable(f"Type {how}")
    return tuple(read_number(each, units) for each in typed)


def _flat(typed: Sequence[object]) -> Sequence[object]:
    """What was typed, also where it came as one list, one array or one tensor."""
    one = typed[0] if len(typed) == 1 else None
    listed = one.tolist() if hasattr(one, "tolist") else one
    return tuple(listed) if isinstance(listed, (list, tuple, set)) else typed


def _folded(option: object) -> str:
    """How options are compared: case, blanks and commas do not matter, True is yes, and 2.0 is 2."""
    if isinstance(option, bool):
        return "yes" if option else "no"
    if isinstance(option, float) and option.is_integer():
        option = int(option)
    return re.sub(r"[\s,]+", "", str(option).lower().replace("×", "x").replace("−", "-"))
