"""Item statistics count marks as they stand: those of a person too, and not what nobody could check."""

import pytest

from autograder.desk.grade.marks import Mark
from autograder.desk.report.class_report import report
from autograder.desk.report.item_statistics import items
from gradlab.exercises.verdict import Outcome

POINTS = {"easy": 2.0, "hard": 4.0}
LESSON = "01-soft-thresholding"


def mark(student: str, waits: bool = False, **said: tuple[str, float]) -> Mark:
    """A mark in which each exercise has an outcome and points."""
    verdicts = {
        name: {"exercise": name, "outcome": outcome, "misconception": "m", "message": "s"}
        for name, (outcome, _) in said.items()
    }
    points = {name: earned for name, (_, earned) in said.items()}
    return Mark(student, sum(points.values()), 6.0, waits, verdicts, points=points, worth=POINTS)


def class_of(size: int) -> list[Mark]:
    """Every second student has everything right."""
    right, wrong = (Outcome.RIGHT, 1.0), (Outcome.WRONG, 0.0)
    return [
        mark(f"s{k}", **{name: (outcome, share * POINTS[name]) for name in POINTS})
        for k in range(size)
        for outcome, share in [right if k % 2 else wrong]
    ]


def test_points_of_a_person_are_points_earned_whatever_the_verdict_was():
    given = [mark("a", easy=(Outcome.WRONG, 1.5), hard=(Outcome.NOT_ATTEMPTED, 0.0))]
    easy, hard = items(given, POINTS)
    assert (easy.share, easy.wrong, hard.share) == (0.75, 1, 0.0)


def test_mark_of_a_person_reaches_discrimination():
    before = class_of(20)
    raised = [mark(m.student, **{n: (v["outcome"], POINTS[n]) for n, v in m.verdicts.items()}) for m in before[:4]]
    assert items(raised + before[4:], POINTS)[0].share > items(before, POINTS)[0].share
    mixed = [mark(m.student, easy=(Outcome.WRONG, 2.0), hard=(Outcome.WRONG, 0.0)) for m in before[:4]]
    assert items(mixed + before[4:], POINTS)[0].discrimination < items(before, POINTS)[0].discrimination


@pytest.mark.parametrize("many", [1, 6])
def test_what_could_not_be_checked_and_waits_is_counted_apart_and_changes_no_figure(many):
    known = class_of(20)
    unclear = [
        mark(f"u{k}", True, easy=(Outcome.UNCHECKABLE, 0.0), hard=(Outcome.UNCHECKABLE, 0.0)) for k in range(many)
    ]
    for before, after in zip(items(known, POINTS), items(known + unclear, POINTS)):
        assert after.unchecked == many and after.wrong == before.wrong
        assert after.share == before.share and after.discrimination == pytest.approx(before.discrimination)


def test_what_could_not_be_checked_counts_once_a_person_has_marked_it():
    [easy, _] = items([mark("u", easy=(Outcome.UNCHECKABLE, 2.0), hard=(Outcome.RIGHT, 4.0))], POINTS)
    assert (easy.unchecked, easy.share) == (1, 1.0)
    [easy, _] = items([mark("u", easy=(Outcome.UNCHECKABLE, 0.0), hard=(Outcome.RIGHT, 4.0))], POINTS)
    assert easy.share == 0.0


def test_exercise_that_nobody_could_check_has_no_share():
    unclear = [mark("u", True, easy=(Outcome.UNCHECKABLE, 0.0), hard=(Outcome.RIGHT, 4.0))]
    [easy, _] = items(unclear, POINTS)
    assert easy.share is None
    assert "cannot be checked" in report(LESSON, unclear, POINTS, [], names=False, site=None)


def test_lesson_of_text_answers_alone_has_its_report():
    texts = [Mark("a", 1.0, 2.0, False, {}, points={"why-kink": 1.0}, worth={"why-kink": 2.0})]
    page = report(LESSON, texts, {}, [], names=False, site=None)
    assert "why-kink" in page and "how well it separates" not in page
