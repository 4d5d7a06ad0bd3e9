"""`impostor(c)`: a program of the zero function whose autograd derivative at 0 is c. The program is read, too."""

import re

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Verdict, case
from gradlab.exercises.describe import describe_answer
from gradlab.exercises.judge import describe_case, judge_cases
from gradlab.exercises.look import look
from gradlab.exercises.writing import names_used
from gradlab.probe import Answer, Probe
from gradlab.probe.answer import Opaque

exercise = Exercise("impostor(c)(x)", look="“Meet functions that autograd gets wrong”", half=False)

CUSTOM_NODE = re.compile(r"^(?!torch::).*Backward$")
CUSTOM = "a custom autograd.Function, whose backward says whatever you write into it"
HIDDEN = (
    "getattr(…) eval exec __import__ globals locals vars .__dict__ .__getattribute__ .import_module .attrgetter"
    " .methodcaller ._C"
)
BANS = (  # label, names that give it away, what it is
    ("detach", ".detach .detach_", "detach, which cuts the graph: whatever derivative is left is one you made by hand"),
    ("custom-function", ".Function Function .custom_op .register_autograd .register_vjp", CUSTOM),
    ("no-grad", ".no_grad .inference_mode .set_grad_enabled", "a part without autograd, which cuts the graph"),
    ("data", ".data", ".data, which is detach under another name"),
    ("item", ".item .tolist", "a Python number made of the tensor, which cuts the graph"),
    ("numpy", ".numpy np numpy", "NumPy, which autograd does not see"),
    ("copy", "copy deepcopy .copy .deepcopy", "a copy of x outside the graph"),
    ("hidden-name", HIDDEN, "a name that cannot be read off the program: write the operations out"),
)
TASK = "You were asked for ordinary operations: autograd must be right about each of them, and wrong about the whole."


def ways_to_call(draw: Draw) -> list[list[Tensor]]:
    """0 and points of all sizes as a program may take them: a vector, numbers without an axis, vectors of one entry."""
    sizes = 10 ** torch.cat([draw.uniform(-6, 3, 990), draw.uniform(-30, -20, 10)])
    points = torch.cat([torch.zeros(1, dtype=torch.float64), sizes * draw.signs(1000)])
    few = [*points[::50], points[-1]]
    return [[points], few, [point.reshape(1) for point in few]]


def asked(c: float, x: Tensor, gradient: bool = False) -> Case:
    """The call impostor(c)(x): its value is exactly 0, and if asked its gradient is c where x is 0, and 0 elsewhere."""
    zeros = torch.zeros_like(x) if x.dim() else 0.0
    gradients = {"0": c * (x == 0).double()} if gradient else None
    close = 1e-6 * abs(c) if gradient else 0.0
    tracked = x.clone().requires_grad_()
    return case(tracked, expected=zeros, gradients=gradients, construct=(c,), rtol=0.0, atol=close, data=c)


@exercise.inspection
def zero_with_derivative(probe: Probe, draw: Draw) -> Verdict | None:
    """The value first, then what the program does, then the derivative at 0; one way to call it must be right."""
    coefficients = (draw.number(1, 10), draw.number(-10, -1), 0.0, draw.integer(200, 5000), -0.015625)
    found = []
    for points in ways_to_call(draw):
        wrong = judge_cases(exercise, probe, [asked(c, x) for c in coefficients for x in points])
        if wrong is None:
            few = [x[:8] if x.dim() else x for x in points[:8]]  # so that a message can show them
            derivatives = [asked(c, x, gradient=True) for c in coefficients for x in few]
            return banned(probe, derivatives[0]) or judge_cases(exercise, probe, derivatives)
        found.append(wrong)
    return next((wrong for wrong in found if wrong.misconception != "raised"), found[1])


def banned(probe: Probe, case: Case) -> Verdict | None:
    """The verdict on a program that goes around the exercise, read off its text or off its graph."""
    names, answer = names_used(probe.source, exercise.name), look(probe, case)
    found = [(label, what) for label, given_away, what in BANS if names.intersection(given_away.split())]
    if any("hook" in name.lower() for name in names):
        found.insert(0, ("hook", "a hook, which overwrites the gradient on its way back"))
    if any(map(CUSTOM_NODE.match, answer.nodes)):
        found.append(("custom-function", CUSTOM))
    if not found:
        return None
    (label, what), called = found[0], describe_case(exercise, case)
    return exercise.wrong(label, f"This uses {what}. {TASK}", called=called, returned=describe_answer(answer))


@exercise.symptom("not-a-function")
def not_a_function(case: Case, answer: Answer) -> bool:
    """impostor(c) must return a function, which is then called on tensors: define one inside and return it."""
    return answer.made is not None and not isinstance(answer.made.value, Opaque)


@exercise.symptom("nearly-zero")
def nearly_zero(case: Case, answer: Answer) -> bool:
    """The value is only 0 up to rounding, or close to 0: it must be exactly 0 at every point."""
    largest = float(case.call.arguments[0].detach().abs().max()) * abs(case.data)
    value = torch.as_tensor(answer.value)
    return bool(value.any()) and float(value.abs().max()) <= 1e-6 * max(1.0, largest)


@exercise.symptom("not-zero")
def not_zero(case: Case, answer: Answer) -> bool:
    """The function must have the value 0 everywhere, and here it has not."""
    return bool(torch.as_tensor(answer.value).any())


@exercise.symptom("cut-graph")
def cut_graph(case: Case, answer: Answer) -> bool:
    """At many points away from 0, too, autograd reports a derivative that is not 0. Ordinary operations do not do that
    to a function that is 0 everywhere; a graph that is cut somewhere does."""
    slopes, away = answer.gradients["0"], case.call.arguments[0] != 0
    return slopes is not None and float((slopes[away].abs() > (case.atol or 0.0)).double().mean()) > 0.1
