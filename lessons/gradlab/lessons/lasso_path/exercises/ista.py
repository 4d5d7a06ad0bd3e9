"""`ista(D, b, lam, steps)`: proximal gradient steps for the Lasso from 0, open to autograd."""

from collections.abc import Callable, Iterator

from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case, tensor
from gradlab.exercises.draw import scalar
from gradlab.exercises.slips import CHANGED_INPUT, shapes_differ
from gradlab.lessons.lasso_path.exercises._iteration import MIXED_DTYPES, Part, iterations, problem, step_length
from gradlab.maths import ista as ready
from gradlab.maths.prox import soft_threshold
from gradlab.probe import Answer

exercise = Exercise(
    "ista(D, b, lam, steps)", graph="b lam", look="“Walk to the solution”", slips=(MIXED_DTYPES, CHANGED_INPUT)
)
iterate = exercise.reference(ready.ista)


@exercise.precise_cases(rtol=1e-10, atol=1e-11)
def cases(draw: Draw) -> Iterator[Case]:
    """Few and many steps, each with and without gradients with respect to b and λ."""
    if draw.fixed:
        yield case(tensor([2, 0], [0, 1]), tensor(3, -1), 0.5, 1, about="here t = 1/4")
    for D, b, lam, steps in iterations(draw):
        yield case(D, b, lam, steps)
        tracked, weight = (b.clone().requires_grad_(True), scalar(lam, tracked=True)), draw.normal(D.shape[1])
        yield case(D, *tracked, steps, cotangent=weight, about="with the gradients with respect to b and lam")
    D, b, lam = problem(draw, 5, 3, 4)
    yield case(D.float(), b.float(), lam, 4, rtol=1e-3, atol=1e-4, about="float32")


def steps_of(
    step: Callable[[Tensor], Tensor], gradient: float = 1.0, prox: Callable[..., Tensor] = soft_threshold
) -> Callable[..., Tensor]:
    """The iteration with another step length, gradient or threshold: x ← prox(x − step·gradient·Dᵀ(Dx − b), step·λ)."""

    return steps_by(lambda D, residual: gradient * (D.mT @ residual), step, prox)


def steps_by(
    gradient: Part, step: Callable[[Tensor], Tensor] = step_length, prox: Callable[..., Tensor] = soft_threshold
) -> Callable[..., Tensor]:
    """The iteration with another function of D and Dx − b in the place of the gradient."""

    def ista(D: Tensor, b: Tensor, lam: float | Tensor, steps: int) -> Tensor:
        t, x = step(D), D.new_zeros(D.shape[1])
        for _ in range(steps):
            x = prox(x - t * gradient(D, D @ x - b), t * lam)
        return x

    return ista


@exercise.symptom("transpose-forgotten")
def transpose_forgotten(case: Case, answer: Answer) -> bool:
    """Dᵀ is missing, or something has the wrong length: the gradient of ½‖Dx − b‖² is Dᵀ(Dx − b), D.T @ (D @ x − b). Dx
    and b have an entry for every row of D; x, which starts as zeros, and its gradient have one for every column."""
    return shapes_differ(case, answer)
