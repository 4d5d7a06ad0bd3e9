"""The course's own functions are not an answer: none that a hand-in can import earns an exercise, at check or exam."""

import copy
import functools
import importlib
import inspect
import pkgutil

import pytest

import gradlab
from gradlab.course import LESSONS
from gradlab.exercises.cases import Case
from gradlab.exercises.draw import Draw, scalar, tensor
from gradlab.exercises.exercise import Exercise, Group
from gradlab.exercises.judge import judge, judge_learners
from gradlab.exercises.ladder import value_is_right
from gradlab.exercises.look import look
from gradlab.exercises.reference import complete
from gradlab.exercises.registry import exercise_names, find_exercise
from gradlab.maths import prox
from gradlab.probe import Call, Probe, ProbeError
from gradlab.probe.answer import Opaque

EXERCISES = [name for lesson in LESSONS for name in exercise_names(lesson)]


@functools.cache
def callables() -> dict[str, object]:
    """Everything that can be called in the modules of gradlab that are in the sandbox, by its full name."""
    found = {}
    for module in pkgutil.walk_packages(gradlab.__path__, "gradlab."):
        if ".exercises" in module.name or module.name.startswith(("gradlab.explore", "gradlab.answers")):
            continue
        home = importlib.import_module(module.name)
        for name, value in vars(home).items():
            if callable(value) and getattr(value, "__module__", "").startswith("gradlab") and not name.startswith("__"):
                found[f"{value.__module__}.{name}"] = value
            elif isinstance(value, dict) and name.isupper():
                found |= {f"{module.name}.{name}[{key!r}]": each for key, each in value.items() if callable(each)}
    return {path: value for path, value in found.items() if not is_picture(path) and path not in CRASHES}


CRASHES = {"gradlab.lessons.clarke_homogeneity.explorers.gradient_sampling.hull_outline"}
"""Qhull ends the process where it gets other points than those of a plane."""


def is_picture(path: str) -> bool:
    """Does this function of an explorer's module show a picture?"""
    *_, module, name = path.split(".")
    return ".explorers." in path and (name == module or name.startswith("draw"))


def arity(value: object) -> int | None:
    """How many arguments a call may have; None where that cannot be told."""
    try:
        parameters = inspect.signature(value).parameters.values()  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return sum(each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD) for each in parameters)


@pytest.mark.parametrize("name", EXERCISES)
def test_no_function_of_gradlab_is_an_answer(name):
    exercise = copy.copy(find_exercise(name))
    exercise.mistakes, exercise.symptoms, exercise.slips = (), [], ()  # what is wrong need not be explained here
    wanted = len(exercise.construction if exercise.construction is not None else exercise.arguments)
    fitting = {
        path: value
        for path, value in callables().items()
        if isinstance(value, type) or (count := arity(value)) is None or count >= wanted - 2
    }
    assert fitting
    assert [path for path, value in fitting.items() if is_right(exercise, value)] == []


@functools.cache
def first_case(name: str) -> Case | None:
    """The first case of an exercise; None where it begins with an inspection."""
    exercise = find_exercise(name)
    group = exercise.steps[0]
    return complete(exercise, group, next(iter(group.cases(Draw())))) if isinstance(group, Group) else None


def passes_the_first_case(exercise: Exercise, value: object) -> bool:
    """Is it worth all cases? Nearly nothing is, and this is quick. `impostor(c)` has none: it must return a function."""
    case, probe = first_case(exercise.name), Probe.of(value, "", exercise.name)
    if case is None:
        made = probe.look(Call((1.0,), keep=True))
        points = scalar(2.0), tensor(2.0), tensor(2.0, -3.0)  # the ways in which it is called
        return isinstance(made.value, Opaque) and not all(
            probe.look(Call((point,), target=made.kept)).raised for point in points
        )
    return value_is_right(exercise, case, look(probe, case))


def is_right(exercise: Exercise, value: object) -> bool:
    """Does it earn anything? What shows nothing that can be judged does not."""
    try:
        return passes_the_first_case(exercise, value) and bool(
            judge(exercise, Probe.of(value, "", exercise.name), Draw()).share
        )
    except ProbeError:
        return False


CONTROL = [("soft_abs", "soft_abs"), ("soft_threshold", "soft_threshold"), ("ista", "ista"), ("minimise", "minimise")]


@pytest.mark.parametrize(("exercise", "function"), CONTROL)
def test_the_same_function_would_be_right_if_nobody_noted_what_is_borrowed(exercise, function):
    """Otherwise the test above would say nothing."""
    value = next(value for path, value in callables().items() if path.endswith(f".{function}"))
    assert judge(find_exercise(exercise), Probe.of(value), Draw()).right
    verdict = judge(find_exercise(exercise), Probe.of(value, "", exercise), Draw())
    assert verdict.misconception == "not-your-own" and f"`{function}`" in verdict.message


EXPRESSIONS = {
    "soft_sign": "lambda x, lam: x / soft.soft_abs(x, lam)",
    "noisy_sign_jacobian": "lambda x, a, lam: torch.autograd.functional.jacobian(lambda X: X + a * soft.soft_sign(X, lam), x)",
    "soft_threshold_slope": "lambda y, T: torch.func.grad(lambda p: prox.soft_threshold(p, T).sum())(y.detach())",
    "unrolled_slope": "lambda D, b, lam, n: torch.func.jacfwd(lambda s: ista.ista(D, b, s, n))(torch.as_tensor(lam, dtype=D.dtype))",
    "layer_inner_products": "lambda W, x, b=None: [homogeneous.network(W, x)] * len(W)",
    "argmin_layer": "lambda f, x0: implicit.implicit_argmin(f, x0)",
    "implicit_vjp": "lambda f, x, t, v: implicit.argmin_vjp(f, x, t, v)",
    "root_vjp": "lambda F, z, t, v: fixed_points.fixed_point_vjp(lambda z, t: z + F(z, t), z, t, v)",
    "fixed_point": "lambda phi, z0, t, tol=1e-10: equilibrium.settle(lambda z: phi(z, t.detach()), z0, tol / 10).detach()",
    "equilibrium_layer": "lambda phi, z0: lambda t: equilibrium.settle(lambda z: phi(z, t), z0, 1e-10)",
    "neumann_vjp": "lambda phi, z, t, v, k: fixed_points.neumann_vjp(phi, z, t, v, k)",
    "simplex_jacobian": "lambda y: torch.func.jacrev(simplex.project_onto_simplex)(y.detach())",
    "envelope_gradient": "lambda f, x, t: envelope.envelope_gradient(f, x, t)",
    "gradient": "lambda f, x: envelope.envelope_gradient(lambda _, t: f(t), x, x)",
    "implicit_jacobian": "lambda f, x, t: torch.stack([roots.root_vjp(torch.func.grad(f), x, t, e) for e in torch.eye(len(x), dtype=x.dtype)])",
    "gradients": "lambda m, x, A: module_gradients.reported_gradients(m, x, A)",
    "tune_lam": "lambda *a: __import__('functools').reduce(lambda l, _: l * torch.exp(-a[6] * l * lasso.lasso_vjp(a[0], a[1], l, (x := lasso.lasso_solution(a[0], a[1], l)), a[2].T @ (a[2] @ x - a[3])).lam), range(a[5]), torch.as_tensor(a[4]))",
}  # fmt: skip


ENGINES = [
    ("gradient", "lambda f, x: roots.root_vjp(lambda z, t: z - f(t).reshape(1), f(x).detach().reshape(1), x, x.new_ones(1))"),
    ("gradient", "lambda f, x: fixed_points.neumann_vjp(lambda z, t: f(t).reshape(1) + 0 * z, x.new_zeros(1), x, x.new_ones(1), 1)"),
    ("gradient", "lambda f, x: stationarity.Linearisation(lambda p, t: f(p.reshape(x.shape)), x.reshape(-1), x).gradient.reshape(x.shape)"),
    ("chain_vjp", "lambda Js, v: fixed_points.neumann_vjp(lambda z, t: chained(Js, t) + 0 * z, 0 * v, v.new_zeros(Js[0].shape[1] if Js else len(v)), v, 1)"),
    ("chain_vjp", "lambda Js, v: roots.root_vjp(lambda z, t: z - chained(Js, t), 0 * v, v.new_zeros(Js[0].shape[1] if Js else len(v)), v)"),
    ("noisy_sign_jacobian", "lambda x, a, lam: finite_differences.central_jacobian(lambda t: t + a * t / torch.sqrt(t * t + lam), x).to(x.dtype)"),
    ("impostor", "lambda c: lambda x: c * (x - prox.soft_threshold(x, 0.0))"),
    ("impostor", "lambda c: lambda x: c * (x - prox.SOFT_THRESHOLD_SPELLINGS['sign(y)*clamp(abs(y)-T, min=0)'](x, 0.0))"),
    ("envelope_gradient", "lambda f, x, t: roots.root_vjp(lambda z, s: z - f(x, s).reshape(1), f(x, t).detach().reshape(1), t, t.new_ones(1))"),
]  # fmt: skip
"""What differentiates any function, pointed at an exercise that it was not made for."""


def chained(jacobians, start):
    return functools.reduce(lambda moved, J: J @ moved, jacobians, start)


@pytest.mark.parametrize(("name", "source"), [*EXPRESSIONS.items(), *ENGINES])
def test_expression_over_what_a_lesson_imports_earns_nothing(name, source):
    import torch

    maths = {
        each.name: importlib.import_module(f"gradlab.maths.{each.name}")
        for each in pkgutil.iter_modules(importlib.import_module("gradlab.maths").__path__)
    }
    answer = eval(source, {"torch": torch, "chained": chained, **maths})
    for draw in (Draw(), Draw(1)):
        assert not judge(find_exercise(name), Probe.of(answer, source, name), draw).share


def test_half_of_an_answer_that_is_borrowed_earns_nothing_and_is_told_so():
    spelling = prox.SOFT_THRESHOLD_SPELLINGS[
        "relu(y-T)-relu(-y-T)"
    ]  # it has no ValueError, the other half of the points
    verdict = judge(find_exercise("soft_threshold"), Probe.of(spelling, "", "soft_threshold"), Draw())
    assert verdict.share == 0 and "ValueError" in verdict.message and "gradlab's own" in verdict.message


WAYS_TO_THE_JUDGES = [
    "from gradlab.lessons.lasso_path.exercises import _iteration as used",
    "from gradlab.lessons.lasso_path import active_sets, exercises as used",
    "import gradlab.exercises.registry as used",
    "def used(y, T):\n    from gradlab.exercises import find_exercise\n    return find_exercise('soft_threshold')",
    "from gradlab import check, exercises as used",
    "import importlib\nused = importlib.import_module('gradlab.lessons.lasso_path.exercises.unrolled_slope')",
]
ELSEWHERE = [
    "from gradlab.maths.prox import soft_threshold as used",
    "from gradlab.lessons.lasso_path import explorers as used",
    "# from gradlab.exercises import nothing\nused = 1",
    "used = 'from gradlab.exercises'",
    "from gradlab import check as used  # exercises",
    "from gradlab.exercises import find_exercise\nused = 1",  # what the answer does not refer to
]


@pytest.mark.parametrize("before, told", [*((w, True) for w in WAYS_TO_THE_JUDGES), *((e, False) for e in ELSEWHERE)])
def test_an_answer_that_imports_what_judges_is_told_so_by_check_and_exam(before, told):
    exercise = find_exercise("soft_threshold")
    for draw in (Draw(), Draw(7)):
        probe = Probe.of(exercise.right_answer, f"{before}\ndef soft_threshold(y, T):\n    return used\n")
        assert (judge_learners(exercise, probe, draw).misconception == "not-your-own") == told
