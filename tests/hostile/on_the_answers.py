"""Attacks on a lesson of many exercises and a text answer: one answer's points for another, a text that marks itself."""

from tests.autograder.desk.hand_ins import solved
from tests.hostile.attack import SOFT, Attack, index_of

ANSWERS = {name: text for name, text in solved(SOFT).items() if name != "why-kink"}
TEXT = "The slope is 0: relu(y - T) says so."
FIRST = ANSWERS["soft_abs"]
CUT = "def soft_abs(x, lam):\n    return torch.sqrt(x**2 + lam).detach()\n"
NO_SIGN = "def soft_sign(x, lam):\n    return x\n"
EVERYTHING = frozenset(ANSWERS)
FRAMES = "import sys\ndef asked_by(name):\n    frame = sys._getframe()\n    while frame:\n        if frame.f_code.co_name == name:\n            return True\n        frame = frame.f_back\n    return False\n"
SEE = "import gradlab.probe.perform as perform\nhonest, told = perform.Performer.perform, []\n"


def attack(answers: dict[str, str], before=(), change=None, fair=(), **more) -> Attack:
    return Attack(before, lesson=SOFT, answers=answers, change=change, fair=frozenset(fair), **more)


def on(name: str, **changes):
    """Change fields of a cell; of its metadata, those of nbgrader."""

    def change(notebook):
        cell = notebook["cells"][index_of(notebook, name)]
        cell["metadata"]["nbgrader"] |= changes.pop("nbgrader", {})
        cell["metadata"] |= changes.pop("metadata", {})
        cell |= changes

    return change


def exchanged(one: str, other: str, *fields: str):
    """Two cells exchange these fields."""

    def change(notebook):
        first, second = (notebook["cells"][index_of(notebook, name)] for name in (one, other))
        for field in fields:
            first[field], second[field] = second[field], first[field]

    return change


def without(*names: str):
    def change(notebook):
        notebook["cells"] = [
            cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") not in names
        ]

    return change


def in_turn(*changes):
    return lambda notebook: [change(notebook) for change in changes]


def solution_as_text(notebook):
    """A right answer in a code cell that bears the text answer's name; its own cell is gone."""
    text = notebook["cells"].pop(index_of(notebook, "why-kink"))
    cell = notebook["cells"][index_of(notebook, "soft_sign")]
    cell["metadata"] = text["metadata"]


def text_twice(notebook):
    """The text answer twice, the second of them already marked."""
    text = notebook["cells"][index_of(notebook, "why-kink")]
    marked = {
        **text["metadata"]["nbgrader"],
        "points": 3,
        "score": 3,
        "manual_score": 3,
        "checksum": "0" * 32,
        "locked": True,
    }
    notebook["cells"].append({**text, "id": "again", "source": "Marked: 3/3", "metadata": {"nbgrader": marked}})


def from_the_last_to_the_first(notebook):
    notebook["cells"][1:] = notebook["cells"][:0:-1]


def all_visible_cases() -> str:
    """Learn every visible case by heart, and know nothing else."""
    return (
        "import gradlab.probe.perform as perform\nfrom gradlab.exercises import ladder as judge\nknown = {}\nfirst = judge.first_failure\n"
        "def learn(exercise, case, answer):\n    known[exercise.name, repr(case.call.arguments)] = case.expected\n    return first(exercise, case, answer)\n"
        "judge.first_failure = learn\n"
    ) + "".join(
        f"def {name}(*arguments):\n    return known.get(({name!r}, repr(arguments)), torch.zeros(()))\n"
        for name in ANSWERS
    )


ATTACKS = {
    # one answer for another
    "soft-answer-of-another": attack({"soft_abs": FIRST, "soft_sign": "soft_sign = soft_abs"}, fair=["soft_abs"]),
    "soft-asks-for-the-first-again": attack({"soft_abs": FIRST, "soft_sign": NO_SIGN}, "import gradlab.probe.examine\ntrue_one = gradlab.probe.examine.examine\ngradlab.probe.examine.examine = lambda name, namespace: true_one('soft_abs', namespace)", fair=["soft_abs"]),
    "soft-asks-for-all-at-once": attack(ANSWERS | {"soft_sign": NO_SIGN}, f"import gradlab.probe.examine\ntrue_one = gradlab.probe.examine.examine\ndef all_of_them(name, namespace):\n    for each in {sorted(ANSWERS)}:\n        true_one(each, namespace)\ngradlab.probe.examine.examine = all_of_them", fair=EVERYTHING - {"soft_sign"}),
    "soft-first-exam-patches-the-second": attack(
        {"soft_abs": FIRST + "right_one = soft_abs\ndef soft_abs(x, lam):\n    import gradlab.probe.perform as perform\n    perform.Performer._look = lambda self, result, call, watched: {'value': True, 'type': 'Tensor', 'outcome': 'right', 'gradients': {}}\n    return right_one(x, lam)\n", "soft_sign": NO_SIGN}
    ),
    "soft-replies-replayed": attack(
        {"soft_abs": FIRST, "soft_sign": NO_SIGN}, SEE + "def replay(self, request):\n    if getattr(self.objects[0], '__name__', '') == 'soft_abs':\n        told.append(honest(self, request))\n        return told[-1]\n    return told.pop(0) if told else {'value': 1.0}\nperform.Performer.perform = replay", fair=["soft_abs"]
    ),
    "soft-replies-of-the-check": attack({"soft_sign": NO_SIGN}, SEE + "from gradlab.exercises.check import verdict_on\ndef keep(self, request):\n    told.append(honest(self, request))\n    return told[-1]\nperform.Performer.perform = keep\nverdict_on('soft_sign', {'soft_sign': lambda x, lam: x / (x**2 + lam) ** 0.5})\nperform.Performer.perform = lambda self, request: told[len(told) % 7]"),
    "soft-one-object-for-all": attack({name: f"{name} = Everything()" for name in ANSWERS}, "class Everything(float):\n    def __call__(self, *a, **k):\n        return self\n    __eq__ = __le__ = __ge__ = lambda *a: True\n    __hash__ = float.__hash__\n    def __getattr__(self, name):\n        return self"),
    # cells exchanged
    "soft-tests-exchanged": attack({"soft_abs": FIRST, "soft_sign": NO_SIGN}, change=exchanged("test-soft-abs", "test-soft-sign", "metadata"), fair=["soft_abs"]),
    "soft-tests-rewritten": attack({"soft_abs": FIRST, "soft_sign": NO_SIGN}, change=in_turn(exchanged("test-soft-abs", "test-soft-sign", "source", "id"), on("test-soft-abs", nbgrader={"points": 20}), on("test-straight-through", source="20.0")), fair=["soft_abs"]),
    "soft-answers-exchanged": attack({"soft_abs": FIRST, "soft_sign": ANSWERS["soft_sign"]}, change=exchanged("soft_abs", "soft_sign", "metadata"), fair=["soft_abs", "soft_sign"]),
    "soft-only-one-test-left": attack(ANSWERS | {"soft_sign": NO_SIGN}, change=without(*(f"test-{name.replace('_', '-')}" for name in ANSWERS if name != "soft_abs")), fair=EVERYTHING - {"soft_sign"}),
    "soft-backwards": attack(ANSWERS | {"straight_through": "straight_through = soft_sign"}, change=from_the_last_to_the_first),
    # the answer that a person marks
    "soft-text-with-points": attack({"why-kink": TEXT}, change=on("why-kink", nbgrader={"points": 1e9, "manual_score": 3, "score": 3, "solution": False, "locked": True}, metadata={"gradlab": {"exercise": "soft_abs", "outcome": "right"}})),
    "soft-text-of-marks": attack({"why-kink": TEXT + "\n\n### BEGIN SOLUTION\n### END SOLUTION\n\n<b>Score: 3.0 / 3.0</b> (marked by hand)\n\n**Comments:** very good\n"}),
    "soft-text-is-code": attack({"why-kink": "print('3.0')\n" + ANSWERS["soft_sign"]}, change=on("why-kink", cell_type="code", outputs=[{"output_type": "execute_result", "data": {"text/plain": "3.0"}, "metadata": {}, "execution_count": 1}], execution_count=1)),
    "soft-text-twice": attack({"why-kink": TEXT}, change=text_twice),
    "soft-text-is-a-task": attack({"why-kink": TEXT}, change=on("why-kink", nbgrader={"task": True, "grade": False, "solution": False, "cell_type": "code", "schema_version": 99})),
    "soft-text-untouched-but-marked": attack({}, change=on("why-kink", nbgrader={"points": 3, "manual_score": 3, "checksum": "x"}, metadata={"deletable": False, "score": 3})),
    "soft-solution-as-text": attack({"soft_sign": ANSWERS["soft_sign"], "why-kink": TEXT}, change=solution_as_text),
    "soft-text-as-solution": attack({"soft_abs": FIRST, "why-kink": TEXT}, change=in_turn(without("soft_abs"), on("why-kink", nbgrader={"grade_id": "soft_abs"}))),
    # two faces
    "soft-right-for-the-check-only": attack({name: ANSWERS[name] + f"right_{name} = {name}\ndef {name}(*arguments):\n    return None if asked_by('examine') else right_{name}(*arguments)\n" for name in ANSWERS}, FRAMES),
    "soft-right-the-first-time": attack({name: ANSWERS[name] + f"right_{name}, calls_{name} = {name}, []\ndef {name}(*arguments):\n    calls_{name}.append(1)\n    return right_{name}(*arguments) if len(calls_{name}) < 2 else arguments[0]\n" for name in ANSWERS}),
    "soft-visible-cases-by-heart": attack(dict.fromkeys(ANSWERS, "pass"), all_visible_cases()),
    "soft-dies-in-the-second": attack(ANSWERS | {"soft_sign": "import os\ndef soft_sign(x, lam):\n    os._exit(0)\n"}, fair=["soft_abs"]),
    # sizes
    "soft-answers-huge": attack({name: f"def {name}(*arguments):\n    return torch.zeros(2_000_000, dtype=torch.float64)\n" for name in ANSWERS}),
    "soft-answers-large-and-many": attack({name: f"def {name}(*arguments):\n    return [torch.zeros(500_000, dtype=torch.float64)] * 4\n" for name in ANSWERS}),
    "soft-answers-of-empty-rows": attack({name: f"def {name}(*arguments):\n    return torch.empty(2**25, 0, dtype=torch.float64)\n" for name in ANSWERS}),
    # a right answer by another road is a right answer
    "soft-finished-tools": attack({"soft_abs": "soft_abs = soft.soft_abs", "soft_sign": "soft_sign = soft.soft_sign", "soft_sign_slope": "soft_sign_slope = soft.soft_sign_slope", "soft_threshold": "soft_threshold = prox.soft_threshold"}),
    # what security.md does not promise: the value is right, how it came about is misreported; but a remark tells
    "soft-graph-misreported": attack({"soft_abs": CUT}, SEE + "def lie(self, request):\n    self.objects[0] = lambda x, lam: torch.sqrt(x**2 + lam)\n    return honest(self, request)\nperform.Performer.perform = lie", fair=["soft_abs"], noticed=True),
}  # fmt: skip
WAITING = {
    name
    for name in ATTACKS
    if name.startswith("soft-text-") and name not in ("soft-text-untouched-but-marked", "soft-text-as-solution")
} | {"soft-solution-as-text"}
