"""`lam_for_error(eps)`: the largest λ for which √(x² + λ) − |x| ≤ eps at every x."""

from collections.abc import Iterator

from gradlab.exercises import Case, Draw, Exercise, case
from gradlab.exercises.compare import as_number
from gradlab.probe import Answer

exercise = Exercise("lam_for_error(eps)", look="“4 · Let λ go to zero: what is left, what is lost”")


@exercise.reference
def square(eps: float) -> float:
    """The error is largest at x = 0, where it is √λ."""
    return eps**2


@exercise.precise_cases(rtol=2e-5)
def cases(draw: Draw) -> Iterator[Case]:
    """Errors below and above 1; float32 is good enough."""
    for eps in (0.1, draw.number(1e-3, 1e-2), draw.number(0.05, 0.4), draw.number(2.2, 5)):
        yield case(eps)


def ratio(case: Case, answer: Answer) -> float:
    """The answer over what is expected; 1 for what is no positive number."""
    found = as_number(answer.value)
    return found / case.expected if found is not None and found > 0 else 1.0


@exercise.symptom("too-large")
def too_large(case: Case, answer: Answer) -> bool:
    """This λ is too large: at x = 0 the error is √λ, above ε."""
    return ratio(case, answer) > 1


@exercise.symptom("not-the-largest")
def not_the_largest(case: Case, answer: Answer) -> bool:
    """With this λ the error stays below ε everywhere, but a larger λ does it too. The error may reach ε: at one point it
    does."""
    return ratio(case, answer) < 1
