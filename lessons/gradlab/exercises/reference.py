"""What is expected of an answer where the case leaves it to the reference: values and gradients, computed in float64."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from gradlab.exercises.cases import Case, Raises, Reference
from gradlab.exercises.draw import Draw
from gradlab.exercises.exercise import Exercise, Group
from gradlab.exercises.look import look
from gradlab.probe import Call, Named, Probe

LONGEST = 600.0  # seconds for the reference: where it was stopped, no answer could be judged
MOST_KEPT = 24  # groups of cases an exercise: those of a check and of some exams


def drawn(exercise: Exercise, group: Group, draw: Draw) -> Iterator[Case]:
    """The cases of a group, complete. Those of the last draws are kept: a fixed draw, and the exam of a copied answer, come again."""
    here = group, repr(draw.position)  # what was drawn before decides what is drawn now
    kept = exercise.kept
    if here in kept:
        kept[here] = made, draw.position = kept.pop(here)  # the last in the order
        yield from made
        return
    made: list[Case] = []
    for case in group.cases(draw):
        made.append(complete(exercise, group, case))
        yield made[-1]
    kept[here] = made, draw.position
    if len(kept) > MOST_KEPT:
        del kept[next(iter(kept))]


def complete(exercise: Exercise, group: Group, case: Case) -> Case:
    """The case with the group's tolerances, and with expected value and gradients from the reference where it has none.

    The reference computes in float64; the results are rounded to float32 where a floating-point argument is float32.
    Where the reference raises a ValueError, a ValueError is expected. Raises RuntimeError where the reference fails
    otherwise: that is the author's mistake.
    """
    case = replace(
        case,
        rtol=group.rtol if case.rtol is None else case.rtol,
        atol=group.atol if case.atol is None else case.atol,
    )
    if not isinstance(case.expected, Reference):
        return case
    names = case.call.gradients or _tracked(exercise, case.call)
    call = replace(case.call, gradients=names)
    doubled = replace(case, call=_unhurried(call), construct=case.construct and _unhurried(case.construct))
    seen = look(Probe.of(exercise.right_answer), doubled)
    if seen.timed_out:
        raise RuntimeError(f"the reference of {exercise.name} was stopped after {LONGEST:g} seconds")
    if seen.raised is not None and "ValueError" in seen.raised.bases:
        return replace(case, call=call, expected=Raises())
    if seen.raised is not None or seen.gradient_error:
        reason = seen.raised.traceback if seen.raised else seen.gradient_error
        raise RuntimeError(f"the reference of {exercise.name} failed: {reason}")
    single = _is_single(case.call.arguments) or (case.construct is not None and _is_single(case.construct.arguments))
    gradients: dict[str, Any] = {}
    for name in names:
        argument, found = _argument(case.call, name), seen.gradients.get(name)
        zeros = torch.zeros_like(argument) if isinstance(argument, Tensor) else None
        gradients[name] = _rounded(zeros if found is None else found, single)
    return replace(case, call=call, expected=_rounded(seen.value, single), gradients=gradients | case.gradients)


def _tracked(exercise: Exercise, call: Call) -> tuple[str, ...]:
    """The positions of the tracked tensors among the arguments whose graph is to be kept."""
    pairs = enumerate(zip(exercise.arguments, call.arguments))
    return tuple(
        str(place)
        for place, (name, argument) in pairs
        if name in exercise.graph and isinstance(argument, Tensor) and argument.requires_grad
    )


def _argument(call: Call, name: str) -> Any:
    return call.arguments[int(name)] if name.isdigit() and int(name) < len(call.arguments) else None


def _unhurried(call: Call) -> Call:
    """The call in float64, and with time enough on the busiest machine."""
    return replace(
        call,
        seconds=LONGEST,
        arguments=tuple(map(_in_double, call.arguments)),
        keywords={name: _in_double(value) for name, value in call.keywords.items()},
        cotangent=_in_double(call.cotangent),
    )


def _in_double(value: Any) -> Any:
    if isinstance(value, Tensor) and value.dtype is torch.float32:
        return value.detach().double().requires_grad_(value.requires_grad)
    if isinstance(value, (list, tuple)):
        return type(value)(map(_in_double, value))
    if isinstance(value, Named):
        return Named(value.name, **{name: _in_double(each) for name, each in value.arguments.items()})
    return value


def _is_single(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_is_single, value))
    if isinstance(value, Named):
        return any(map(_is_single, value.arguments.values()))
    return isinstance(value, Tensor) and value.dtype is torch.float32


def _rounded(value: Any, single: bool) -> Any:
    if single and isinstance(value, Tensor) and value.dtype is torch.float64:
        return value.float()
    return type(value)(_rounded(item, single) for item in value) if isinstance(value, (list, tuple)) else value
