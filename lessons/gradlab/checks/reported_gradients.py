"""Lesson 2: all gradients that a module reports, those of a cut one included."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from gradlab.exercises.compare import agrees
from gradlab.checks.exercise import Case, Exercise, Misconception
from gradlab.checks.judge import judge
from gradlab.checks.misconceptions import plain_arguments, raises, returns
from gradlab.checks.thresholded_modules import source_data
from gradlab.exercises.verdict import Verdict
from gradlab.lessons.wasteful_module.functions import Efficient
from gradlab.maths.module_gradients import Distance, reported_gradients, squared_distance
from gradlab.probe import Answer, Call, Named, Probe
from gradlab.probe.perform import build_named

MODULE_AND_POINT = ("module", "x", "A")


def _of(distance: Distance) -> Callable[[Case, Answer], bool]:
    return returns(lambda module, x, A: reported_gradients(module, x, A, distance))


def _some_entry_is_none(case: Case, answer: Answer) -> bool:
    return isinstance(answer.value, (list, tuple)) and any(entry is None for entry in answer.value)


def _only_x(case: Case, answer: Answer) -> bool:
    value = answer.value[0] if isinstance(answer.value, (list, tuple)) and len(answer.value) == 1 else answer.value
    return isinstance(value, Tensor) and agrees(value, case.expected[0], 1e-4, 1e-4)


def _accumulated(case: Case, answer: Answer) -> bool:
    module, x, A = case.call.arguments
    old = [x.grad, A.grad, module.arguments["M"].grad]
    if all(grad is None for grad in old):
        return False
    if not isinstance(answer.value, (list, tuple)) or len(answer.value) != 3:
        return False
    fresh = [agrees(value, new, 1e-6, 1e-6) for value, new in zip(answer.value, case.expected)]
    added = [
        grad is not None and agrees(value, new + grad, 1e-6, 1e-6)
        for value, new, grad in zip(answer.value, case.expected, old)
    ]
    return any(added) and all(either for either in map(max, fresh, added))


def _permuted(case: Case, answer: Answer) -> bool:
    x, A, M = case.expected
    others = ((x, M, A), (A, x, M), (M, x, A), (A, M, x), (M, A, x))
    return not agrees(answer.value, case.expected, 1e-5, 1e-5) and any(agrees(answer.value, other, 1e-6, 1e-6) for other in others)


def _measured(case: Case, answer: Answer) -> bool:
    """Finite differences of this module, or of what a cut one should be."""
    module, x, A = plain_arguments(case)
    meant = reported_gradients(Efficient(module.T, module.M), x, A)
    value = answer.value
    if not isinstance(value, (list, tuple)) or len(value) != 3 or agrees(value, case.expected, 1e-7, 1e-7):
        return False
    return any(agrees(value, wanted, 1e-3, 1e-3) for wanted in (meant, case.expected))


def _cut_in_x(case: Case, answer: Answer) -> bool:
    module, x, A = plain_arguments(case)
    cut = 2 * (x - module(x, A).detach())
    return not agrees(case.expected[0], cut, 1e-6, 1e-6) and agrees(answer.value[0], cut, 1e-6, 1e-6)


def _zero_in_A(case: Case, answer: Answer) -> bool:
    x, A, M = case.expected
    needed = float(A.abs().max()) > 1e-3
    return needed and agrees(answer.value, (x, torch.zeros_like(A), M), 1e-6, 1e-6)


def _zero_in_M(case: Case, answer: Answer) -> bool:
    x, A, M = case.expected
    needed = float(M.abs().max()) > 1e-3
    return needed and agrees(answer.value, (x, A, torch.zeros_like(M)), 1e-6, 1e-6)


def _some_entry_is_a_number(case: Case, answer: Answer) -> bool:
    return isinstance(answer.value, (list, tuple)) and any(type(entry) in (int, float) for entry in answer.value)


def _in_M(change: Callable[[Tensor], Tensor]) -> Callable[[Case, Answer], bool]:
    def fits(case: Case, answer: Answer) -> bool:
        x, A, M = case.expected
        return agrees(answer.value, (x, A, change(M)), 1e-6, 1e-6)

    return fits


UNTRACKED = Misconception(
    "untracked-input",
    "x and A do not require a gradient here, so no graph was kept from them. Work on copies that do: "
    "x.detach().clone().requires_grad_(True).",
    raises("RuntimeError", "One of the differentiated Tensors does not require grad"),
    look="“Look at all three gradients”",
)
EMPTY_GRAPH = Misconception(
    "empty-graph",
    "The output of this module has no graph whatsoever, and nothing can be asked of it. Look at its `requires_grad` first.",
    raises("RuntimeError", "element 0 of tensors does not require grad"),
    look="“What None, zero and noise mean”",
)
UNUSED = Misconception(
    "unused-input",
    "autograd.grad stops when an input is not in the graph, and one that is cut off is not. Ask with allow_unused=True "
    "(then you get None), or with materialize_grads=True (then you get zeros).",
    raises("RuntimeError", "not have been used in the graph"),
    look="“What None, zero and noise mean”",
)
CHANGED_INPUT = Misconception(
    "changed-input",
    "What came back is right, but x or A is no longer what it was, its `requires_grad` included. Work on copies: "
    "x.detach().clone().requires_grad_(True).",
    lambda case, answer: bool(answer.changed) and answer.raised is None,
)

GRADIENTS = Exercise(
    name="gradients",
    arguments=MODULE_AND_POINT,
    misconceptions=(
        Misconception(
            "only-x",
            "This is the gradient in x alone. The published solution looked at that one too, and at no other. Return all "
            "three, in the order x, A, M.",
            _only_x,
        ),
        Misconception(
            "none-for-zero",
            "One of the three is None: no graph leads there. The task asks for zeros then, shaped like the tensor.",
            _some_entry_is_none,
            look="“What None, zero and noise mean”",
        ),
        Misconception(
            "accumulated",
            "This is the gradient plus what was in .grad before: backward adds to .grad. torch.autograd.grad does not touch it.",
            _accumulated,
        ),
        Misconception("other-order", "All three are there, in another order: the task asks for x, A, M.", _permuted),
        Misconception(
            "output-detached",
            "This is 2(x − g) and two zeros: the graph was cut between the module and φ. Do not detach module(x, A), nor "
            "run it under no_grad.",
            _of(lambda x, g: squared_distance(x, g.detach())),
        ),
        Misconception(
            "cut-formula",
            "∇x is 2(x − g), as in the published solution: the graph was cut between the module and φ. Ask autograd, which also "
            "follows the way from x through g.",
            _cut_in_x,
            look="“Convict the published answer”",
        ),
        Misconception(
            "A-detached",
            "∇A is 0 here and must not be: this module depends on A. Give A a graph too, and differentiate with respect to it.",
            _zero_in_A,
        ),
        Misconception(
            "M-not-reached",
            "∇M is 0 here and must not be: differentiate with respect to module.M itself. A copy of it plays no part in "
            "module(x, A).",
            _zero_in_M,
        ),
        Misconception(
            "number-for-zeros",
            "One of the three is a bare number. Where the graph does not reach, the task asks for zeros in the shape of the tensor: "
            "torch.zeros_like.",
            _some_entry_is_a_number,
        ),
        Misconception(
            "direct-term-lost",
            "x stands in φ = ‖x − g‖² twice: by itself, and inside g. Only the way through g was followed; 2(x − g) is missing.",
            _of(lambda x, g: squared_distance(x.detach(), g)),
        ),
        Misconception("half", "This is half of it: φ is ‖x − g‖², without a ½.", _of(lambda x, g: squared_distance(x, g) / 2)),
        Misconception(
            "mean-not-sum",
            "This is the gradient of the mean of the squares, as F.mse_loss takes it. φ is their sum.",
            _of(lambda x, g: F.mse_loss(g, x)),
        ),
        Misconception(
            "norm-not-squared",
            "This is the gradient of ‖x − g‖. φ is its square.",
            _of(lambda x, g: squared_distance(x, g).sqrt()),
        ),
        Misconception("sign", "This is minus the gradient of φ.", _of(lambda x, g: -squared_distance(x, g))),
        Misconception(
            "sum-of-outputs",
            "This is the gradient of the sum of the entries of g. φ is ‖x − g‖².",
            _of(lambda x, g: g.sum() + 0 * x.sum()),
        ),
        Misconception(
            "M-symmetrised",
            "∇M was made symmetric. A symmetric M does not have a symmetric gradient: return it as autograd reports it.",
            lambda case, answer: any(
                _in_M(change)(case, answer) for change in (lambda G: (G + G.T) / 2, lambda G: G + G.T)
            ),
        ),
        Misconception(
            "M-transposed", "∇M is transposed: entry (i, j) belongs to M[i, j].", _in_M(lambda G: G.T),
        ),
        Misconception(
            "part-of-M",
            "This is one row of ∇M. Return all of it: in row 0 even the published solution is right.",
            _in_M(lambda G: G[0]),
        ),
        Misconception(
            "measured",
            "These are finite differences: what the gradients are, or for a cut module should be. Asked is what autograd "
            "*reports*, to all digits, also where it is wrong.",
            _measured,
        ),
        UNTRACKED,
        UNUSED,
        EMPTY_GRAPH,
        CHANGED_INPUT,
        Misconception(
            "left-grad",
            "The gradients are right, but a .grad was left behind: backward writes into every leaf, the Parameter M included. "
            "torch.autograd.grad writes nowhere.",
            lambda case, answer: bool(answer.left_grad),
        ),
    ),
    look="“Look at all three gradients”",
)  # fmt: skip


def gradients_case(module: Named, x: Tensor, A: Tensor, about: str = "") -> Case:
    """One call of `gradients(module, x, A)`; round-off in ∇A is not compared digit by digit."""
    expected = tuple(g.detach() for g in reported_gradients(build_named(module), x, A))
    scale = max(1.0, *(float(g.abs().max()) for g in expected))
    if x.dtype is torch.float32:
        return Case(Call((module, x, A)), expected, rtol=1e-3, atol=1e-3 * scale, about=about)
    return Case(Call((module, x, A)), expected, atol=1e-9 * scale, about=about)


def with_old_grad(tensor: Tensor) -> Tensor:
    """A copy that requires a gradient and holds one from earlier."""
    tensor = tensor.detach().clone().requires_grad_(True)
    tensor.grad = torch.ones_like(tensor)
    return tensor


def named(kind: str, M: Tensor, T: float = 3.14, **arguments: object) -> Named:
    """A module of `gradlab.lessons.wasteful_module.functions` by name."""
    return Named(f"wasteful_module.{kind}", T=T, M=M, **arguments)


def check_gradients(probe: Probe) -> Verdict:
    """Lesson 2, `gradients(module, x, A)`."""
    M, A, x = source_data()
    cases = [
        gradients_case(named("Efficient", M), x, A, "the efficient module; A is not used"),
        gradients_case(named("Efficient", with_old_grad(M)), with_old_grad(x), with_old_grad(A), ".grad holds something"),
        gradients_case(named("Wasteful", M, n=3), x, A, "the wasteful module, 3 rounds"),
        gradients_case(named("Published", M, n=1), x, A, "the published module: the graph is cut"),
        gradients_case(named("WithoutGrad", M), x, A, "a module without any graph"),
        gradients_case(named("UsesA", M), x, A, "g = M⁻¹ f_T(M A x): here ∇A is not zero"),
        gradients_case(named("Efficient", M.float()), x.float(), A.float(), "float32"),
    ]
    return judge(probe, GRADIENTS, cases)
