"""Lesson 2: is the graph of a module cut between x and its output?"""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from gradlab.exercises import verdict
from gradlab.exercises.compare import as_bool
from gradlab.exercises.describe import describe_answer, describe_call
from gradlab.checks.exercise import Case, Exercise, Misconception
from gradlab.checks.judge import judge
from gradlab.checks.misconceptions import both, plain_arguments, value_type
from gradlab.checks.reported_gradients import CHANGED_INPUT, EMPTY_GRAPH, MODULE_AND_POINT, UNTRACKED, UNUSED, named
from gradlab.checks.thresholded_modules import source_data
from gradlab.exercises.verdict import Verdict
from gradlab.probe import Call, Named, Probe

IS_GRAPH_CUT = Exercise(
    name="is_graph_cut",
    arguments=MODULE_AND_POINT,
    misconceptions=(
        UNTRACKED,
        UNUSED,
        EMPTY_GRAPH,
        Misconception(
            "none-subtracted",
            "The gradient in x is None here, and None is not a tensor that could be compared. Test for it first: a missing "
            "gradient is the clearest of cuts.",
            lambda case, answer: answer.raised is not None and "NoneType" in answer.raised.message,
        ),
        Misconception(
            "not-one-answer",
            "This is a tensor of many answers. A single True or False is asked for: .all() or .any() makes one of many.",
            lambda case, answer: isinstance(answer.value, Tensor) and answer.value.dim() > 0,
        ),
        Misconception("no-answer", "It returned None: is a `return` missing in one of the branches?", value_type("NoneType")),
        Misconception(
            "changed-input",
            CHANGED_INPUT.sentence,
            both(CHANGED_INPUT.fits, lambda case, answer: as_bool(answer.value) is case.expected),
        ),
    ),
    look="“Convict the published answer”",
)


OUTPUTS_EXCHANGED = "the gradients of the outputs are exchanged, their sum is right"
INPUTS_EXCHANGED = "the entries of the gradient are exchanged, their sum is right"
ONE_OUTPUT_CUT = "one entry of g is detached"
ONE_INPUT_CUT = "one entry of x is detached"
LOOKED_AT_A_PART = {
    OUTPUTS_EXCHANGED: (
        "outputs-summed",
        "The sum of the outputs is compared, and the gradients of two outputs may be exchanged without changing their sum. "
        "Weigh the outputs unequally, or compare the gradient of each.",
    ),
    INPUTS_EXCHANGED: (
        "gradient-summed",
        "One number made of the gradient is compared, its sum or its norm. The entries may be exchanged without changing it: "
        "compare them one by one.",
    ),
    ONE_OUTPUT_CUT: ("one-output", "Only one entry of the output is looked at, and another is cut. Differentiate them all."),
    ONE_INPUT_CUT: ("one-input", "Only one entry of the gradient is compared, and another is false. Compare them all."),
}
"""The false gradient that a detector overlooked → the label and sentence of why."""


@dataclass(frozen=True)
class Suspect(Case):
    """A module to be judged: how it is cut, if it is: "intact", "missing" (no gradient in x), "wrong" (a false one)."""

    kind: str = "intact"


def suspect(kind: str, module: Named, x: Tensor, A: Tensor, about: str) -> Suspect:
    """One call of `is_graph_cut(module, x, A)`."""
    return Suspect(Call((module, x, A)), kind != "intact", about=about, kind=kind)


def judge_graph_cut(probe: Probe, suspects: Iterable[Suspect]) -> Verdict:
    """Every suspect judged rightly; else what the wrong judgements have in common."""
    suspects = list(suspects)
    reached = judge(probe, IS_GRAPH_CUT, suspects)
    if reached.misconception != "wrong-value":
        return reached
    answers = [probe.look(each.call) for each in suspects]
    said = [as_bool(answer.value) for answer in answers]
    wrong = [(each, answer) for each, answer, value in zip(suspects, answers, said) if value is not each.expected]
    label, sentence, kind = _what_they_share(suspects, said)
    case, answer = next(((c, a) for c, a in wrong if kind in (c.kind, c.about, "")), (wrong or [(suspects[0], answers[0])])[0])
    return verdict.wrong(
        "is_graph_cut",
        label,
        sentence,
        called=f"{describe_call('is_graph_cut', MODULE_AND_POINT, case.call)}   ({case.about})",
        returned=describe_answer(answer),
        expected=str(case.expected),
        look=IS_GRAPH_CUT.look,
    )


def _what_they_share(suspects: list[Suspect], said: list[bool | None]) -> tuple[str, str, str]:
    """Label, sentence, and the kind of suspect that shows it best."""
    if all(value is True for value in said):
        return (
            "always-true",
            "It says True of every module, also of intact ones. If you compare with finite differences, allow for their "
            "error: with a step of 1e-6 some eight digits are good, not all sixteen.",
            "intact",
        )
    if all(value is False for value in said):
        return (
            "always-false",
            "It says False of every module, also of the published one. φ = ‖x − g‖² always has a gradient in x, at least "
            "2(x − g), and an output may require a gradient because of M alone: ask for the gradient of g in x, and "
            "compare it with finite differences.",
            "missing",
        )
    if all(value is not each.expected for each, value in zip(suspects, said)):
        return "inverted", "Right every time, with True and False exchanged: True means that the graph is cut.", ""
    if said == [_lacks(each, 1) for each in suspects]:
        return "looked-at-A", "This looks at the gradient in A, which an honest module may lack. Look at the one in x.", "intact"
    if said in ([_lacks(each, 2) for each in suspects], [_lacks(each) for each in suspects]):
        return (
            "looked-at-M",
            "This looks at whether the output requires a gradient, or at the gradient in M. M⁻¹ comes after the cut, so both "
            "are there in the published module. Look at the gradient in x.",
            "missing",
        )
    if any(value is not False for each, value in zip(suspects, said) if each.kind == "intact"):
        return (
            "intact-called-cut",
            "An intact module is called cut. Finite differences have errors of their own: with a step of 1e-6 some eight "
            "digits are good. And compare derivatives of the same thing.",
            "intact",
        )
    if any(value is not True for each, value in zip(suspects, said) if each.kind == "missing"):
        return "cut-not-found", "A module whose output has no gradient in x at all is called intact.", "missing"
    overlooked = {each.about for each, value in zip(suspects, said) if value is not True and each.kind == "wrong"}
    if overlooked <= set(LOOKED_AT_A_PART):
        about = next(each for each in LOOKED_AT_A_PART if each in overlooked)
        return *LOOKED_AT_A_PART[about], about
    return (
        "contradiction-not-found",
        "A gradient that is missing or zero is found; one that is there and false is not. Compare every entry of it with "
        "finite differences of the module.",
        "wrong",
    )


def _lacks(each: Suspect, position: int | None = None) -> bool:
    """True where the output has no graph, or none that leads to x, A or M, whichever stands at this position."""
    module, x, A = plain_arguments(each)
    x, A = x.requires_grad_(True), A.requires_grad_(True)
    g = module(x, A)
    if position is None or not g.requires_grad:
        return not g.requires_grad
    return torch.autograd.grad(g.sum(), (x, A, module.M)[position], allow_unused=True)[0] is None


def suspects_at(M: Tensor, A: Tensor, x: Tensor, T: float, entry: int) -> list[Suspect]:
    """Five intact modules, five without a gradient in x, eight with a false one; `entry` of M x is outside [−T, T]."""
    J = torch.linalg.solve(M, (M @ x.detach()).abs().gt(T).to(M.dtype)[:, None] * M)
    row, column = (1 + int(J.norm(dim=axis)[1:].argmax()) for axis in (1, 0))  # not the first, and one that counts
    kinds = {
        "intact": [
            ("the efficient module", named("Efficient", M, T)),
            ("the wasteful module, 3 rounds", named("Wasteful", M, T, n=3)),
            ("with Cholesky factors", named("ByCholesky", M, T)),
            ("g = M⁻¹ f_T(M A x)", named("UsesA", M, T)),
            ("g = M⁻¹ tanh(M x/20)", named("Smooth", M, 20.0)),
        ],
        "missing": [
            ("the published module", named("Published", M, T, n=1)),
            ("detached", named("Detached", M, T)),
            ("through NumPy", named("ThroughNumpy", M, T)),
            ("through .data", named("ThroughData", M, T)),
            ("under no_grad", named("WithoutGrad", M, T)),
        ],
        "wrong": [
            ("x + (g − x).detach()", named("StraightThrough", M, T)),
            ("half of x is detached", named("HalfCut", M, T)),
            ("one entry of M x is detached", named("OneEntryCut", M, T, entry=entry)),
            ("a hook multiplies the gradient by zero", named("Silenced", M, T)),
            (OUTPUTS_EXCHANGED, named("OutputsExchanged", M, T)),
            (INPUTS_EXCHANGED, named("InputsExchanged", M, T)),
            (ONE_OUTPUT_CUT, named("OneOutputCut", M, T, entry=row)),
            (ONE_INPUT_CUT, named("OneInputCut", M, T, entry=column)),
        ],
    }
    return [suspect(kind, module, x, A, about) for kind, modules in kinds.items() for about, module in modules]


def check_is_graph_cut(probe: Probe) -> Verdict:
    """Lesson 2, `is_graph_cut(module, x, A)`."""
    M, A, x = source_data()
    return judge_graph_cut(probe, suspects_at(M, A, x, 3.14, entry=1))
