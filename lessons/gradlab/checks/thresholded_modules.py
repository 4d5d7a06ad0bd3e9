"""Lesson 2: the wasteful and the efficient module. Construct, call, differentiate, count what ran."""

import ast
import textwrap
from collections.abc import Iterable
from dataclasses import replace

import torch
from torch import Tensor

from gradlab.checks import module_mistakes as mistakes
from gradlab.exercises import verdict
from gradlab.checks.chain_products import inverses, products, products_a_round
from gradlab.exercises.compare import tensors_agree
from gradlab.exercises.describe import describe
from gradlab.checks.exercise import ANYTHING, Case, Exercise
from gradlab.checks.judge import first_failure, judge
from gradlab.checks.module_mistakes import MISTAKES, ModuleCase, Setting, forward_case, truth
from gradlab.exercises.verdict import Verdict
from gradlab.maths.matrices import create_symmetric_invertible_matrix
from gradlab.probe import Answer, Call, Probe

WASTEFUL, EFFICIENT = "WastefulMatmulSofttMatmulinv", "EfficientMatmulSofttMatmulinv"
MOST_NODES = 60
TINY = 1e-6  # of the largest gradient; round-off stays orders below, a missing factor orders above


def module_exercise(name: str) -> tuple[Exercise, Exercise]:
    """The exercise as its constructor is judged, and as its forward is."""
    arguments = ("T", "M", "n") if name == WASTEFUL else ("T", "M")
    look = "“Build the wasteful module”" if name == WASTEFUL else "“Build the efficient module”"
    return (
        Exercise(name, arguments, misconceptions=MISTAKES, look=look),
        Exercise(name, ("x", "A"), graph=("x",), misconceptions=MISTAKES, look=look),
    )


Seen = tuple[ModuleCase, Answer]


def construct(probe: Probe, name: str, setting: Setting) -> tuple[Answer, Verdict | None]:
    """The constructed module, kept on the other side; a verdict if that failed or if M is no Parameter."""
    exercise = module_exercise(name)[0]
    call = Call((setting.T, setting.M) + (() if setting.n is None else (setting.n,)), keep=True, record=True)
    answer = probe.look(call)
    if not answer.attempted:
        return answer, verdict.not_attempted(name)
    case = Case(call, ANYTHING)
    if first_failure(exercise, case, answer):
        return answer, judge(probe, exercise, [case])
    if parameter_name(answer, setting.M) is None:
        return answer, verdict.wrong(
            name,
            "M-not-a-parameter",
            "What was constructed holds no Parameter with the numbers of M. Derive the class from nn.Module, and write "
            "self.M = nn.Parameter(M) in __init__: a tensor that is only an attribute, or a buffer, is not trained.",
            called=f"{name}({setting.text}, …).named_parameters()",
            returned=", ".join(answer.parameters)[:200] or f"none (an object of type {answer.type})",
            expected="M",
            look=exercise.look,
        )
    return answer, None


def parameter_name(answer: Answer, M: Tensor) -> str | None:
    """What the constructed module calls its Parameter M."""
    fitting = [
        name
        for name, parameter in answer.parameters.items()
        if isinstance(parameter, Tensor) and parameter.dtype == M.dtype and torch.equal(parameter, M.detach())
    ]
    return fitting[0] if fitting else None


def judge_module(probe: Probe, name: str, settings: Iterable[Setting]) -> tuple[Verdict, list[Answer], list[Seen]]:
    """Values, dtype, gradients in x and M, side effects, each module called twice.

    Returns the verdict so far and, if nothing is wrong yet, what was seen: the constructed modules, the recorded calls.
    """
    exercise, modules, cases = module_exercise(name)[1], [], []
    for setting in settings:
        module, failed = construct(probe, name, setting)
        if failed:
            return failed, [], []
        modules.append(module)
        other = replace(setting, x=setting.x * 1.25)
        for again in (setting, other):
            case = forward_case(again, module.kept, parameter_name(module, setting.M))
            cases.append(replace(case, about=case.about.replace("{name}", name)))
    first = probe.look(cases[0].call)
    if first.raised is not None and 'missing the required "forward"' in first.raised.message:
        return wrong_call(name, cases[0], "no-forward", mistakes.NO_FORWARD), [], []
    reached = judge(probe, exercise, cases)
    if not reached.right:
        called = reached.called.replace(f"{name}(x=", "module(x=", 1)
        return replace(reached, called=called), [], []
    seen = [(case, probe.look(replace(case.call, record=True))) for case in cases]
    for case, answer in seen:
        if failure := _gradient_in_M(case, answer):
            return wrong_call(name, case, *failure), [], []
    return reached, modules, seen


def wrong_call(name: str, case: ModuleCase, label: str, sentence: str, **details: str) -> Verdict:
    """A wrong answer seen in a call module(x, A)."""
    called = f"module(x={describe(case.setting.x)}, A={describe(case.setting.A)})   ({case.about})"
    return verdict.wrong(name, label, sentence, **({"called": called, "look": module_exercise(name)[1].look} | details))


def symmetric(G: Tensor) -> Tensor:
    """G + Gᵀ: all that a function of symmetric matrices defines; the rest of a gradient is the spelling's own."""
    return G + G.T


def _gradient_in_M(case: ModuleCase, answer: Answer) -> tuple[str, str] | None:
    setting = case.setting
    found, expected = answer.gradients.get(case.call.gradients[2]), truth(setting)[2]
    if setting.M.dtype is torch.float32:
        return None
    if found is None:
        return "M-cut", "The value is right, but no gradient reaches the Parameter M: use self.M itself in forward, not M or self.M.data."
    scale = float(expected.abs().max())

    def matches(wrong: Tensor) -> bool:
        return tensors_agree(symmetric(found), symmetric(wrong), 1e-7, 1e-7 * scale)

    if matches(expected):
        return None
    g, x, M = truth(setting)[0], setting.x.double(), setting.M.double()
    way_back = -torch.outer(torch.linalg.solve(M.T, 2 * (g - x)), g)
    if matches(way_back):
        return (
            "M-first-term-only",
            "The gradient in M is only half there: M stands in g twice, as M and as M⁻¹, and only M⁻¹ is reached by the "
            "graph. Row 0 is right by luck, since entry 0 of M x is in the dead zone; look at row 1.",
        )
    if matches(expected - way_back):
        return (
            "M-second-term-only",
            "The gradient in M is only half there: M stands in g twice, as M and as M⁻¹, and M⁻¹ was made without a graph.",
        )
    return "wrong-gradient", "The value is right, but the gradient with respect to M is not."


def judge_wasteful(probe: Probe, few: Setting, many: Setting, others: Iterable[Setting] = ()) -> Verdict:
    """The wasteful module: right, and the chain is really there, `few.n` and `many.n` rounds of it.

    All settings are of one size d; `few` and `many` are in float64.
    """
    doubles, singles = [few, many], []
    for other in others:
        (singles if other.M.dtype is torch.float32 else doubles).append(other)
    reached, _, seen = judge_module(probe, WASTEFUL, doubles)
    if not reached.right:
        return reached
    (first, short), (last, long) = seen[0], seen[2]
    a_round = products_a_round(short, long, len(few.x), many.n - few.n)
    told = {"returned": f"{a_round:.2g} products or solves more for each further round", "expected": "2 for each round, or more"}
    if a_round < 0.05 and products(short, len(few.x)) > 8:  # one product and two solves for M, and some for the threshold
        return wrong_call(WASTEFUL, last, "n-ignored", mistakes.N_IGNORED, **told)
    if a_round < 0.05:
        return wrong_call(WASTEFUL, last, "chain-skipped", mistakes.CHAIN_SKIPPED, **told)
    if a_round < 0.9:
        return wrong_call(WASTEFUL, last, "matrix-power", mistakes.MATRIX_POWER, **told)
    if a_round < 1.9:
        return wrong_call(WASTEFUL, last, "ready-made-product", mistakes.READY_MADE, **told)
    for case, answer in seen:
        if failure := _gradient_in_A(case, answer):
            return wrong_call(WASTEFUL, case, *failure, returned=f"∇A = {describe(answer.gradients['1'])}")
    if not any(bool((answer.gradients["1"] != 0).any()) for _, answer in seen):  # one may be, by luck
        return wrong_call(WASTEFUL, last, "A-exactly-zero", mistakes.A_EXACTLY_ZERO, returned="∇A = 0")
    reached, _, seen = judge_module(probe, WASTEFUL, singles)  # last: here a chain far too long costs all digits
    for case, answer in seen:
        if reached.right and (failure := _gradient_in_A(case, answer)):
            return wrong_call(WASTEFUL, case, *failure, returned=f"∇A = {describe(answer.gradients['1'])}")
    return reached


def judge_efficient(probe: Probe, settings: Iterable[Setting]) -> Verdict:
    """The efficient module: right, without an inverse, with a short graph. The first setting has d = 5."""
    reached, modules, seen = judge_module(probe, EFFICIENT, settings)
    if not reached.right:
        return reached
    for case, answer in [(seen[2 * i][0], module) for i, module in enumerate(modules)] + seen:
        if found := inverses(answer, len(case.setting.x)):
            return wrong_call(EFFICIENT, case, "inverse-formed", mistakes.INVERSE_FORMED, returned=f"it ran {', '.join(found)}")
    case, answer = seen[0]
    if answer.node_count >= MOST_NODES:
        told = {"returned": f"{answer.node_count} nodes", "expected": f"fewer than {MOST_NODES}"}
        return wrong_call(EFFICIENT, case, "graph-too-large", mistakes.GRAPH_TOO_LARGE, **told)
    found = answer.gradients.get("1")
    if found is not None and not _as_small_as_roundoff(case, found):
        return wrong_call(EFFICIENT, case, "depends-on-A", mistakes.DEPENDS_ON_A, returned=f"∇A = {describe(found)}")
    return reached


def _gradient_in_A(case: ModuleCase, answer: Answer) -> tuple[str, str] | None:
    found = answer.gradients.get("1")
    if found is None:
        return "A-not-reached", mistakes.A_NOT_REACHED
    return None if _as_small_as_roundoff(case, found) else ("A-half-detached", mistakes.A_HALF_DETACHED)


def _as_small_as_roundoff(case: ModuleCase, found: Tensor) -> bool:
    if found.dtype is not torch.float64:  # float32 noise may be as large as the other gradients
        return True
    scale = max(float(t.abs().max()) for t in truth(case.setting)[1:])
    return bool((symmetric(found).abs() <= TINY * max(1.0, scale)).all())


def source_data(dtype: torch.dtype = torch.float64) -> tuple[Tensor, Tensor, Tensor]:
    """M, A and x of the homework (ledger S2, data block)."""
    M, A = create_symmetric_invertible_matrix(5), create_symmetric_invertible_matrix(5, seed=10)
    return M.to(dtype), A.to(dtype), torch.tensor([0.1, 5.0, -2.3, -1.0, -2.0], dtype=dtype)


def check_wasteful(probe: Probe) -> Verdict:
    """Lesson 2, `WastefulMatmulSofttMatmulinv(T, M, n)`, on the data of the homework."""
    M, A, x = source_data()
    single = [t.float() for t in (M, A, x)]
    verdict_so_far = judge_wasteful(
        probe,
        Setting(3.125, M, A, x, 3),
        Setting(3.125, M, A, x, 43),
        [Setting(torch.tensor(2.0, dtype=torch.float64), M, A, x, 1), Setting(3.125, *single, 1)],
    )
    return verdict_so_far if not verdict_so_far.right else has_default_n(probe, M)


def has_default_n(probe: Probe, M: Tensor) -> Verdict:
    """The module can be constructed without n, which then is 10 000, as far as the text of the answer shows a number."""
    exercise = module_exercise(WASTEFUL)[0]
    reached = judge(probe, exercise, [Case(Call((3.125, M)), ANYTHING, about="n = 10000 by default")])
    default = _default_of_n(probe.source)
    if reached.right and default not in (None, 10000):
        told = {"called": f"{WASTEFUL}(T, M)", "returned": f"n = {default}", "expected": "n = 10000"}
        return verdict.wrong(WASTEFUL, "other-default", mistakes.OTHER_DEFAULT, **told)
    return reached


def _default_of_n(source: str) -> object:
    """The literal default of __init__'s argument n; None where there is none to be read."""
    try:
        functions = [node for node in ast.walk(ast.parse(textwrap.dedent(source))) if isinstance(node, ast.FunctionDef)]
        arguments = next(function.args for function in functions if function.name == "__init__")
        defaults = dict(zip([each.arg for each in arguments.args][::-1], arguments.defaults[::-1]))
        return ast.literal_eval(defaults["n"])
    except (SyntaxError, StopIteration, KeyError, ValueError, RecursionError, MemoryError):
        return None


def check_efficient(probe: Probe) -> Verdict:
    """Lesson 2, `EfficientMatmulSofttMatmulinv(T, M)`, on the data of the homework."""
    M, A, x = source_data()
    single = [t.float() for t in (M, A, x)]
    return judge_efficient(
        probe, [Setting(3.125, M, A, x), Setting(torch.tensor(2.0, dtype=torch.float64), M, A, x), Setting(3.125, *single)]
    )
