"""Lesson 2: hidden exams on random matrices, symmetric positive definite and well conditioned."""

import torch
from torch import Tensor

from autograder.exams.draw import normal, number, uniform
from gradlab.checks.chain_error import forgetful_case, judge_chain_error, noise_case
from gradlab.checks.graph_cuts import judge_graph_cut, suspects_at
from gradlab.checks.judge import judge
from gradlab.checks.module_mistakes import Setting
from gradlab.checks.projector import judge_projector, projector_cases
from gradlab.checks.reported_gradients import GRADIENTS, gradients_case, named, with_old_grad
from gradlab.checks.thresholded_modules import has_default_n, judge_efficient, judge_wasteful
from gradlab.exercises.verdict import Verdict
from gradlab.checks.wasteful_module import flops_case, judge_flops
from gradlab.probe import Probe


def positive_definite(generator: torch.Generator, d: int, condition: float) -> Tensor:
    """Q diag(λ) Qᵀ with a random rotation Q and λ from 1 to `condition`, spaced evenly in the logarithm."""
    Q = torch.linalg.qr(normal(generator, d, d)).Q
    product = Q @ torch.diag(torch.logspace(0, torch.tensor(condition).log10().item(), d, dtype=torch.float64)) @ Q.T
    return (product + product.T) / 2


def setting(generator: torch.Generator, d: int, n: int | None = None) -> tuple[Setting, int]:
    """Random M, A and x, and a T between two entries of |M x| that lie well apart; an entry of M x beyond T."""
    while True:
        # Eigenvalues of M on both sides of 1: x, M x and M⁻¹ x are of one size, and T leaves something of each.
        M, A = positive_definite(generator, d, 10.0) / 3, positive_definite(generator, d, 60.0)
        x = 2 * normal(generator, d)
        sizes = (M @ x).abs().sort()
        gaps = sizes.values[1:] - sizes.values[:-1]
        k = int(torch.randint(0, d - 1, (), generator=generator))
        also = (M @ A @ x).abs()
        # A multiple of 1/64 is the same number in float32: whoever keeps T in a tensor of its own loses nothing.
        T = round(float(sizes.values[k] + sizes.values[k + 1]) * 32) / 64
        others = (x, torch.linalg.solve(M, x))
        if gaps[k] > 0.2 and float((also - T).abs().min()) > 0.1 and all(float(other.abs().max()) > T + 0.1 for other in others):
            return Setting(T, M, A, x, n), int(sizes.indices[-1])


def as_tensor_T(drawn: Setting) -> Setting:
    """The same with T as a tensor without axes."""
    return Setting(torch.tensor(drawn.T, dtype=torch.float64), drawn.M, drawn.A, drawn.x, drawn.n)


def single(drawn: Setting) -> Setting:
    """The same in float32."""
    return Setting(drawn.T, drawn.M.float(), drawn.A.float(), drawn.x.float(), drawn.n)


def exam_wasteful(probe: Probe, generator: torch.Generator) -> Verdict:
    """`WastefulMatmulSofttMatmulinv(T, M, n)`: random data, few and many rounds."""
    drawn, _ = setting(generator, 5)
    few = Setting(drawn.T, drawn.M, drawn.A, drawn.x, 2 + int(number(generator, 0, 3)))
    many = Setting(drawn.T, drawn.M, drawn.A, drawn.x, few.n + 40)
    others = [as_tensor_T(setting(generator, 4, 1)[0]), single(setting(generator, 5, 1)[0])]
    reached = judge_wasteful(probe, few, many, others)
    return has_default_n(probe, drawn.M) if reached.right else reached


def exam_efficient(probe: Probe, generator: torch.Generator) -> Verdict:
    """`EfficientMatmulSofttMatmulinv(T, M)`: random data of several sizes."""
    settings = [setting(generator, d)[0] for d in (5, 4, 7)]
    return judge_efficient(probe, [*settings, as_tensor_T(setting(generator, 5)[0]), single(setting(generator, 5)[0])])


def exam_gradients(probe: Probe, generator: torch.Generator) -> Verdict:
    """`gradients(module, x, A)` of intact modules and of cut ones."""
    cases = []
    for d in (5, 4):
        drawn, entry = setting(generator, d)
        M, A, x, T = drawn.M, drawn.A, drawn.x, drawn.T
        cases += [
            gradients_case(named("Efficient", M, T), x, A, "the efficient module; A is not used"),
            gradients_case(named("Efficient", with_old_grad(M), T), with_old_grad(x), with_old_grad(A), ".grad holds something"),
            gradients_case(named("Wasteful", M, T, n=4), x, A, "the wasteful module, 4 rounds"),
            gradients_case(named("Published", M, T, n=1), x, A, "the published module: the graph is cut"),
            gradients_case(named("ThroughNumpy", M, T), x, A, "a module that goes through NumPy"),
            gradients_case(named("WithoutGrad", M, T), x, A, "a module without any graph"),
            gradients_case(named("OneEntryCut", M, T, entry=entry), x, A, "one entry of M x is detached"),
            gradients_case(named("UsesA", M, T), x, A, "g = M⁻¹ f_T(M A x): here ∇A is not zero"),
        ]
    cases.append(gradients_case(named("Efficient", M.float(), T), x.float(), A.float(), "float32"))
    return judge(probe, GRADIENTS, cases)


def exam_is_graph_cut(probe: Probe, generator: torch.Generator) -> Verdict:
    """`is_graph_cut(module, x, A)` of eighteen modules at two random points."""
    suspects = []
    for d in (5, 4):
        drawn, entry = setting(generator, d)
        suspects += suspects_at(drawn.M, drawn.A, drawn.x, drawn.T, entry)
    return judge_graph_cut(probe, suspects)


def exam_chain_error(probe: Probe, generator: torch.Generator) -> Verdict:
    """`chain_error(A, v, n)`: exact losses, and round-off within bounds."""
    a, b = (int(k) for k in torch.randint(2, 9, (2,), generator=generator))
    b += a == b
    exact = [forgetful_case(a, b, 3), forgetful_case(b, a, 1, sign=-1), forgetful_case(a, b, 2, torch.float32)]
    A, v = positive_definite(generator, 6, 90.0), normal(generator, 6)
    few, many = noise_case(A, v, 5, "a random A, condition 90"), noise_case(A, v, 45, "a random A, condition 90")
    return judge_chain_error(probe, exact, few, many, [noise_case(A.float(), v.float(), 45, "in float32")])


def exam_chain_flops(probe: Probe, generator: torch.Generator) -> Verdict:
    """`chain_flops(d, n, order)`: random sizes, one of them beyond what a float can count."""
    sizes = [(int(number(generator, 3, 60)), int(number(generator, 2, 5000))) for _ in range(4)] + [(30011, 10007)]
    cases = [flops_case(d, n, order) for d, n in sizes for order in ("vector", "matrix")]
    return judge_flops(probe, [*cases, flops_case(4, 9, "matrices"), flops_case(4, 9, "")])


def exam_is_projector(probe: Probe, generator: torch.Generator) -> Verdict:
    """`is_projector(J, tol)`: random oblique projectors and what is not one, a factor 100 from the tolerance."""
    cases = []
    for d, active in ((5, [1, 0, 1, 1, 0]), (4, [0, 1, 0, 1])):
        direction = uniform(generator, -1.0, 1.0, d, d)
        cases += projector_cases(positive_definite(generator, d, 10.0), active, direction / direction.abs().max())
    return judge_projector(probe, cases)


EXAMS = {
    "WastefulMatmulSofttMatmulinv": exam_wasteful,
    "EfficientMatmulSofttMatmulinv": exam_efficient,
    "gradients": exam_gradients,
    "is_graph_cut": exam_is_graph_cut,
    "chain_error": exam_chain_error,
    "chain_flops": exam_chain_flops,
    "is_projector": exam_is_projector,
}
