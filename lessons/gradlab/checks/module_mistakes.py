"""Lesson 2: what the two modules must return, and the known ways to get them wrong."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from gradlab.exercises.compare import tensors_agree
from gradlab.exercises.describe import describe
from gradlab.checks.exercise import Case, Misconception
from gradlab.checks.misconceptions import either, raises
from gradlab.probe import Answer, Call
from gradlab.maths.prox import soft_threshold


@dataclass(frozen=True)
class Setting:
    """A module to build and where to call it: M and A symmetric positive definite (d, d), x (d,), n None for the default."""

    T: float | Tensor
    M: Tensor
    A: Tensor
    x: Tensor
    n: int | None = None

    @property
    def text(self) -> str:
        return f"T={describe(self.T)}" + ("" if self.n is None else f", n={self.n}")


@dataclass(frozen=True)
class ModuleCase(Case):
    """A call of a constructed module, with what it was constructed from."""

    setting: Setting | None = None


def truth(setting: Setting) -> tuple[Tensor, Tensor, Tensor]:
    """g = M⁻¹ f_T(M x), and for φ = ‖x − g‖² what flows through g: into x, and into M; all float64."""
    M, x, T = setting.M.double(), setting.x.detach().double(), float(setting.T)
    y = M @ x
    g = torch.linalg.solve(M, soft_threshold(y, T))
    w = torch.linalg.solve(M.T, 2 * (g - x))
    passed = (y.abs() > T).double() * w
    return g, M.T @ passed, torch.outer(passed, x) - torch.outer(w, g)


def forward_case(setting: Setting, module: int = 0, parameter: str = "M") -> ModuleCase:
    """module(x, A): value and gradient in x; those in A and M are looked at by `_matrix_gradients`."""
    g, in_x, _ = truth(setting)
    x, A = (t.detach().clone().requires_grad_(True) for t in (setting.x, setting.A))
    single = x.dtype is torch.float32
    call = Call((x, A), target=module, gradients=("0", "1", parameter), cotangent=2 * (g - x.detach().double()).to(x.dtype))
    return ModuleCase(
        call,
        g.to(x.dtype),
        {} if single else {"0": in_x},
        # In float32 the chain costs digits, more or fewer by the way it is written; only the dtype is judged there.
        rtol=1e-2 if single else None,
        atol=1e-2 * float(g.abs().max()) if single else 1e-9 * max(1.0, float(g.abs().max()), float(in_x.abs().max())),
        about=f"module = {{name}}({setting.text}, …)",
        setting=setting,
    )


def _gives(formula: Callable[[Tensor, Tensor, Setting], Tensor]) -> Callable[[Case, Answer], bool]:
    """The value is what this wrong formula of (M x, x, setting) gives, and the truth is not."""

    def fits(case: ModuleCase, answer: Answer) -> bool:
        if case.setting is None or not isinstance(answer.value, Tensor) or not answer.value.is_floating_point():
            return False
        M, x = case.setting.M.double(), case.setting.x.double()
        wrong = formula(M @ x, x, replace(case.setting, M=M, T=float(case.setting.T)))
        loose = 1e-3 if answer.value.dtype is torch.float32 else 1e-6
        if wrong.shape == case.expected.shape and tensors_agree(wrong, case.expected.double(), loose, loose):
            return False
        return tensors_agree(answer.value.double(), wrong, loose, loose)

    fits.formula = True
    return fits


def _after(thresholded: Callable[[Tensor, float], Tensor]) -> Callable[[Case, Answer], bool]:
    """M⁻¹ after another function of M x and T."""
    return _gives(lambda y, x, s: torch.linalg.solve(s.M, thresholded(y, s.T)))


def _value_is_close(case: ModuleCase, answer: Answer) -> bool:
    value = answer.value
    return (
        case.setting is not None
        and isinstance(value, Tensor)
        and value.dtype == case.expected.dtype
        and tensors_agree(value, case.expected, 1e-4, 1e-5 * max(1.0, float(case.expected.abs().max())))
    )


def _cut_from_x(case: ModuleCase, answer: Answer) -> bool:
    return _value_is_close(case, answer) and "0" in answer.gradients and answer.gradients["0"] is None


def _rounded(case: ModuleCase, answer: Answer) -> bool:
    return _value_is_close(case, answer) and not tensors_agree(answer.value, case.expected, case.rtol, case.atol)


def _powers_apart(case: ModuleCase, answer: Answer) -> bool:
    """Rounding errors amplified by κⁿ dwarf the value."""
    if case.setting is None or (case.setting.n or 0) < 2 or not isinstance(answer.value, Tensor):
        return False
    size = answer.value.double().norm()
    return not bool(torch.isfinite(size)) or float(size) > 1e6 * max(1.0, float(case.expected.double().norm()))


MISTAKES = (
    Misconception(
        "no-super-init",
        "An nn.Module must be told that it is one before it can hold a Parameter: call super().__init__() on the first "
        "line of __init__.",
        raises("AttributeError", "before Module.__init__() call"),
        look="“Build the wasteful module”",
    ),
    Misconception(
        "other-signature",
        "The module could not be called as the task says: __init__(self, T, M, n=10000), for the efficient one "
        "__init__(self, T, M), and forward(self, x, A).",
        raises("TypeError", "argument"),
    ),
    Misconception(
        "one-number-threshold",
        "A Python `if` decides once, for one number, and M x has many entries. A threshold made of torch.where, "
        "torch.clamp or torch.relu decides for each entry, and keeps the graph.",
        raises("RuntimeError", "Boolean value of Tensor"),
    ),
    Misconception(
        "changed-parameter",
        "forward changes M or an input in place, which autograd does not allow. Compute a new tensor.",
        raises("RuntimeError", "a leaf Variable that requires grad"),
    ),
    Misconception(
        "M-frozen",
        "M is a Parameter, but one that wants no gradient, so it is never trained: leave out requires_grad=False.",
        lambda case, answer: "does not require grad" in answer.gradient_error,
    ),
    Misconception(
        "graph-cut",
        "No gradient flows from g back to x: the graph was cut between M x and g. A new tensor made from numbers "
        "(torch.tensor, FloatTensor, a list, NumPy) and detach, .data, .item() do that, and nothing complains. For "
        "φ = ‖x − g‖² such a module reports ∇x = 2(x − g), which looks like a gradient and is not one: this is the "
        "mistake of the published solution.",
        _cut_from_x,
        look="“Convict the published answer”",
    ),
    Misconception(
        "elementwise",
        "The result has the shape of M: `*` multiplies entry by entry. A matrix meets a vector with `@`.",
        lambda case, answer: (
            case.setting is not None
            and isinstance(answer.value, Tensor)
            and answer.value.shape == case.setting.M.shape
        ),
        look="“Build the wasteful module”",
    ),
    Misconception(
        "M-and-inverse-exchanged",
        "This is M f_T(M⁻¹ x): M and its inverse changed places. M comes first, M⁻¹ brings the result back.",
        _gives(lambda y, x, s: s.M @ soft_threshold(torch.linalg.solve(s.M, x), s.T)),
    ),
    Misconception(
        "thresholded-x",
        "This thresholds x itself. The threshold acts on M x, and M⁻¹ brings the result back.",
        either(
            _gives(lambda y, x, s: torch.linalg.solve(s.M, soft_threshold(x, s.T))),
            _gives(lambda y, x, s: soft_threshold(x, s.T)),
        ),
    ),
    Misconception(
        "no-way-back",
        "This is f_T(M x). The last step is missing: M⁻¹ brings the result back to the coordinates of x.",
        _gives(lambda y, x, s: soft_threshold(y, s.T)),
    ),
    Misconception(
        "M-for-its-inverse",
        "The last step multiplies by M once more. It must undo M: solve M g = f_T(M x).",
        _gives(lambda y, x, s: s.M @ soft_threshold(y, s.T)),
    ),
    Misconception(
        "one-sided-threshold",
        "The threshold is right for positive entries of M x only. It is odd, f(−y) = −f(y): negative entries rise by T and stay negative.",
        either(
            _after(lambda y, T: torch.relu(y - T)),
            _after(lambda y, T: torch.relu(y.abs() - T)),
            _after(lambda y, T: torch.where(y.abs() > T, y - T, torch.zeros_like(y))),
        ),
    ),
    Misconception(
        "solved-with-A",
        "The last step solves with A. It must undo M: solve M g = f_T(M x).",
        _gives(lambda y, x, s: torch.linalg.solve(s.A.double(), soft_threshold(y, s.T))),
    ),
    Misconception(
        "entries-for-inverse",
        "This divides by entries of M, one by one: 1 / M is no inverse, and division undoes no matrix product. Solve M g = f_T(M x).",
        either(
            _gives(lambda y, x, s: soft_threshold(y, s.T) / s.M.diag()),
            _gives(lambda y, x, s: (1 / s.M) @ soft_threshold(y, s.T)),
        ),
    ),
    Misconception(
        "hard-threshold",
        "This is hard-thresholding: entries outside the dead zone are kept as they are. Soft-thresholding also moves them "
        "towards 0 by T.",
        _after(lambda y, T: torch.where(y.abs() > T, y, torch.zeros_like(y))),
    ),
    Misconception(
        "no-threshold",
        "This is x itself: nothing was thresholded between M and M⁻¹.",
        _gives(lambda y, x, s: x),
    ),
    Misconception(
        "definition-typo",
        "This adds T wherever y < T, as the homework's printed definition says. The third case must read y < −T.",
        _after(lambda y, T: torch.where(y < T, y + T, torch.where(y > T, y - T, torch.zeros_like(y)))),
    ),
    Misconception(
        "fixed-T",
        "The threshold is not the T that the module was constructed with: a number stands in the code. Keep T in __init__ "
        "and use it in forward.",
        lambda case, answer: any(
            _after(lambda y, T, fixed=fixed: soft_threshold(y, fixed))(case, answer) for fixed in (3.14, 3.1415, 3.14159, torch.pi, 3.0, 1.0)
        ),
    ),
    Misconception(
        "float32",
        "The value is right to seven digits only: somewhere the numbers pass through float32 (FloatTensor, .float(), or a "
        "new tensor without dtype). Keep the dtype of the input.",
        _rounded,
        look="“Convict the published answer”",
    ),
    Misconception(
        "powers-apart",
        "The numbers explode. Either what should undo A is not A⁻¹, or A is applied n times and only then A⁻¹ n times: the same "
        "on paper, but Aⁿ amplifies every rounding error by the condition number in each round. Undo each product at once.",
        _powers_apart,
    ),
)

CHAIN_SKIPPED = (
    "The value is right, but the chain is not there: with more rounds nothing more is multiplied. That is the efficient "
    "module. This one must do the work: multiply by A and by A⁻¹, n times each."
)
MATRIX_POWER = (
    "The value is right, but n rounds cost far fewer than 2n products: a power of a ready-made A⁻¹A takes a shortcut of "
    "log₂ n squarings. Multiply by A and by A⁻¹ in turn, n times each."
)
READY_MADE = (
    "The value is right, but each round costs one product only: A⁻¹A was multiplied out once, before the loop. Then the "
    "loop runs with the identity and has nothing to show. Multiply by A and by A⁻¹ in every round."
)
A_NOT_REACHED = (
    "The value is right, but ∇A is None: no graph leads back to A. The chain was computed from a detached copy, or under "
    "no_grad, or made no round at all. Its gradient is 0 on paper; a graph that is intact reports round-off, and None means that it was cut."
)
A_EXACTLY_ZERO = (
    "The value is right, but ∇A is exactly 0. A chain that really runs leaves round-off there, about 1e-12: an exact zero "
    "says that A was multiplied by 0, or reached in name only."
)
A_HALF_DETACHED = (
    "The value is right, but ∇A is large where it must be round-off: the graph reaches only one of A and A⁻¹, so their two "
    "contributions do not cancel. Make the inverse from A itself, not from a detached copy and not under no_grad."
)
INVERSE_FORMED = (
    "The value is right, but an inverse was formed. To apply M⁻¹ to one vector, solve one linear system: "
    "a solve with d right-hand sides, such as the identity, is an inverse by another name."
)
GRAPH_TOO_LARGE = (
    "The value is right, but the graph is not short: A⁻¹A is the identity, and the identity need not be computed. What is "
    "left is one product, one threshold and one solve."
)
DEPENDS_ON_A = "The value is right, but ∇A is not zero: g does not depend on A, and its gradient must not either."
OTHER_DEFAULT = "Constructed without n, the module makes another number of rounds than the 10 000 that the task asks for."
N_IGNORED = (
    "The value is right, but the number of rounds does not follow n: a number stands in the loop where self.n should. Keep n in "
    "__init__, and run through range(self.n) in forward."
)
NO_FORWARD = "The module has no forward(self, x, A): is it misspelled, or indented into another function?"
