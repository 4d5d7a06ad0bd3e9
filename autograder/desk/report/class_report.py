"""The class report: one page that needs nothing else, with no student's name unless asked for."""

import re
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from matplotlib.figure import Figure

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.give_back.standings import MISSING, OLD, standings
from autograder.desk.grade.marks import Mark, marked_notebook, unprotected
from autograder.desk.report.expectation_figures import expectation_figure
from autograder.desk.report.expectations import Expectation, expectations
from autograder.desk.report.item_statistics import items, misconceptions, text_answers
from autograder.desk.report.report_figures import items_figure, marks_figure
from autograder.notebooks.cells import grade_id, test_cell_name
from autograder.notebooks.files import write_whole
from autograder.notebooks.places import ROOT, lesson_path
from gradlab.exercises.passage import anchor
from gradlab.explore.figures import svg, svg_uri


def write_report(course: Course, lesson: str, *, names: bool = False, site: str | None = None) -> Path:
    """Write `reports/LESSON.html` in the course folder. Raises CourseError if nothing of the lesson has a mark."""
    found = [each for each in standings(course, lesson) if each.state != MISSING]
    marks = [each.mark for each in found if each.mark]
    if not marks:
        raise CourseError(f"No hand-in of {lesson} has a mark that counts; run `gradlab grade {lesson}` first.")
    with course.gradebook() as gradebook:
        points = {
            cell.name: cell.max_score
            for notebook in gradebook.find_assignment(lesson).notebooks
            for cell in notebook.grade_cells
        }
    judged = dict.fromkeys(name for mark in marks for name in mark.verdicts)
    path = course.root / "reports" / f"{lesson}.html"
    expected = expectations(lesson, filter(None, (marked_notebook(course, lesson, mark.student) for mark in marks)))
    # Notebooks that were marked before the lesson changed may have exercises that it has no longer.
    worth = {name: points[test] for name in judged if (test := test_cell_name(name)) in points}
    old = sum(each.state in OLD for each in found)
    page = report(lesson, marks, worth, expected, old=old, names=names, site=site)
    write_whole(path, page.encode())
    return path


def report(
    lesson: str,
    marks: list[Mark],
    points: dict[str, float],
    expected: list[Expectation],
    *,
    names: bool,
    site: str | None,
    old: int = 0,
) -> str:
    """The page as text; `old` is how many of the marks are not of what is there now."""
    found = items(marks, points)
    pictures = [marks_figure([mark.score for mark in marks], marks[0].max_score)]
    pictures += [items_figure(found)] if found else []  # a lesson may have text answers alone
    template = Environment(loader=FileSystemLoader(ROOT / "assets"), autoescape=True).get_template("report.html.j2")
    return template.render(
        lesson=lesson,
        hand_ins=len(marks),
        old=old,
        waiting=sum(mark.needs_manual_grade for mark in marks),
        odd=sum(bool(mark.remarks) for mark in marks),
        pictures=[picture(*each) for each in pictures],
        expected=[(each, picture(*drawn) if (drawn := expectation_figure(each)) else None) for each in expected],
        items=found,
        misconceptions=misconceptions(marks),
        texts=text_answers(marks),
        passages=passages(lesson, site),
        names=names,
        unprotected=unprotected(marks),
    )


def picture(figure: Figure, alt: str) -> dict[str, str]:
    """A figure as the page shows it."""
    return {"uri": Markup(svg_uri(svg(figure))), "alt": alt}


def passages(lesson: str, site: str | None) -> dict[str, dict[str, str]]:
    """Exercise → the title of its passage in the lesson, and where the site has it; no address without a site."""
    folder = Path(site) if site else None
    base = (folder.resolve().as_uri() if folder and folder.is_dir() else site or "").rstrip("/")
    title, found = lesson, {}
    for cell in nbformat.read(lesson_path(lesson), as_version=4).cells:
        if cell.cell_type == "markdown":
            headings = re.findall(r"^#{1,3} +(.+)$", cell.source, re.MULTILINE)
            title = headings[-1].strip() if headings else title
        elif grade_id(cell):
            href = f"{base}/lessons/{lesson}.html#{anchor(title)}" if base else ""
            found[grade_id(cell)] = {"title": title, "href": href}
    return found
