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


@exercise.symptom("too-large")
def too_large(case: Case, answer: Answer) -> bool:
    """This λ is too large: at x = 0 the error is √λ, above ε."""
    return (as_number(answer.value) or 0) > case.expected


@exercise.symptom("not-the-largest")
def not_the_largest(case: Case, answer: Answer) -> bool:
    """With this λ the error stays below ε everywhere, but a larger λ does it too. The error may reach ε: at one point
    it does."""
    return 0 < (as_number(answer.value) or 0) < case.expected
