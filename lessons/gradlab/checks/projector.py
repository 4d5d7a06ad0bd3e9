"""Lesson 2: is a matrix a projector? Judged by what is said of many matrices, true and false ones."""

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from gradlab.exercises.compare import as_bool
from gradlab.checks.exercise import Case, Exercise, Misconception
from gradlab.checks.judge import judge
from gradlab.checks.misconceptions import raises
from gradlab.checks.thresholded_modules import source_data
from gradlab.exercises.verdict import Verdict
from gradlab.probe import Call, Probe

IS_PROJECTOR = Exercise(
    name="is_projector",
    arguments=("J", "tol"),
    misconceptions=(
        Misconception(
            "not-one-answer",
            "This is a tensor of many answers. A single True or False is asked for: .all() or .max() makes one of many.",
            lambda case, answer: isinstance(answer.value, Tensor) and answer.value.dim() > 0,
        ),
        Misconception(
            "tol-not-accepted",
            "is_projector takes a second argument: is_projector(J, tol=1e-8).",
            raises("TypeError", "argument"),
        ),
    ),
    look="“Test without numbers”",
)

Test = Callable[[Tensor, float], bool]


def _largest(J: Tensor) -> float:
    return float((J @ J - J).abs().max())


def _fixed(tol: float) -> Test:
    return lambda J, _: _largest(J) <= tol


def _default(other: float) -> Test:
    """With another default; 1e-8 is given in no case, so it stands for none given."""
    return lambda J, tol: _largest(J) <= (other if tol == 1e-8 else tol)


OTHER_TESTS: tuple[tuple[str, str, tuple[Test, ...]], ...] = (
    ("always-true", "It says True of every matrix.", (lambda J, tol: True,)),
    ("always-false", "It says False of every matrix.", (lambda J, tol: False,)),
    ("inverted", "Right every time, with True and False exchanged.", (lambda J, tol: _largest(J) > tol,)),
    (
        "elementwise",
        "J * J squares every entry. The matrix applied twice is J @ J.",
        (lambda J, tol: (J * J - J).abs().max() <= tol,),
    ),
    (
        "symmetry-demanded",
        "A projector need not be symmetric: J² = J is all. This one is oblique, as M⁻¹DM is.",
        (lambda J, tol: _largest(J) <= tol and (J - J.T).abs().max() <= max(tol, 1e-6),),
    ),
    (
        "sign-not-removed",
        "The entries of J² − J are compared with their sign, so a large negative one passes. Take absolute values.",
        (lambda J, tol: (J @ J - J).max() <= tol, lambda J, tol: (J - J @ J).max() <= tol),
    ),
    (
        "allclose-rtol",
        "torch.allclose also allows a relative error of 1e-5 unless told otherwise, which lets this matrix pass. Give it "
        "rtol=0, or compare the largest entry of |J² − J| yourself.",
        (
            lambda J, tol: torch.allclose(J @ J, J, atol=tol),
            lambda J, tol: torch.allclose(J @ J, J, rtol=tol, atol=tol),
            lambda J, tol: torch.allclose(J @ J, J, rtol=tol),
        ),
    ),
    (
        "tol-ignored",
        "The tolerance is not the one that was asked for: use the argument `tol`, which is 1e-8 by default.",
        (
            *(_fixed(tol) for tol in (1e-8, 1e-6, 1e-10, 1e-12, 1e-9, 0.0)),
            *(_default(tol) for tol in (1e-6, 1e-5, 1e-4, 1e-3)),
            lambda J, tol: torch.allclose(J @ J, J),
            lambda J, tol: torch.equal(J @ J, J),
        ),
    ),
    (
        "mean-entry",
        "An average over all entries hides a single bad one. The largest entry of |J² − J| decides.",
        (lambda J, tol: (J @ J - J).abs().mean() <= tol, lambda J, tol: ((J @ J - J) ** 2).mean() <= tol),
    ),
    (
        "trace-or-eigenvalues",
        "A whole-numbered trace, or eigenvalues that are 0 and 1, do not make a projector: this J² differs from J.",
        (
            lambda J, tol: abs(float(J.trace()) - round(float(J.trace()))) <= tol,
            lambda J, tol: _near_0_or_1(torch.linalg.eigvals(J), tol),
        ),
    ),
    (
        "identity-expected",
        "J² − I is not what is asked: a projector applied twice gives the projector, J² = J.",
        (lambda J, tol: (J @ J - torch.eye(len(J), dtype=J.dtype)).abs().max() <= tol,),
    ),
)


def _near_0_or_1(values: Tensor, tol: float) -> bool:
    return bool(torch.minimum(values.abs(), (values - 1).abs()).max() <= max(tol, 1e-6))


def oblique(M: Tensor, active: list[int]) -> Tensor:
    """M⁻¹ D M with D = diag(active): a projector, and not symmetric."""
    return torch.linalg.solve(M, torch.diag(torch.tensor(active, dtype=M.dtype)) @ M)


def projector_cases(M: Tensor, active: list[int], direction: Tensor) -> list[Case]:
    """True ones (oblique, zero, identity), false ones, and oblique ones a factor 100 from the tolerance, on both sides.

    `direction` has the shape of M and a largest entry of 1.
    """
    J, d = oblique(M, active), len(M)
    eye = torch.eye(d, dtype=M.dtype)
    shear = torch.diag(torch.ones(d - 1, dtype=M.dtype), 1)

    def off(size: float) -> Tensor:
        change = J @ direction + direction @ J - direction
        return J + size * direction / float(change.abs().max())

    return [
        _case(J, True, "an oblique projector"),
        _case(eye - J, True, "its complement"),
        _case(torch.zeros_like(M), True, "zero"),
        _case(torch.outer(direction[0], direction[0]) / (direction[0] @ direction[0]), True, "an orthogonal projector"),
        _case(M, False, "M itself"),
        _case(eye / 2, False, "½ I"),
        _case(torch.diag(torch.tensor([2.0] + [0.0] * (d - 1), dtype=M.dtype)), False, "diag(2, 0, …)"),
        _case(eye - 2 * torch.diag(eye[0]), False, "a mirror: J² = I"),
        _case(eye + shear, False, "a shear, eigenvalues all 1"),
        _case(J * (1 + 1e-6 / float(J.abs().max())), False, "|J² − J| is 100 times the tolerance"),
        _case(off(1e-6), False, "|J² − J| is 100 times the tolerance"),
        _case(off(9e-7), False, "|J² − J| is 90 times the tolerance"),
        _case(torch.diag(torch.tensor([0.5, 0.5] + [0.0] * (d - 2), dtype=M.dtype)), False, "diag(½, ½, 0, …), trace 1"),
        _case(off(1e-10), True, "|J² − J| is a hundredth of the tolerance"),
        _case(off(1e-3), True, "|J² − J| is 1e-3, tol 1e-1", 1e-1),
        _case(off(1e-10), False, "|J² − J| is 1e-10, tol 1e-12", 1e-12),
        _case(torch.block_diag(J, torch.zeros(45, 45, dtype=M.dtype)) + 0.5 * _corner(d + 45, M.dtype), False, "one entry 0.5", 1e-2),
    ]


def _corner(size: int, dtype: torch.dtype) -> Tensor:
    corner = torch.zeros(size, size, dtype=dtype)
    corner[-1, -1] = 1.0
    return corner


def _case(J: Tensor, expected: bool, about: str, tol: float | None = None) -> Case:
    return Case(Call((J,) if tol is None else (J, tol)), expected, about=about)


def judge_projector(probe: Probe, cases: list[Case]) -> Verdict:
    """Every matrix judged rightly; else the known test that gives the same answers to all of them."""
    reached = judge(probe, IS_PROJECTOR, cases)
    if reached.misconception != "wrong-value":
        return reached
    said = [as_bool(probe.look(case.call).value) for case in cases]
    for label, sentence, tests in OTHER_TESTS:
        if any(said == [bool(test(*(*case.call.arguments, 1e-8)[:2])) for case in cases] for test in tests):
            return replace(reached, misconception=label, message=sentence)
    return reached


def check_is_projector(probe: Probe) -> Verdict:
    """Lesson 2, `is_projector(J, tol)`."""
    M, A, _ = source_data()
    return judge_projector(probe, projector_cases(M, [0, 1, 1, 1, 1], A / A.abs().max()))
