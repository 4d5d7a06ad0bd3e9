"""Write marks into the gradebook: test cells by the grader's verdicts, text answers wait for a person."""

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.notebooks.cells import VERDICTS, exercises_by_test, grade_id
from gradlab.exercises.verdict import Outcome, Verdict

NO_RESPONSE = "No response."


class SaveVerdicts(NbGraderPreprocessor):
    """In the place of nbgrader's SaveAutoGrades: points only for a verdict that the grader itself reached."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        with Gradebook(resources["nbgrader"]["db_url"]) as gradebook:
            save(gradebook, nb, resources)
            gradebook.db.commit()
        return nb, resources


def save(gradebook: Gradebook, nb: NotebookNode, resources: dict) -> None:
    """Write all marks and automatic comments of a hand-in; a person's marks and comments stay. The caller commits."""
    marking, verdicts = resources["nbgrader"], resources[VERDICTS]
    submitted = gradebook.find_submission_notebook(marking["notebook"], marking["assignment"], marking["student"])
    grades = {grade.name: grade for grade in submitted.grades}
    comments = {comment.name: comment for comment in submitted.comments}
    tests = exercises_by_test(list(verdicts))
    for cell in nb.cells:
        name = grade_id(cell)
        if name in tests:
            verdict, grade = verdicts[tests[name]], grades[name]
            grade.auto_score = verdict.share * float(grade.max_score)
            unclear = verdict.outcome is Outcome.UNCHECKABLE
            grade.needs_manual_grade = unclear or grade.manual_score is not None
        elif name in grades:
            grade = grades[name]
            grade.auto_score, _ = utils.determine_grade(cell)
            grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None
        if name in comments and utils.is_solution(cell):
            comments[name].auto_comment = _comment(cell, verdicts.get(name))


def _comment(cell: NotebookNode, verdict: Verdict | None) -> str | None:
    untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
    if untouched or (verdict and verdict.outcome is Outcome.NOT_ATTEMPTED):
        return NO_RESPONSE
    return None if verdict is None or verdict.right else verdict.text
