"""Checks as a learner's edition carries them: what is called, what must come, and what known wrong answers show, as data.

No reference and no wrong answer is run by such a check, so neither is in the edition. It judges as the others do, since it
goes through the same cases by the same judge.
"""

from typing import Any
from unittest.mock import patch

from gradlab.exercises import judge as judging
from gradlab.exercises.cases import Case
from gradlab.exercises.draw import Draw
from gradlab.exercises.exercise import Exercise, Group, Inspection
from gradlab.exercises.look import look
from gradlab.exercises.recording import case_to_plain, key_of, to_text
from gradlab.exercises.reference import complete
from gradlab.probe import Probe, ProbeError
from gradlab.probe.perform import Performer


def recording(exercise: Exercise) -> bytes:
    """The file that stands for an exercise's reference, cases and mistakes."""
    steps: list[Any] = []
    cases: list[Case] = []
    draw = Draw()
    for step in exercise.steps:
        if isinstance(step, Group):
            made = [complete(exercise, step, case) for case in step.cases(draw)]
            cases += made
            steps.append(
                {"special": step.special, "cases": [case_to_plain(case) for case in made], "draw": draw.position}
            )
        else:
            steps.append({"inspection": step.__name__})
            cases += _cases_of_inspection(exercise, step, draw)
    mistakes = [
        {
            "label": each.label,
            "sentence": each.sentence,
            "look": each.look,
            "shown": _shown(each.answer, each.source, cases),
        }
        for each in exercise.mistakes
    ]
    return to_text({"steps": steps, "mistakes": mistakes})


def _cases_of_inspection(exercise: Exercise, inspection: Inspection, draw: Draw) -> list[Case]:
    """The cases that an inspection judges of itself, seen by letting it look at the mistakes, and then at the reference."""
    seen: list[Case] = []
    judged = judging._judge_group

    def noting(asked: Exercise, group: Group, probe: Probe, draw: Draw) -> Any:
        made = [complete(asked, group, case) for case in group.cases(draw)]
        seen.extend(made)
        return judged(asked, Group(lambda draw: made, special=group.special), probe, draw)

    start = draw.position
    answers = [(mistake.answer, mistake.source) for mistake in exercise.mistakes]
    with patch.object(judging, "_judge_group", noting):
        for answer, source in [*answers, (exercise.right_answer, "")]:
            draw.position = start
            try:
                inspection(Probe.of(answer, source), draw)
            except (ProbeError, AttributeError, TypeError, IndexError, RuntimeError):
                continue  # a mistake that an earlier step stops
    return list({key_of(case): case for case in seen}.values())


def _shown(answer: Any, source: str, cases: list[Case]) -> dict[str, Any]:
    """What an answer shows in each of these cases, by the calls that were made."""
    shown: dict[str, Any] = {}
    for case in cases:
        performer = Performer(answer, "")
        seen: list[Any] = []

        def send(request: dict, performer: Performer = performer, seen: list = seen) -> dict:
            seen.append(performer.perform(request))
            return seen[-1]

        look(Probe(send, source), case)
        shown[key_of(case)] = seen
    return shown
