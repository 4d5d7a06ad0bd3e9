"""Ways to recognise a known wrong answer."""

from collections.abc import Callable
from typing import Any

import torch

from gradlab.exercises.compare import agrees, as_number, tensors_agree
from gradlab.checks.exercise import Anything, Case, Raises
from gradlab.probe import Answer, Named
from gradlab.probe.perform import build_named

Fits = Callable[[Case, Answer], bool]


def plain_arguments(case: Case) -> tuple:
    """The arguments of a case for a formula: detached copies, named functions built."""
    return tuple(_plain(argument) for argument in case.call.arguments)


def _plain(argument: Any) -> Any:
    if isinstance(argument, torch.Tensor):
        return argument.detach().clone()
    if isinstance(argument, (list, tuple)):
        return type(argument)(_plain(item) for item in argument)
    return build_named(argument) if isinstance(argument, Named) else argument


def is_one_number(case: Case, answer: Answer) -> bool:
    """The answer is a number where a list, an interval or a tensor with axes was asked for."""
    return as_number(answer.value) is not None


def returns(formula: Callable, rtol: float = 1e-6) -> Fits:
    """The answer's value is what this wrong formula gives for the same arguments, where that is not right by luck."""

    def fits(case: Case, answer: Answer) -> bool:
        if answer.raised is not None or answer.value is None or isinstance(case.expected, Raises):
            return False
        try:
            wrong = formula(*plain_arguments(case))
        except (ValueError, RuntimeError, TypeError, ZeroDivisionError, ArithmeticError, IndexError):
            return False
        if not isinstance(case.expected, Anything) and agrees(wrong, case.expected, case.rtol, case.atol):
            return False
        if isinstance(wrong, torch.Tensor):
            wrong = wrong.detach()
            loose = rtol if wrong.dtype is torch.float64 else max(rtol, 1e-4)
            return isinstance(answer.value, torch.Tensor) and tensors_agree(answer.value, wrong, loose)
        return wrong is not None and agrees(answer.value, wrong, rtol, 1e-9)

    fits.formula = True
    return fits


def gradient_is(name: str, formula: Callable, rtol: float = 1e-6) -> Fits:
    """The gradient with respect to `name` is what this wrong formula gives; None means that no graph reaches it."""

    def fits(case: Case, answer: Answer) -> bool:
        if name not in answer.gradients or answer.raised is not None:
            return False
        found, wrong = answer.gradients[name], formula(*plain_arguments(case))
        if found is None or wrong is None:
            return found is None and wrong is None
        return tensors_agree(found, wrong.detach(), rtol)

    return fits


def raises(type_name: str, fragment: str = "") -> Fits:
    """The answer raised this type of exception, with this fragment in its text."""

    def fits(case: Case, answer: Answer) -> bool:
        return answer.raised is not None and type_name in answer.raised.bases and fragment in answer.raised.message

    return fits


def rounded_to_float32(case: Case, answer: Answer) -> bool:
    """The value is right in float32 and no further, where float64 was asked for."""
    value, expected = answer.value, case.expected
    if not all(isinstance(t, torch.Tensor) and t.dtype is torch.float64 for t in (value, expected)):
        return False
    largest = float(expected.abs().max()) if expected.numel() else 0.0
    if value.shape != expected.shape or tensors_agree(value, expected, case.rtol, case.atol):
        return False
    if float((value - expected).abs().max()) < 1e-9 * largest:  # better than float32: a finite difference, say
        return False
    return tensors_agree(value, expected, 1e-6, 2e-7 * largest)


def value_type(*names: str) -> Fits:
    """The answer returned a value of one of these types: "NoneType", "int", "float", …"""

    def fits(case: Case, answer: Answer) -> bool:
        return answer.raised is None and not answer.timed_out and answer.type in names

    return fits


def either(*ways: Fits) -> Fits:
    """Any one of several fingerprints."""

    def fits(case: Case, answer: Answer) -> bool:
        return any(way(case, answer) for way in ways)

    fits.formula = all(getattr(way, "formula", False) for way in ways)
    return fits


def both(*ways: Fits) -> Fits:
    """All of several fingerprints."""

    def fits(case: Case, answer: Answer) -> bool:
        return all(way(case, answer) for way in ways)

    fits.formula = any(getattr(way, "formula", False) for way in ways)
    return fits
