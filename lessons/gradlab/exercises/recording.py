"""An exercise from a recording: the cases of its check with what must come, and what its known mistakes show in them.

A learner's edition has recordings in the place of references and of mistakes that run. `gradlab release learner` writes
them, one file an exercise; where there is no file, an exercise is as its module says.
"""

import base64
import hashlib
import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from gradlab.exercises.cases import ANYTHING, Anything, Between, Case, Raises
from gradlab.exercises.draw import Draw
from gradlab.exercises.exercise import Exercise, Group
from gradlab.exercises.look import look
from gradlab.exercises.mistakes import Mistake
from gradlab.probe import Answer, Call, Probe
from gradlab.probe.plain import from_plain, to_plain

FOLDER = Path(__file__).resolve().parent.parent / "recorded"


@dataclass(frozen=True, eq=False)
class RecordedMistake(Mistake):
    """A known wrong answer of which only what it shows is known: responses by the case's key."""

    shown: dict[str, list[dict]] = field(default_factory=dict)

    def shows(self, case: Case) -> Answer:
        """What this wrong answer showed in a case; in one that was not recorded, nothing that any answer shows."""
        responses = iter(self.shown.get(key_of(case), ()))
        try:
            return look(Probe(lambda request: next(responses)), case)
        except (StopIteration, RuntimeError):
            return Answer(timed_out=True)


def from_recording(exercise: Exercise) -> Exercise:
    """The exercise with the steps and mistakes of its recording, where there is one."""
    path = FOLDER / f"{exercise.name}.json"
    if not path.exists():
        return exercise
    found = from_text(path.read_bytes())
    inspections = {getattr(step, "__name__", ""): step for step in exercise.steps}
    exercise.steps = [
        inspections[step["inspection"]] if "inspection" in step else _group(step) for step in found["steps"]
    ]
    exercise.mistakes = tuple(
        RecordedMistake(each["label"], each["sentence"], "", exercise.name, {}, each["look"], None, each["shown"])
        for each in found["mistakes"]
    )
    return exercise


def _group(step: dict[str, Any]) -> Group:
    made = [case_from_plain(each) for each in step["cases"]]

    def cases(draw: Draw) -> list[Case]:
        draw.position = step["draw"]  # as if they had been drawn: inspections draw on
        return made

    return Group(cases, special=step["special"])


def case_to_plain(case: Case) -> dict[str, Any]:
    """A complete case as plain data."""
    return {
        "call": _call_to_plain(case.call),
        "construct": case.construct and _call_to_plain(case.construct),
        "expected": _expected_to_plain(case.expected),
        "gradients": {name: _expected_to_plain(each) for name, each in case.gradients.items()},
        "rtol": case.rtol,
        "atol": case.atol,
        "about": case.about,
        "data": to_plain(case.data),
    }


def case_from_plain(plain: dict[str, Any]) -> Case:
    """The case again."""
    return Case(
        _call_from_plain(plain["call"]),
        _expected_from_plain(plain["expected"]),
        {name: _expected_from_plain(each) for name, each in plain["gradients"].items()},
        plain["rtol"],
        plain["atol"],
        plain["construct"] and _call_from_plain(plain["construct"]),
        plain["about"],
        from_plain(plain["data"]),
    )


def key_of(case: Case) -> str:
    """What a case calls, as a short text: equal for equal calls."""
    calls = [case.construct and _call_to_plain(case.construct), _call_to_plain(case.call)]
    return hashlib.sha256(to_text(calls)).hexdigest()[:16]


def _call_to_plain(call: Call) -> dict[str, Any]:
    return {each.name: to_plain(getattr(call, each.name)) for each in fields(call)}


def _call_from_plain(plain: dict[str, Any]) -> Call:
    return Call(**{name: from_plain(value) for name, value in plain.items()})


def _expected_to_plain(expected: Any) -> dict[str, Any]:
    if isinstance(expected, Anything):
        return {"anything": True}
    if isinstance(expected, Raises):
        return {"raises": expected.type}
    if isinstance(expected, Between):
        return {"between": [to_plain(expected.low), to_plain(expected.high)]}
    return {"value": to_plain(expected)}


def _expected_from_plain(plain: dict[str, Any]) -> Any:
    if "anything" in plain:
        return ANYTHING
    if "raises" in plain:
        return Raises(plain["raises"])
    if "between" in plain:
        return Between(*map(from_plain, plain["between"]))
    return from_plain(plain["value"])


def to_text(plain: Any) -> bytes:
    """Plain data as JSON; bytes in base 64."""
    return json.dumps(plain, default=_bytes_to_plain, ensure_ascii=False, separators=(",", ":")).encode()


def from_text(text: bytes) -> Any:
    """The plain data again."""
    return json.loads(text, object_hook=_bytes_from_plain)


def _bytes_to_plain(value: Any) -> dict[str, str]:
    if not isinstance(value, bytes):
        raise TypeError(f"a {type(value).__name__} is no plain data")
    return {"base64": base64.b64encode(value).decode()}


def _bytes_from_plain(value: dict[str, Any]) -> Any:
    return base64.b64decode(value["base64"]) if value.keys() == {"base64"} else value
