"""Write marks into the gradebook: test cells by the grader's verdicts, text answers wait for a person."""

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import SaveAutoGrades

from autograder.marking.cells import exercises_by_test, grade_id
from autograder.marking.execute import VERDICTS
from gradlab.checks.verdict import Outcome


class SaveVerdicts(SaveAutoGrades):
    """Points only for a verdict that the grader itself reached in this run; no verdict, no points."""

    def _add_score(self, cell: NotebookNode, resources: dict) -> None:
        exercise = exercises_by_test(list(resources[VERDICTS])).get(grade_id(cell))
        if exercise is None:
            return super()._add_score(cell, resources)
        verdict = resources[VERDICTS][exercise]
        grade = self.gradebook.find_grade(grade_id(cell), self.notebook_id, self.assignment_id, self.student_id)
        grade.auto_score = float(grade.max_score) if verdict.right else 0.0
        unclear = verdict.outcome is Outcome.UNCHECKABLE
        grade.needs_manual_grade = unclear or grade.manual_score is not None
        self.gradebook.db.commit()
        return None

    def _add_comment(self, cell: NotebookNode, resources: dict) -> None:
        super()._add_comment(cell, resources)
        exercise = grade_id(cell)
        verdict = resources[VERDICTS].get(exercise)
        if verdict is None or verdict.right or utils.is_task(cell):
            return
        comment = self.gradebook.find_comment(exercise, self.notebook_id, self.assignment_id, self.student_id)
        comment.auto_comment = "No response." if verdict.outcome is Outcome.NOT_ATTEMPTED else verdict.text
        self.gradebook.db.commit()
