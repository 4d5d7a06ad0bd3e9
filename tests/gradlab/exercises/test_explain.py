"""Which mistake explains a failure: what counts by luck, and in which units values are compared."""

import pytest
import torch

from gradlab.exercises import Case, Draw, Exercise, Raises, case, tensor
from gradlab.exercises.compare import as_number
from gradlab.exercises.judge import judge
from gradlab.exercises.mistakes import Mistake, shows_the_same
from gradlab.probe import Answer, Probe


def verdict(answer, near: bool, repeated: bool, numbers=(1.0, 3.0, 5.0, 7.0)):
    """The verdict on an answer to “twice a number”; a symptom takes every value near 2 for another mistake."""
    exercise = Exercise("double(a)")
    exercise.reference(lambda a: 2 * a)
    exercise.cases(lambda draw: (case(number) for number in numbers))

    @exercise.symptom("near-two", repeated=repeated)
    def near_two(case: Case, answer: Answer) -> bool:
        """This is nearly 2."""
        return near and abs((as_number(answer.value) or 0) - 2) < 0.5

    return judge(exercise, Probe.of(answer), Draw())


def test_symptom_that_shows_once_counts():
    assert verdict(lambda a: a - 1, near=True, repeated=False).misconception == "near-two"


def test_repeated_symptom_counts_only_where_it_shows_in_half_of_the_failures():
    assert verdict(lambda a: a - 1, near=True, repeated=True).misconception == "wrong-value"
    assert verdict(lambda a: 2.1, near=True, repeated=True).misconception == "near-two"


def mistake(source: str) -> Mistake:
    return Mistake("wrong", "This is wrong.", source, "f", {})


def seen(answer, case: Case) -> Answer:
    return Probe.of(answer).look(case.call)


@pytest.mark.parametrize("value", [1.0, torch.tensor(1.0, dtype=torch.float64), True, None, "1", (1.0,)])
@pytest.mark.parametrize("wrong", ["1.0", "torch.ones(())", "torch.ones(3)", "None", "(1.0,)", "True"])
def test_values_of_any_two_types_can_be_compared(value, wrong):
    asked = case(2.0, expected=5.0)
    same = shows_the_same(asked, seen(lambda x: value, asked), mistake(f"def f(x): return {wrong}\n").shows(asked))
    assert same in (True, False)


def test_wrong_formula_does_not_explain_why_bad_input_was_taken():
    asked = case(-2.0, expected=Raises())
    answer, same = seen(lambda x: x**2, asked), mistake("def f(x): return x**2\n").shows(asked)
    assert not shows_the_same(asked, answer, same)


@pytest.mark.parametrize("atol", [None, 0.0])
def test_tiny_is_zero_only_beside_what_is_large(atol):
    asked = case(1.0, expected=tensor(1e100, 1e-100), atol=atol)
    nothing = mistake("def f(x): return torch.zeros(2, dtype=torch.float64)\n").shows(asked)
    assert shows_the_same(asked, seen(lambda x: tensor(1e-90, 1e-120), asked), nothing) is (atol is None)
