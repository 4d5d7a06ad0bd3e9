"""Judge an answer: go through the steps of its exercise, and name the mistake that explains what failed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

import torch

from gradlab.exercises import verdict
from gradlab.exercises.cases import Anything, Between, Case, Raises
from gradlab.exercises.compare import as_bool
from gradlab.exercises.describe import describe, describe_answer, describe_call, tell_apart
from gradlab.exercises.draw import Draw
from gradlab.exercises.exercise import Exercise, Group, Inspection
from gradlab.exercises.ladder import (
    STOPPED,
    Failure,
    describe_beside_value,
    first_failure,
    value_and_dtype_are_right,
    value_is_right,
)
from gradlab.exercises.look import look
from gradlab.exercises.mistakes import Mistake, shows_the_same
from gradlab.exercises.reference import complete, drawn
from gradlab.exercises.symptom import Symptom
from gradlab.exercises.verdict import Curve, Outcome, Verdict, half_right
from gradlab.exercises.writing import text_of
from gradlab.probe import Answer, Probe

BORROWED = (
    "The values are right, and they come from gradlab's own `{names}`, which does what this exercise asks you to write, or "
    "much of it. Write it yourself: functions that you wrote before and those of torch may help."
)
HALF_BORROWED = (
    "The rest comes from gradlab's own `{names}`, which does what this exercise asks you to write, or much of it, and "
    "earns nothing."
)
JUDGES = re.compile(
    r"^[ \t]*(?:from|import)[ \t]+gradlab(?:\.lessons\.\w+)?\.exercises\b"
    r"|^[ \t]*from[ \t]+gradlab(?:\.lessons\.\w+)?[ \t]+import\b[^#\n]*\bexercises\b"
    r"|\bimport_module\(\s*['\"]gradlab(?:\.lessons\.\w+)?\.exercises\b",
    re.MULTILINE,
)
FROM_THE_JUDGES = (
    "This imports gradlab's own `exercises`, the modules that judge answers. They are not there while a mark is made, and "
    "what they compute is not yours: write it yourself."
)


@dataclass(frozen=True)
class Seen:
    """A case, what the answer showed in it, and the rung that it did not reach, if any."""

    case: Case
    answer: Answer
    failure: Failure | None


def judge_learners(exercise: Exercise, probe: Probe, draw: Draw) -> Verdict:
    """The verdict on an answer that a learner wrote: what it imports of the modules that judge is not theirs."""
    # A source may be a whole file; what counts is the answer with what it refers to.
    if JUDGES.search(probe.source) and JUDGES.search(text_of(exercise.name, [probe.source])):
        return exercise.wrong("not-your-own", FROM_THE_JUDGES)
    return judge(exercise, probe, draw)


def judge(exercise: Exercise, probe: Probe, draw: Draw) -> Verdict:
    """The verdict on an answer: the first group of cases or inspection in which something is wrong decides.

    It is half right if nothing is worse than that anywhere. With a fixed draw this is the check that a learner runs, with
    a random one the exam.
    """
    first: Verdict | None = None
    for step in exercise.steps:
        found = (
            _judge_group(exercise, step, probe, drawn(exercise, step, draw))
            if isinstance(step, Group)
            else _inspect(exercise, step, probe, draw)
        )
        if found is None:
            continue
        if found.outcome is Outcome.NOT_ATTEMPTED:
            return found
        first = first or found
        if found.outcome is Outcome.WRONG:
            return replace(first, outcome=Outcome.WRONG)
    return _not_your_own(exercise, probe, first) if probe.borrowed else first or verdict.right(exercise.name)


def _inspect(exercise: Exercise, inspection: Inspection, probe: Probe, draw: Draw) -> Verdict | None:
    """What an inspection finds; where it finds nothing in calls that were stopped, it has seen nothing."""
    before = len(probe.stopped)
    found = inspection(probe, draw)
    if found is None and probe.stopped[before:]:
        seconds = probe.stopped[before].seconds
        return exercise.wrong("too-slow", STOPPED.format(seconds=seconds))
    return found


def _not_your_own(exercise: Exercise, probe: Probe, half: Verdict | None) -> Verdict:
    """Wrong, whether all or only half of it would have been right; what is missing besides is said first."""
    names = "`, `".join([name for name in probe.borrowed if not name.startswith("_")] or probe.borrowed)
    if half is None:
        return exercise.wrong("not-your-own", BORROWED.format(names=names))
    return replace(half, outcome=Outcome.WRONG, message=f"{half.message} {HALF_BORROWED.format(names=names)}")


def judge_cases(exercise: Exercise, probe: Probe, cases: Iterable[Case]) -> Verdict | None:
    """The verdict where something fails in these cases, for inspections that make cases of what they saw."""
    group = Group(lambda draw: cases)
    return _judge_group(exercise, group, probe, (complete(exercise, group, case) for case in cases))


def _judge_group(exercise: Exercise, group: Group, probe: Probe, cases: Iterable[Case]) -> Verdict | None:
    seen: list[Seen] = []
    for case in cases:
        answer = look(probe, case)
        if not answer.attempted:
            return verdict.not_attempted(exercise.name)
        seen.append(Seen(case, answer, first_failure(exercise, case, answer)))
        if answer.timed_out:
            return _report(exercise, seen[-1])
    if not any(each.failure for each in seen):
        return None
    found = explain(exercise, seen)
    return half_right(found) if exercise.half and all(_is_half(exercise, group, each) for each in seen) else found


def _is_half(exercise: Exercise, group: Group, each: Seen) -> bool:
    """Does this case leave an answer half of the points, at least?"""
    special = group.special or isinstance(each.case.expected, Raises)
    return special or not each.failure or value_is_right(exercise, each.case, each.answer)


def explain(exercise: Exercise, seen: list[Seen]) -> Verdict:
    """One mistake or symptom that fits every failure is best; else one that fits some failure; else the bare failure.

    A wrong function, or a repeated symptom, must show in half of the failures: one number agrees with many by luck.
    Where all answers are yes or no, a wrong function must give the same answer everywhere, also where that is right.
    """
    failed = [each for each in seen if each.failure]
    yes_or_no = all(isinstance(each.case.expected, bool) for each in seen)
    candidates = [*exercise.mistakes, *exercise.symptoms, *exercise.slips]

    @cache  # a mistake is run in a case once, and only where it is needed
    def fits(candidate: Mistake | Symptom, place: int) -> bool:
        each = failed[place]
        if isinstance(candidate, Symptom):
            return _recognised(candidate, each)
        if yes_or_no:
            return place == 0 and _answers_the_same(candidate, seen)
        shown = candidate.shows(each.case)  # a mistake that does no harm in this case explains nothing
        return shows_the_same(each.case, each.answer, shown) and bool(first_failure(exercise, each.case, shown))

    for candidate in candidates:
        together = failed[:1] if yes_or_no and isinstance(candidate, Mistake) else failed
        if all(fits(candidate, place) for place in range(len(together))):
            return _report(exercise, failed[0], candidate)
    for candidate in candidates:
        places = [place for place in range(len(failed)) if fits(candidate, place)]
        rare = isinstance(candidate, Symptom) and not candidate.repeated
        if places and (rare or 2 * len(places) >= len(failed)):
            return _report(exercise, failed[places[0]], candidate)
    return _report(exercise, failed[0])


def _answers_the_same(mistake: Mistake, seen: list[Seen]) -> bool:
    """Does a mistake say yes and no where the answer does, in every case?"""
    if any(as_bool(each.answer.value) is None for each in seen):
        return False
    return all(as_bool(mistake.shows(each.case).value) is as_bool(each.answer.value) for each in seen)


def _recognised(symptom: Symptom, each: Seen) -> bool:
    try:
        return bool(symptom.fits(each.case, each.answer))
    except Exception:  # an answer may return anything at all; a symptom that stumbles over it does not fit
        return False


def _report(exercise: Exercise, seen: Seen, found: Mistake | Symptom | None = None) -> Verdict:
    case, answer, reason = seen.case, seen.answer, found or seen.failure
    assert reason is not None
    returned, expected = describe_answer(answer), _describe_expected(case)
    if answer.raised is None and value_and_dtype_are_right(exercise, case, answer):
        returned, expected = describe_beside_value(exercise, case, answer) or (f"{returned}, the right value", "")
    elif answer.raised is None and describe(answer.value) == expected:
        returned, expected = tell_apart(answer.value, case.expected)
    return verdict.wrong(
        exercise.name,
        reason.label,
        reason.sentence,
        called=describe_case(exercise, case),
        returned=returned,
        expected=expected,
        look=(found.look if found else "") or exercise.look,
        traceback=answer.raised.traceback if answer.raised and not isinstance(case.expected, Raises) else "",
        curve=_curve(case, answer),
    )


def describe_case(exercise: Exercise, case: Case) -> str:
    """The call of a case as a line of Python, and what is special about it."""
    name = exercise.name
    if case.construct is not None:
        name = describe_call(name, exercise.construction or (), case.construct)
    about = f"   ({case.about})" if case.about else ""
    return describe_call(name, exercise.arguments, case.call) + about


def _describe_expected(case: Case) -> str:
    if isinstance(case.expected, Raises):
        return f"{case.expected.type}, with a message"
    if isinstance(case.expected, Between):
        return f"between {describe(case.expected.low)} and {describe(case.expected.high)}"
    return "" if isinstance(case.expected, Anything) else describe(case.expected)


def _curve(case: Case, answer: Answer) -> Curve | None:
    """For an elementwise exercise called with many points of one axis: the two curves to draw over them."""
    points, expected = case.call.arguments[0] if case.call.arguments else None, case.expected
    shown = [t for t in (points, expected, answer.value) if isinstance(t, torch.Tensor) and t.dim() == 1]
    if len(shown) < 3 or any(t.numel() <= 8 or t.shape != shown[0].shape for t in shown):
        return None
    height = float(expected.double().max() - expected.double().min())
    if float((answer.value.double() - expected.double()).abs().max()) < height / 200:  # nobody would see two curves
        return None
    places, wanted, returned = (tuple(t.detach().double().tolist()) for t in shown)
    return Curve(places, wanted, returned)
