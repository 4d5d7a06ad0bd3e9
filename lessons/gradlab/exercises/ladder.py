"""The ladder: attempted, raised, type, shape, dtype, finite, value, graph, gradient, side effects. First failure wins."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch

from gradlab.exercises.cases import Anything, Between, Case, Raises
from gradlab.exercises.compare import agrees, as_bool, as_number, tensors_agree
from gradlab.exercises.describe import tell_apart
from gradlab.exercises.exercise import Exercise
from gradlab.exercises.torch_errors import cause_of
from gradlab.probe import Answer
from gradlab.probe.answer import Opaque


@dataclass(frozen=True)
class Failure:
    """A rung that an answer did not reach: its label, and the sentence for a learner."""

    label: str
    sentence: str


Rung = Callable[[Exercise, Case, Answer], Failure | None]

SINGLE = (1e-4, 1e-5)  # tolerances for a value in float32 where float64 is expected
STOPPED = "It was stopped after {seconds:g} seconds: is there a loop that never ends?"
XOR_SAYS = ("bitwise_xor", "operand type(s) for ^")


def first_failure(exercise: Exercise, case: Case, answer: Answer) -> Failure | None:
    """The lowest rung that the answer does not reach in this case, or None."""
    for rung in RUNGS:
        failure = rung(exercise, case, answer)
        if failure:
            return failure
    return None


def value_is_right(exercise: Exercise, case: Case, answer: Answer) -> bool:
    """Is the value right, whatever its dtype and its graph are and whatever was changed on the way?

    Float32 where float64 is expected is right if its few digits are.
    """
    value, expected = answer.value, case.expected
    if isinstance(value, torch.Tensor) and isinstance(expected, torch.Tensor) and value.dtype is torch.float32:
        case = replace(case, rtol=max(case.rtol or 0.0, SINGLE[0]), atol=max(case.atol or 0.0, SINGLE[1]))
    return not any(rung(exercise, case, answer) for rung in RUNGS_TO_THE_VALUE)


def value_and_dtype_are_right(exercise: Exercise, case: Case, answer: Answer) -> bool:
    """Does the answer reach every rung up to the value, in the dtype that is asked for?"""
    return not any(rung(exercise, case, answer) for rung in (*RUNGS_TO_THE_VALUE, _dtype))


def describe_beside_value(exercise: Exercise, case: Case, answer: Answer) -> tuple[str, str] | None:
    """What came and what was expected where the value is right and something beside it is not; None if nothing is."""
    changed = [_label(exercise.arguments, path) for path in answer.changed]
    changed += [f"the .grad of {_label(exercise.arguments, path)}" for path in answer.left_grad]
    if changed:
        return f"the right value, and {changed[0]} has changed", f"{changed[0]} as it was"
    if answer.gradient_error:
        return f"the right value, and in its backward pass {answer.gradient_error.splitlines()[0][:200]}", "a gradient"
    missing = []
    for name, expected in case.gradients.items():
        label, found = _label(exercise.arguments, name), answer.gradients.get(name)
        wanted = expected.low if isinstance(expected, Between) else expected
        if found is None and not tensors_agree(torch.zeros_like(wanted), expected, case.rtol, case.atol):
            missing.append(label)
        if found is not None and not tensors_agree(found, expected, case.rtol, case.atol):
            told, right = tell_apart(found, wanted)
            return f"the right value, with the gradient {told} with respect to {label}", f"the gradient {right}"
    if missing:
        names = " and ".join(missing)
        return f"the right value, with no gradient with respect to {names}", f"a gradient with respect to {names}"
    if _graph(exercise, case, answer):
        return "the right value, without a graph", "a value that autograd can follow back"
    return None


def _in_time(exercise: Exercise, case: Case, answer: Answer) -> Failure | None:
    if answer.timed_out:
        return Failure("too-slow", STOPPED.format(seconds=case.call.seconds))
    return None


def _raised(exercise: Exercise, case: Case, answer: Answer) -> Failure | None:
    wanted = case.expected.type if isinstance(case.expected, Raises) else None
    raised = answer.raised
    if wanted and raised is None:
        return Failure("accepts-bad-input", f"This input has no answer: the task asks for a {wanted} with a message.")
    if wanted and raised and wanted not in raised.bases:
        return Failure("other-exception", f"The task asks for a {wanted} here; another exception came.")
    if wanted and raised and not raised.message.strip():
        return Failure("silent-exception", f"Give the {wanted} a message that says what was wrong with the input.")
    if wanted is None and answer.raised is not None and any(words in answer.raised.message for words in XOR_SAYS):
        return Failure(
            "caret", "In Python `^` is no power: it combines bits, which torch refuses for such numbers. Write x**2."
        )
    if wanted is None and answer.raised is not None:
        sentence = f"It raised {answer.raised.type} instead of returning a value."
        return Failure("raised", f"{sentence} {cause_of(f'{answer.raised.type}: {answer.raised.message}')}".strip())
    return None


def _type(exercise: Exercise, case: Case, answer: Answer) -> Failure | None:
    expected, value = case.expected, answer.value
    if isinstance(expected, (Raises, Anything)):
        return None
    if value is None and expected is not None:
        return Failure("returned-none", "It returned None: is a `return` missing in one of the branches?")
    if isinstance(expected, (torch.Tensor, Between)) and isinstance(value, Opaque) and answer.type == "Tensor":
        return Failure("not-a-tensor", f"The answer must be a dense tensor of real numbers; this is a {value.type}.")
    if isinstance(expected, (torch.Tensor, Between)) and not isinstance(value, torch.Tensor):
        return Failure("not-a-tensor", f"The answer must be a tensor; this is {_a(answer.type)}.")
    if isinstance(expected, bool) and as_bool(value) is None:
        return Failure("not-a-bool", f"The answer must be True or False; this is {_a(answer.type)}.")
    if isinstance(expected, (int, float)) and not isinstance(expected, bool) and as_number(value) is None:
        return Failure("not-a-number", "The answer must be one number: a Python number or a tensor without axes.")
    if isinstance(expected, (list, tuple)) and not isinstance(value, (list, tuple)):
        return Failure("not-a-sequence", f"The answer must be a {type(expected).__name__}; this is {_a(answer.type)}.")
    return None


def _a(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def _shape(exercise: Exercise, case: Case, answer: Answer) -> Failure | None:
    expected = case.expected.low if isinstance(case.expected, Between) else case.expected
    if isinstance(expected, torch.Tensor) and answer.value.shape != expected.shape:
        found, wanted = tuple(answer.value.shape), tuple(expected.shape)
        return Failure("wrong-shape", f"The shape is {found}; it must be {wanted}.")
    if isinstance(expected, (list, tuple)) and len(answer.value) != len(expected):
        entries = "1 entry" if len(answer.value) == 1 else f"{len(answer.value)} entries"
        return Failure("wrong-length", f"It holds {entries}; {len(expected)} were expected.")
    return None


def _dtype(exercise: Exercise, case: Case, answer: Answer) -> Failure | None:
    expected = case.expected.low if isinstance(case.expected, Between) else case.expected
    if isinstance(expected, torch.Tensor) and answer.value.dtype != expected.dtype:
        return Failure(
            "wrong-dtype",
            f"The dtype is {answer.value.dtype}; it must stay {expected.dtype}, like that of the input.",
        )
    return None


def _finite(exercise: Exercise, case: Case, answer: Answer) -> Failure | None:
    expected, value = case.expected, answer.value
    if isinstance(expected, torch.Tensor) and expected.is_floating_point():
        bad = ~torch.isfinite(value) & torch.isfinite(expected)
        if bool(bad.any()):
            return Failure("not-finite", f"{int(bad.sum())} of {bad.numel()} entries are nan or infinite.")
    return None


def _value(exercise: Exercise, case: Case, answer: Answer) -> Failure | None:
    if isinstance(case.expected, Raises) or agrees(answer.value, case.expected, case.rtol, case.atol):
        return None
    return Failure("wrong-value", "The value is not right.")


def _graph(exercise: Exercise, case: Case, answer: Answer) -> Failure | None:
    tracked = [
        name
        for name, argument in zip(exercise.arguments, case.call.arguments)
        if name in exercise.graph and isinstance(argument, torch.Tensor) and argument.requires_grad
    ]
    if tracked and isinstance(answer.value, torch.Tensor) and not answer.requires_grad:
        return Failure(
            "graph-cut",
            f"The value is right, but no gradient flows back to {' and '.join(tracked)}: the autograd graph was cut. "
            "detach, item, numpy, float, or a new torch.tensor(…) built from numbers do that, and so does a gradient taken "
            "by torch.autograd.grad without create_graph=True.",
        )
    return None


def _gradient(exercise: Exercise, case: Case, answer: Answer) -> Failure | None:
    if answer.gradient_error:
        said = answer.gradient_error.splitlines()[0][:200]
        stop = "" if said.endswith((".", "!", "?")) else "."
        return Failure("gradient-fails", f"Backward raised an error: {said}{stop} {cause_of(said)}".strip())
    for name, expected in case.gradients.items():
        found = answer.gradients.get(name)
        label = exercise.arguments[int(name)] if name.isdigit() else name
        reference = expected.low if isinstance(expected, Between) else expected
        if found is None and tensors_agree(torch.zeros_like(reference), expected, case.rtol, case.atol):
            continue  # no path: a derivative of zero, where zero is right
        if found is None:
            return Failure("graph-cut", f"The value is right, but no gradient reaches {label}: the graph was cut.")
        if not tensors_agree(found, expected, case.rtol, case.atol):
            told, wanted = tell_apart(found, reference)
            return Failure(
                "wrong-gradient",
                f"The value is right, but its gradient with respect to {label} is {told} and should be {wanted}.",
            )
    return None


def _side_effects(exercise: Exercise, case: Case, answer: Answer) -> Failure | None:
    while_made = answer.made.changed if answer.made else ()
    changed = [_label(exercise.construction or (), path) for path in while_made]
    changed += [_label(exercise.arguments, path) for path in answer.changed]
    if changed:
        return Failure("changed-input", f"The answer is right, but {changed[0]} was changed on the way.")
    if answer.left_grad:
        return Failure(
            "left-grad",
            f"The answer is right, but the .grad of {_label(exercise.arguments, answer.left_grad[0])} is no longer what "
            "it was: use torch.autograd.grad, which leaves nothing behind.",
        )
    return None


def _label(names: tuple[str, ...], path: str) -> str:
    position, _, leaf = path.partition(".")
    name = names[int(position)] if position.isdecimal() and int(position) < len(names) else position
    return f"{name}[{leaf}]" if leaf.isdecimal() else f"{name}'s {leaf}" if leaf else name


RUNGS: tuple[Rung, ...] = (
    _in_time,
    _raised,
    _type,
    _shape,
    _dtype,
    _finite,
    _value,
    _graph,
    _gradient,
    _side_effects,
)
RUNGS_TO_THE_VALUE: tuple[Rung, ...] = (_in_time, _raised, _type, _shape, _finite, _value)
