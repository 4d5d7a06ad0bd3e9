"""Slips in the exercises of lesson 4 that differentiate a minimum, and the passages of the lesson that help."""

from collections.abc import Callable
from dataclasses import replace

from gradlab.exercises import Case, Draw, Exercise, Raises, Verdict
from gradlab.exercises.compare import agrees, tensors_agree
from gradlab.exercises.judge import describe_case
from gradlab.exercises.slips import raises, shapes_differ
from gradlab.exercises.symptom import slip
from gradlab.probe import Answer, Probe

STEP = "“Stop when the step is small, not the gradient”"
NO_MINIMUM = "“Meet a function without a minimum”"
FLAT = "“Meet a minimum that is not one point”"
PUSH = "“Push against resistance”"


@slip("singular-unchecked", look=FLAT)
def SINGULAR_UNCHECKED(case: Case, answer: Answer) -> bool:
    """torch.linalg stumbled over a singular Hessian, or, where it "failed to converge", over nan. Ask torch.isfinite, and
    look at the eigenvalues before you solve: then you know that there is no strict minimum, and can say so."""
    return raises("_LinAlgError")(case, answer)


@slip("untracked", look=PUSH)
def UNTRACKED(case: Case, answer: Answer) -> bool:
    """Autograd was asked for a derivative and found no graph. Both x and theta need to require a gradient (make
    detached copies that do), and f_x itself can be differentiated only if it was made with create_graph=True."""
    return raises("RuntimeError", "does not require grad", "One of the differentiated Tensors")(case, answer)


@slip("graph-freed", look=PUSH)
def GRAPH_FREED(case: Case, answer: Answer) -> bool:
    """The graph of f_x was freed by the first derivative that you took of it. Ask for both in one call of
    autograd.grad, or keep it with retain_graph=True."""
    return raises("RuntimeError", "backward through the graph a second time")(case, answer)


@slip("finite-differences")
def FINITE_DIFFERENCES(case: Case, answer: Answer) -> bool:
    """This is close, but only to a few digits: a finite difference, a solve that stopped early, or something added to
    H. Autograd and one linear solve give them all."""
    value, expected = answer.value, case.expected
    if isinstance(expected, Raises) or value.dtype != expected.dtype or agrees(value, expected, case.rtol, case.atol):
        return False
    return tensors_agree(value, expected, 0.0, 3e-2 * float(expected.abs().max()))


@slip("theta-not-laid-out", repeated=True)
def THETA_NOT_LAID_OUT(case: Case, answer: Answer) -> bool:
    """f_xθ has the shape (d, *theta.shape). Where theta has several axes, @, .T and torch.linalg.solve take other axes of
    it than you mean. Lay theta flat, so that f_xθ is a matrix of d rows; or, where d·|θ| numbers are forbidden, let
    torch.autograd.grad(fx, theta, u) give uᵀf_xθ, shaped like theta."""
    return case.call.arguments[2].dim() > 1 and shapes_differ(case, answer)


DERIVATIVE_SLIPS = (SINGULAR_UNCHECKED, UNTRACKED, GRAPH_FREED, THETA_NOT_LAID_OUT, FINITE_DIFFERENCES)


def no_search(exercise: Exercise, network: Callable[[Draw], Case]) -> None:
    """Adds an inspection: is f, the tanh network of this case, called more often than a formula needs?

    Differences of minimisers need two searches for each entry of theta, and each search at least three calls of f.
    """

    @exercise.inspection
    def nothing_is_minimised_again(probe: Probe, draw: Draw) -> Verdict | None:
        asked = network(draw)
        seen = probe.look(replace(asked.call, record=True))
        calls = sum(count for (name, _), count in seen.operations.items() if name == "aten.tanh")
        if calls <= 5 * asked.call.arguments[2].numel():
            return None
        return exercise.wrong(
            "finite-differences",
            f"f was called {calls} times: these are differences between minima, or slopes, elsewhere. The formula "
            "needs the derivatives of f at this x and theta alone, and nothing is minimised again.",
            called=describe_case(exercise, asked),
        )
