"""`is_projector(J, tol)`: is every entry of J² − J at most tol in absolute value?"""

from collections.abc import Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case, tensor
from gradlab.exercises.slips import raises
from gradlab.lessons.wasteful_module.exercises._points import first_point, random_point
from gradlab.lessons.wasteful_module.exercises._slips import NOT_ONE_ANSWER
from gradlab.probe import Answer

exercise = Exercise("is_projector(J, tol=1e-8)", look="“Test without numbers”", slips=(NOT_ONE_ANSWER,))


@exercise.reference
def is_undone(J: Tensor, tol: float = 1e-8) -> bool:
    """The largest entry of |J (J − I)|."""
    return float((J @ (J - torch.eye(len(J), dtype=J.dtype))).abs().max()) <= tol


def largest(J: Tensor) -> float:
    """The largest entry of |J² − J|."""
    return float((J @ J - J).abs().max())


@exercise.cases
def matrices(draw: Draw) -> Iterator[Case]:
    """Projectors (oblique, orthogonal, zero), what is none, and oblique ones on either side of the tolerance."""
    for point, active in ((first_point(draw), tensor(1, 0, 1, 1, 0)), (random_point(draw, 4), tensor(0, 1, 0, 1))):
        M, d, eye = point.M, len(point.M), torch.diag(0 * active + 1)
        J, direction = torch.linalg.solve(M, active[:, None] * M), draw.uniform(-1, 1, d, d)
        change = float((J @ direction + direction @ J - direction).abs().max())
        off = [(size, J + size * direction / change) for size in (3e-6, 3e-7, 2e-11, 2e-3, 2e-11)]
        yield case(J, about="an oblique projector")
        yield case(eye - J, about="its complement")
        yield case(0 * J, about="zero")
        yield case(torch.outer(M[0], M[0]) / (M[0] @ M[0]), about="an orthogonal projector")
        yield case(M, about="M itself")
        yield case(eye / 2, about="½ I")
        yield case(torch.diag(2 * eye[0]), about="diag(2, 0, …)")
        yield case(torch.diag(eye[0] + eye[1]) / 2, about="diag(½, ½, 0, …), trace 1")
        yield case(eye - 2 * torch.diag(eye[0]), about="a mirror: J² = I")
        yield case(eye + torch.diag(eye[0, :-1], 1), about="a shear: all eigenvalues are 1")
        yield case(J * (1 + 3e-6 / float(J.abs().max())), about="an oblique projector, stretched a little")
        for (size, near), tol in zip(off, ((), (), (), (0.1,), (1e-13,))):
            yield case(near, *tol, about=f"the largest entry of |J² − J| is {size}")
        corner = torch.zeros(45, 45, dtype=M.dtype)
        corner[-1, -1] = 0.5
        yield case(torch.block_diag(J, corner), 1e-2, about="one entry of J² − J is −0.25, the others are 0")


@exercise.symptom("tol-not-accepted")
def tol_not_accepted(case: Case, answer: Answer) -> bool:
    """is_projector takes a second argument: is_projector(J, tol=1e-8)."""
    return raises("TypeError", "argument")(case, answer)
