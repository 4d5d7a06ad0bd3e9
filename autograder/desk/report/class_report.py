"""The class report: one page that needs nothing else, with no student's name unless asked for."""

import re
from pathlib import Path

import nbformat
from gradlab.explore.figures import svg, svg_uri
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from autograder.desk.course.files import write_whole
from autograder.desk.course.folder import Course, CourseError
from autograder.desk.grade.marks import Mark, read_mark
from autograder.desk.report.item_statistics import items, misconceptions
from autograder.desk.report.report_figures import items_figure, marks_figure
from autograder.marking.cells import grade_id, test_cell_name
from autograder.release.build import ROOT, lesson_path


def write_report(course: Course, lesson: str, *, names: bool = False, site: str = "site") -> Path:
    """Write `reports/LESSON.html` in the course folder. Raises CourseError if nothing of the lesson is marked."""
    with course.gradebook() as gradebook:
        assignments = [assignment for assignment in gradebook.assignments if assignment.name == lesson]
        students = [submission.student.id for assignment in assignments for submission in assignment.submissions]
        marks = [read_mark(course, gradebook, lesson, student) for student in sorted(students)]
        points = {
            cell.name: cell.max_score
            for assignment in assignments
            for nb in assignment.notebooks
            for cell in nb.grade_cells
        }
    if not marks:
        raise CourseError(f"Nothing of {lesson} has been marked yet; run `gradlab grade {lesson}` first.")
    exercises = dict.fromkeys(name for mark in marks for name in mark.verdicts)
    path = course.root / "reports" / f"{lesson}.html"
    page = report(lesson, marks, {name: points[test_cell_name(name)] for name in exercises}, names=names, site=site)
    write_whole(path, page.encode())
    return path


def report(lesson: str, marks: list[Mark], points: dict[str, float], *, names: bool, site: str) -> str:
    """The page as text."""
    found = items(marks, points)
    pictures = [marks_figure([mark.score for mark in marks], marks[0].max_score), items_figure(found)]
    template = Environment(loader=FileSystemLoader(ROOT / "assets"), autoescape=True).get_template("report.html.j2")
    return template.render(
        lesson=lesson,
        hand_ins=len(marks),
        waiting=sum(mark.needs_manual_grade for mark in marks),
        odd=sum(bool(mark.remarks) for mark in marks),
        pictures=[{"uri": Markup(svg_uri(svg(figure))), "alt": alt} for figure, alt in pictures],
        items=found,
        misconceptions=misconceptions(marks),
        passages=passages(lesson, site),
        names=names,
    )


def passages(lesson: str, site: str) -> dict[str, dict[str, str]]:
    """Exercise → the title of its passage in the lesson, and where the site has it."""
    title, found = lesson, {}
    for cell in nbformat.read(lesson_path(lesson), as_version=4).cells:
        if cell.cell_type == "markdown":
            headings = re.findall(r"^#{1,3} +(.+)$", cell.source, re.MULTILINE)
            title = headings[-1].strip() if headings else title
        elif grade_id(cell):
            anchor = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")  # as Sphinx makes it
            found[grade_id(cell)] = {"title": title, "href": f"{site.rstrip('/')}/lessons/{lesson}.html#{anchor}"}
    return found
