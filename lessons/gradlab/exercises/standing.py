"""Where the learner stands in a lesson, from the checks of this session: points, the next open exercise, the way on."""

from dataclasses import dataclass

from gradlab.course import LESSONS
from gradlab.exercises.outline import Outline, Section, Task, outline_with
from gradlab.exercises.passage import PASSAGE, anchor
from gradlab.exercises.verdict import SHARES, Outcome, Verdict

STUCK = 3  # checks of one exercise that were not right, in a row

_CHECKED: dict[str, list[Verdict]] = {}


@dataclass(frozen=True)
class Standing:
    """Points earned and possible by checks, what is open, and, for somebody who is stuck, where to look and move."""

    outline: Outline
    earned: float
    next_task: Task | None
    minutes_left: int
    stuck_at: Task | None = None
    section: Section | None = None

    @property
    def checked_points(self) -> float:
        """What checks can say of the lesson's points; a person marks the rest."""
        return sum(task.points for task in self.outline.tasks if not task.by_hand)

    @property
    def next_lesson(self) -> str | None:
        """The folder of the lesson after this one."""
        later = [lesson for lesson in LESSONS if lesson > self.outline.lesson]
        return later[0] if later else None


def standing_after(verdict: Verdict) -> Standing | None:
    """Note what a check said, and see where that leaves the learner; None where no lesson is known for it."""
    _CHECKED[verdict.exercise] = [*_CHECKED.pop(verdict.exercise, []), verdict]  # the last key is the one checked now
    outline = outline_with(verdict.exercise)
    return standing(outline, _CHECKED) if outline else None


def standing(outline: Outline, checked: dict[str, list[Verdict]]) -> Standing:
    """Where these checks leave the learner; the last check of all is the one that was made now."""
    last = {name: verdicts[-1] for name, verdicts in checked.items()}
    share = {
        task.name: SHARES.get(last[task.name].outcome, 0.0) if task.name in last else 0.0 for task in outline.tasks
    }
    still_open = [task for task in outline.tasks if not task.by_hand and share[task.name] < 1]
    texts = [task for task in outline.tasks if task.by_hand]
    current = next(reversed(checked), "")
    task = next((each for each in outline.tasks if each.name == current), None)
    stuck = task if task and _is_stuck(checked[task.name]) else None
    return Standing(
        outline,
        sum(task.points * share[task.name] for task in outline.tasks),
        _following(still_open, task),
        sum(each.minutes for each in [*still_open, *texts]),
        stuck,
        _to_look_at(outline, stuck, last[stuck.name]) if stuck else None,
    )


def _following(still_open: list[Task], task: Task | None) -> Task | None:
    """The first open exercise that is another one than this."""
    others = [each for each in still_open if each != task]
    return others[0] if others else None


def _is_stuck(verdicts: list[Verdict]) -> bool:
    last = verdicts[-STUCK:]
    return len(last) == STUCK and all(each.outcome in (Outcome.WRONG, Outcome.HALF) for each in last)


def _to_look_at(outline: Outline, task: Task, verdict: Verdict) -> Section | None:
    """The section with an explorer that helps: the passage that the message names, else the nearest above, else below."""
    named = {anchor(title) for title in PASSAGE.findall(verdict.look)}
    here = [each.anchor for each in outline.sections].index(task.anchor)
    above, below = outline.sections[:here], outline.sections[here:]
    passage = [each for each in outline.sections if each.anchor in named]
    return next((each for each in (*passage, *reversed(above), *below) if each.explorers), None)
