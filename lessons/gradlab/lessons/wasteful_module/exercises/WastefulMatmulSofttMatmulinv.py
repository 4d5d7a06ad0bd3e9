"""`WastefulMatmulSofttMatmulinv(T, M, n)`: a module g = M⁻¹ f_T((A⁻¹A)ⁿ M x) that applies every factor."""

from collections.abc import Iterator

from gradlab.exercises import Case, Draw, Exercise, Verdict
from gradlab.lessons.wasteful_module.exercises import EfficientMatmulSofttMatmulinv as efficient
from gradlab.lessons.wasteful_module.exercises import _modules, _rounds
from gradlab.probe import Probe

LOOK = "“Build the wasteful module”"
SIGNATURE = "WastefulMatmulSofttMatmulinv(T, M, n=10000)(x, A)"
exercise = Exercise(SIGNATURE, graph="x", look=LOOK, slips=_modules.MODULE_SLIPS, half=False)
exercise.reference(_rounds.by_solving)
exercise.built_on(efficient.exercise)(_rounds.with_rounds)
exercise.cases(_rounds.ordinary)


@exercise.inspection
def all_the_work(probe: Probe, draw: Draw) -> Verdict | None:
    """Every gradient is right, each round costs two products, and ∇A shows that they were made with A."""
    return _rounds.all_the_work(exercise, probe, draw)[1]


@exercise.cases
def special(draw: Draw) -> Iterator[Case]:
    """One round where T is a tensor, and in float32."""
    yield from _modules.special_cases(draw, 1)


@exercise.inspection
def default_of_n(probe: Probe, draw: Draw) -> Verdict | None:
    """Constructed without n it makes 10 000 rounds."""
    return _rounds.default_of_n(exercise, probe, draw)
