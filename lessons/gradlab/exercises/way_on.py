"""Draw where the learner stands: points so far, the next exercise, and what helps somebody who is stuck."""

from html import escape

from gradlab.course import LESSONS
from gradlab.exercises.standing import Standing
from gradlab.exercises.verdict import Verdict


def way_on(standing: Standing | None, verdict: Verdict) -> str:
    """The foot of a card, as HTML: after a right answer the way on, after several others what helps; else nothing."""
    if standing is None:
        return ""
    if verdict.right:
        return _paragraph(_forward(standing))
    return _paragraph(_help(standing)) if standing.stuck_at else ""


def _forward(standing: Standing) -> str:
    by_hand = standing.outline.points - standing.checked_points
    rest = f" (a person marks {by_hand:g} more)" if by_hand else ""
    done = f"{standing.earned:g} of {standing.checked_points:g} points of this lesson are checked right{rest}."
    if task := standing.next_task:
        left = f"About {standing.minutes_left} minutes of exercises are left."
        return f"{done} Next: {_link(task.anchor, task.title)}, {task.minutes} minutes. {left}"
    texts = [task for task in standing.outline.tasks if task.by_hand]
    asked = f" Then the text, which a person marks: {_link(texts[0].anchor, texts[0].title)}." if texts else ""
    return f"{done}{asked}{_next_lesson(standing)}"


def _next_lesson(standing: Standing) -> str:
    folder = standing.next_lesson
    if folder is None:
        return " That was the last lesson."
    return f' After it: <a href="../{folder}/{LESSONS[folder]}.ipynb">lesson {int(folder[:2])}</a>.'


def _help(standing: Standing) -> str:
    task, section = standing.stuck_at, standing.section
    assert task is not None
    said = f"Still stuck? Open the next hint of {_link(task.anchor, task.title)}."
    if section is None:
        return said
    return f"{said} Or move <code>explorers.{escape(section.explorers[0])}</code> in {_link(section.anchor, section.title)}."


def _link(anchor: str, title: str) -> str:
    return f'<a href="#{escape(anchor)}">{escape(title)}</a>'


def _paragraph(html: str) -> str:
    return f'<p style="margin:.3em 0">{html}</p>'
