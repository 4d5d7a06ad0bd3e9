"""The class report: item statistics, misconceptions by name, and no student on the page unless asked."""

import random

import pytest

from autograder.desk.grade.marks import Mark
from autograder.desk.report.class_report import report
from autograder.desk.report.item_statistics import items, misconceptions
from autograder.desk.report.report_figures import items_figure, marks_figure

POINTS = {"soft_abs": 2.0, "soft_sign": 2.0, "soft_threshold": 3.0}


def mark(student: str, right: set[str], label: str = "minus-sign") -> Mark:
    verdicts = {
        name: {
            "exercise": name,
            "outcome": "right" if name in right else "wrong",
            "misconception": label,
            "message": "A <b>sentence</b>.",
        }
        for name in POINTS
    }
    return Mark(student, sum(POINTS[name] for name in right), 7.0, False, verdicts)


def class_of(number: int) -> list[Mark]:
    """Students by ability: the first two exercises follow it, the third is luck."""
    luck = random.Random(1)
    return [
        mark(
            f"student-{k}",
            ({"soft_abs", "soft_sign"} if k % 2 else set()) | ({"soft_threshold"} if luck.random() < 0.5 else set()),
        )
        for k in range(number)
    ]


def test_exercise_that_follows_ability_separates_better_than_luck():
    soft_abs, soft_sign, luck = items(class_of(60), POINTS)
    assert soft_abs.discrimination == pytest.approx(soft_sign.discrimination)
    assert soft_abs.discrimination > 0.5 > abs(luck.discrimination)
    assert soft_abs.right + soft_abs.wrong == 60 and soft_abs.share == 0.5


def test_reversing_an_exercise_reverses_its_discrimination():
    students = class_of(40)
    turned = [
        mark(m.student, {n for n in POINTS if (m.verdicts[n]["outcome"] == "right") != (n == "soft_abs")})
        for m in students
    ]
    assert items(turned, POINTS)[0].discrimination == pytest.approx(-items(students, POINTS)[0].discrimination)


@pytest.mark.parametrize(
    "students", [[], class_of(3), [mark(f"s{k}", set(POINTS)) for k in range(9)]], ids=["none", "few", "all right"]
)
def test_discrimination_is_not_made_up(students):
    assert all(item.discrimination is None for item in items(students, POINTS))


def test_most_frequent_misconception_comes_first():
    found = misconceptions([mark("a", set(), "rare"), *[mark(f"b{k}", {"soft_abs"}, "common") for k in range(3)]])
    assert found[0].label == "common" and found[0].count == 3 and found[-1].label == "rare"


def test_nothing_of_the_pictures_is_cut_off():
    marks = class_of(30)
    for figure, _ in (marks_figure([mark.score for mark in marks], 7), items_figure(items(marks, POINTS))):
        figure.draw_without_rendering()
        drawn, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
        assert drawn.x0 >= 0 and drawn.x1 <= width and drawn.y0 >= 0 and drawn.y1 <= height


def test_page_names_nobody_unless_asked_and_runs_nothing():
    students = class_of(12)
    quiet = report("01-soft-thresholding", students, POINTS, [], names=False, site="site")
    assert "student-" not in quiet and "student-" in report(
        "01-soft-thresholding", students, POINTS, [], names=True, site="site"
    )
    assert "<script" not in quiet and "A &lt;b&gt;sentence&lt;/b&gt;." in quiet and 'src="http' not in quiet
    assert "minus-sign" in quiet and "site/lessons/01-soft-thresholding.html#exercise-1-" in quiet


def test_page_opens_without_a_network_and_its_pictures_are_told(offline, tmp_path):
    (tmp_path / "report.html").write_text(
        report("01-soft-thresholding", class_of(30), POINTS, [], names=False, site="site")
    )
    asked = []
    offline.on("request", lambda request: asked.append(request.url))
    offline.goto((tmp_path / "report.html").as_uri())
    widths = offline.eval_on_selector_all("img", "images => images.map(i => i.naturalWidth)")
    alts = offline.eval_on_selector_all("img", "images => images.map(i => i.alt)")
    offline.screenshot(path=tmp_path / "report.png", full_page=True)
    assert len(widths) == 2 and all(widths) and all(len(alt) > 40 for alt in alts)
    assert all(url.startswith(("file:", "data:")) for url in asked)
