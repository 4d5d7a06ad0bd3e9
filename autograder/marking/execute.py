"""Run a hand-in in its own kernel while the grader examines it from outside."""

import logging
import time
from copy import deepcopy
from functools import partial
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from nbgrader.preprocessors import Execute
from traitlets import Bool, Float

from autograder.marking.examiner import Examiner
from autograder.marking.plain_tests import plain_tests, plain_verdict
from autograder.marking.replay import NOT_DRAWN, explorer_sources
from autograder.marking.restore import NOT_RUN
from autograder.marking.verdict_texts import bounded
from autograder.notebooks.cells import VERDICTS, exercises_by_test, grade_id
from autograder.sandbox.managers import PlainKernelManager, SandboxKernelManager
from gradlab.exercises.card import as_data, bundle
from gradlab.exercises.judge import judge_learners
from gradlab.exercises.registry import exercise_names, find_exercise
from gradlab.exercises.verdict import Verdict, not_attempted, wrong
from gradlab.exercises.writing import bound_names_of, fault_in, seems_to_define, text_of

log = logging.getLogger("gradlab.execute")

EXAMINE = "from gradlab.probe.examine import examine\nexamine({exercise!r}, globals())"
UNDEFINED = "undefined"
NOT_FOLLOWED = "What this cell sent could not be followed; what it printed is not shown."
KERNEL_DIED = "The kernel died while the hand-in ran (memory, a crash, or a call that ends the process)."


class ExamineWhileExecuting(Execute):
    """nbgrader's Execute with a kernel that has an exam socket; verdicts go into the resources and the test cells."""

    sandbox = Bool(True, help="Whether hand-ins run confined; otherwise they have the grader's rights.").tag(
        config=True
    )
    total_seconds = Float(600.0, help="Wall time for the whole hand-in.").tag(config=True)

    store_widget_state = False  # code for a browser, from the hand-in
    record_timing = False

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None) -> tuple[NotebookNode, dict]:
        exercises = self._exercises(nb, resources["nbgrader"]["assignment"])
        self._tests = exercises_by_test(exercises)
        self._explorers = explorer_sources(resources["nbgrader"]["assignment"])
        self._code, self._run = [_code_of(cell) for cell in nb.cells], 0
        self._exams = {name: partial(judge_learners, find_exercise(name)) for name in exercises}
        self._examiner, self._ended = None, ""
        metadata = deepcopy(nb.metadata)  # while it runs, the kernel's own account of its language gets in there
        try:
            nb, resources = super().preprocess(nb, resources, km)
        finally:
            if self._examiner is not None:
                self._examiner.close()
        nb.metadata = metadata
        verdicts = self._examiner.verdicts if self._examiner else {}
        resources[VERDICTS] = verdicts = {
            name: bounded(self._final(name, verdicts.get(name), nb)) for name in exercises
        }
        for cell in nb.cells:
            if exercise := self._checked_by(cell):
                _write_verdict(cell, verdicts[exercise], protected=True)
        for name, cell in plain_tests(nb, self._tests).items():
            verdicts[name] = bounded(plain_verdict(name, cell, self._ended))
            _write_verdict(cell, verdicts[name], protected=False)
        return nb, resources

    def _checked_by(self, cell: NotebookNode) -> str | None:
        """The exercise whose test cell this is."""
        return self._tests.get(grade_id(cell) or "")

    def _provisioner(self) -> Any:
        """What started the kernel of this hand-in: our sandbox, or what has the same face."""
        assert self.km is not None
        return self.km.provisioner

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int) -> tuple[NotebookNode, dict]:
        if self._examiner is None:
            self._examiner = Examiner(self._provisioner().exam_socket, self._exams, self._text_of)
            self._examiner.start()
            self._deadline = time.monotonic() + self.total_seconds  # from the first cell: a kernel may start slowly
        if self._ended or cell.cell_type != "code" or cell.metadata.get(NOT_RUN):
            return cell, resources
        if cell.source in self._explorers:  # drawing them takes more time than all the rest
            cell.outputs = [new_output("display_data", data={"text/plain": NOT_DRAWN})]
            return cell, resources
        if time.monotonic() > self._deadline:
            self._ended = f"The hand-in ran for more than {self.total_seconds:g} seconds and was stopped."
            return cell, resources
        exercise = self._checked_by(cell)
        running = new_code_cell(EXAMINE.format(exercise=exercise)) if exercise else cell
        self._run = index
        self._examiner.cell_begins()
        try:
            _, resources = super().preprocess_cell(running, resources, index)
        except DeadKernelError:
            limit = getattr(self._provisioner(), "stopped_because", None)
            self._ended = f"The hand-in was stopped: {limit}." if limit else KERNEL_DIED
            cell.outputs.append(new_output("error", ename="DeadKernel", evalue=self._ended, traceback=[self._ended]))
        except CellTimeoutError:
            self._ended = "Its kernel stopped answering, so the rest could not be run."
        except Exception as error:  # what a hand-in sends can make nbclient stumble: that costs this cell
            log.warning("a cell of the hand-in could not be followed", exc_info=error)
            cell.outputs.append(new_output("error", ename="NotFollowed", evalue=NOT_FOLLOWED, traceback=[NOT_FOLLOWED]))
        finally:
            self._examiner.cell_ends()
            self.nb.cells[index] = cell
        return cell, resources

    def _text_of(self, exercise: str) -> str:
        """The text of an answer as it stands in the cells that have run."""
        return text_of(exercise, self._code[: self._run + 1])

    async def _async_check_alive(self) -> None:
        if self.kc is None:  # nbclient's last look, after the end, would fail an assertion and print it
            raise DeadKernelError("The kernel was shut down.")
        await super()._async_check_alive()

    def create_kernel_manager(self) -> PlainKernelManager:
        """A kernel with an exam socket, confined unless told otherwise; we own it and shut it down."""
        self.comm_open_handlers = {}  # nbclient would play a front end for output widgets, and stumble
        self.shutdown_kernel = "immediate" if self.sandbox else "graceful"  # with a sandbox end all that ran in it
        self.km = (SandboxKernelManager if self.sandbox else PlainKernelManager)(parent=self)
        return self.km

    @staticmethod
    def _exercises(nb: NotebookNode, lesson: str) -> list[str]:
        """The exercises of the lesson that stand in this notebook, in its order."""
        tests = exercises_by_test(exercise_names(lesson))
        return [tests[name] for cell in nb.cells if (name := grade_id(cell)) in tests]

    def _final(self, exercise: str, verdict: Verdict | None, nb: NotebookNode) -> Verdict:
        """The examiner's verdict; where there is none, or no answer when it looked, the reason for that."""
        if verdict is not None and verdict.misconception != UNDEFINED:
            return verdict
        defining = [place for place, code in enumerate(self._code) if exercise in bound_names_of(code)]
        if not defining:
            return _no_definition(exercise, self._code)
        if verdict is None:
            reason = self._ended or "Its test cell ended before the exam began."
            return wrong(exercise, "no-exam", f"This answer could not be examined. {reason}")
        check = next(place for place, cell in enumerate(nb.cells) if self._checked_by(cell) == exercise)
        above = [place for place in defining if place < check]
        return wrong(exercise, UNDEFINED, _why_undefined(exercise, nb.cells[above[-1]] if above else None))


def _no_definition(exercise: str, cells: list[str]) -> Verdict:
    """Not attempted, or the last cell that would define the answer is no Python."""
    faults = [fault for code in cells if seems_to_define(exercise, code) and (fault := fault_in(code))]
    if not faults:
        return not_attempted(exercise)
    return wrong(exercise, "not-run", f"The cell that defines `{exercise}` did not run: {faults[-1]}. Mend that line.")


def _why_undefined(exercise: str, defining: NotebookNode | None) -> str:
    """Why there is no answer where its check stands, though a cell defines one; `defining` is the last one above."""
    if defining is None:
        return f"The check of `{exercise}` stands above the cell that defines it. Move the check below."
    said = [
        f"{str(each.ename)[:100]}: {str(each.evalue)[:200]}" for each in defining.outputs if each.output_type == "error"
    ]
    ended = f"ended with {said[0]}" if said else "left nothing of that name"
    return f"There is no `{exercise}` when its check runs: the cell that defines it {ended}."


def _code_of(cell: NotebookNode) -> str:
    """What a cell runs, as far as it is the learner's."""
    return cell.source if cell.cell_type == "code" and not cell.metadata.get(NOT_RUN) else ""


def _write_verdict(cell: NotebookNode, verdict: Verdict, *, protected: bool) -> None:
    """The cell shows what the grader found, not what the hand-in printed."""
    data = bundle(verdict)
    cell.outputs = [new_output("display_data", data={kind: data[kind] for kind in ("text/html", "text/plain")})]
    cell.metadata["gradlab"] = as_data(verdict) | {"protected": protected}
