"""How an answer is looked at that is a module g = M⁻¹ f_T(M x): its value, all its gradients, its Parameter M."""

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Verdict, case
from gradlab.exercises.compare import tensors_agree
from gradlab.exercises.exercise import Group
from gradlab.exercises.judge import Seen, describe_case, explain
from gradlab.exercises.ladder import first_failure
from gradlab.exercises.reference import complete
from gradlab.exercises.slips import raises
from gradlab.exercises.symptom import slip
from gradlab.lessons.wasteful_module.exercises._points import Point, random_point
from gradlab.probe import Answer, Call, Probe


def module_case(point: Point, *rounds: int, rtol: float = 1e-9, atol: float = 1e-9, about: str = "") -> Case:
    """The module of T, M (and n), called at x and A; the gradient is that of the outputs, weighted unequally."""
    x, A = (t.detach().clone().requires_grad_(True) for t in (point.x, point.A))
    weights = torch.linspace(1, 2, len(x), dtype=x.dtype)
    return case(x, A, construct=(point.T, point.M, *rounds), cotangent=weights, rtol=rtol, atol=atol, about=about)


def special_cases(draw: Draw, *rounds: int) -> Iterator[Case]:
    """T as a tensor without axes; float32, where digits are lost, more or fewer by the way the answer is written."""
    point = random_point(draw, 4)
    yield module_case(replace(point, T=torch.tensor(point.T, dtype=torch.float64)), *rounds, about="T is a tensor")
    yield module_case(random_point(draw, 5).single, *rounds, rtol=1e-2, atol=1e-2, about="float32")


def construction(case: Case) -> Call:
    """The call that makes the module."""
    assert case.construct is not None
    return case.construct


def judge_seen(exercise: Exercise, case: Case, answer: Answer) -> Verdict | None:
    """What is wrong with an answer that was seen outside of a group of cases, if anything."""
    failure = first_failure(exercise, case, answer)
    return explain(exercise, [Seen(case, answer, failure)]) if failure else None


def look_closely(exercise: Exercise, probe: Probe, case: Case) -> tuple[Answer, Verdict | None]:
    """What a second call of a module shows, recorded, and what is wrong with its value or its ∇x and ∇M, if anything.

    ∇A and ∇M are the answer's gradients "1" and "M", however M is called there. Of both the symmetric part G + Gᵀ is
    kept: that is all that a function of symmetric matrices defines, the rest is the spelling's own.
    """
    made, M = probe.look(replace(construction(case), record=True)), construction(case).arguments[1]
    tensors = {name: p for name, p in made.parameters.items() if isinstance(p, Tensor) and p.dtype == M.dtype}
    name = next((name for name, parameter in tensors.items() if torch.equal(parameter, M)), None)
    if name is None:
        return made, exercise.wrong(
            "M-not-a-parameter",
            "What was constructed holds no Parameter with the numbers of M. Derive the class from nn.Module, and write "
            "self.M = nn.Parameter(M) in __init__: a tensor that is only an attribute, or a buffer, is not trained.",
            called=f"{describe_case(exercise, case).rpartition('(x=')[0]}.named_parameters()",
            returned=", ".join(made.parameters)[:200] or f"none (an object of type {made.type})",
        )
    x, A = case.call.arguments
    call = replace(case.call, target=made.kept or 0, gradients=("0", "1", name), record=True)
    probe.look(replace(call, arguments=((1.25 * x).detach().requires_grad_(True), A)))  # it must leave no trace
    answer = replace(probe.look(call), made=made)
    if answer.gradients:
        in_A, in_M = (answer.gradients.get(each) for each in ("1", name))
        answer = replace(answer, gradients=answer.gradients | {"1": symmetric(in_A), "M": symmetric(in_M)})
    whole = complete(exercise, Group(lambda draw: ()), replace(case, call=replace(case.call, gradients=("0", "M"))))
    expected = whole.gradients | {"M": symmetric(whole.gradients["M"])}
    return answer, judge_seen(exercise, replace(whole, gradients=expected, rtol=1e-7, atol=1e-6), answer)


def symmetric(G: Tensor | None) -> Tensor | None:
    """G + Gᵀ."""
    return G if G is None else G + G.T


def is_tiny(in_A: Tensor | None) -> bool:
    """∇A is None, zero, or round-off, which stays orders below this; a missing factor is orders above."""
    return in_A is None or bool(in_A.abs().max() <= 1e-5)


def is_first_term(case: Case, in_M: Tensor | None) -> bool:
    """This is the part of ∇M that comes by way of M⁻¹: −M⁻ᵀc gᵀ with the weights c, and its transpose."""
    w = torch.linalg.solve(construction(case).arguments[1].T, case.call.cotangent)
    return in_M is not None and tensors_agree(
        in_M, -torch.outer(w, case.expected) - torch.outer(case.expected, w), 1e-7
    )


def is_close(case: Case, answer: Answer) -> bool:
    """The value is right to four digits or more."""
    return isinstance(answer.value, Tensor) and tensors_agree(answer.value, case.expected, 1e-4, 1e-4)


@slip("other-signature")
def OTHER_SIGNATURE(case: Case, answer: Answer) -> bool:
    """The module could not be called as the task says: __init__(self, T, M, n=10000), for the efficient one
    __init__(self, T, M), and forward(self, x, A)."""
    return raises("TypeError", "argument")(case, answer)


@slip("no-forward")
def NO_FORWARD(case: Case, answer: Answer) -> bool:
    """The module has no forward(self, x, A): is it misspelled, or indented into another function?"""
    return raises("NotImplementedError", 'missing the required "forward"')(case, answer)


@slip("M-frozen")
def M_FROZEN(case: Case, answer: Answer) -> bool:
    """M is a Parameter, but one that wants no gradient, so it is never trained: leave out requires_grad=False."""
    return "does not require grad" in answer.gradient_error


@slip("graph-cut", look="“Convict the published answer”")
def GRAPH_CUT(case: Case, answer: Answer) -> bool:
    """No gradient flows from g back to x: the graph was cut between M x and g. A new tensor made from numbers
    (torch.tensor, FloatTensor, a list, NumPy) and detach, .data, .item() do that, and nothing complains. For
    φ = ‖x − g‖² such a module reports ∇x = 2(x − g), which looks like a gradient and is not one: this is the mistake of
    the published solution."""
    return is_close(case, answer) and "0" in answer.gradients and answer.gradients["0"] is None


@slip("powers-apart")
def POWERS_APART(case: Case, answer: Answer) -> bool:
    """The numbers explode. Either what should undo A is not A⁻¹, or A is applied n times and only then A⁻¹ n times: the
    same on paper, but Aⁿ amplifies every rounding error by the condition number in each round. Undo each product at
    once."""
    several = construction(case).arguments[2:] >= (2,)
    return several and not float(answer.value.norm()) <= 1e6 * max(1.0, float(case.expected.norm()))


@slip("float32", look="“Convict the published answer”")
def FLOAT32(case: Case, answer: Answer) -> bool:
    """The value is right to seven digits only: somewhere the numbers pass through float32 (FloatTensor, .float(), or a
    new tensor without dtype). Keep the dtype of the input."""
    return is_close(case, answer) and not tensors_agree(answer.value, case.expected, case.rtol, case.atol)


@slip("M-cut")
def M_CUT(case: Case, answer: Answer) -> bool:
    """The value is right, but no gradient reaches the Parameter M: use self.M itself in forward, not M or
    self.M.data."""
    return "M" in answer.gradients and answer.gradients["M"] is None


@slip("M-first-term-only")
def FIRST_TERM_ONLY(case: Case, answer: Answer) -> bool:
    """The gradient with respect to M is only half there: M stands in g twice, as M and as M⁻¹, and only M⁻¹ is reached
    by the graph. A row may be right by luck, where its entry of M x is in the dead zone; look at the others."""
    return is_first_term(case, answer.gradients.get("M"))


@slip("M-second-term-only")
def SECOND_TERM_ONLY(case: Case, answer: Answer) -> bool:
    """The gradient with respect to M is only half there: M stands in g twice, as M and as M⁻¹, and M⁻¹ was made without
    a graph."""
    found = answer.gradients.get("M")
    return found is not None and is_first_term(case, case.gradients["M"] - found)


TERMS = (M_CUT, FIRST_TERM_ONLY, SECOND_TERM_ONLY)
MODULE_SLIPS = (OTHER_SIGNATURE, NO_FORWARD, M_FROZEN, GRAPH_CUT, POWERS_APART, FLOAT32, *TERMS)
"""Slips of those who write a module."""
