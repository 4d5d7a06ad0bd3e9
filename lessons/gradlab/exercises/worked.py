"""Worked answers, shown after a check is passed. The build writes them, encoded, so that nobody reads one by accident."""

import base64
import json
from datetime import date
from pathlib import Path

from IPython.display import display

from gradlab.course import LESSONS, brought_by

FROM = Path(__file__).resolve().parent.parent / "worked" / "from.txt"  # in an edition that gives answers from a day on


def worked_answer(exercise: str) -> str:
    """The author's own answer to an exercise; empty where the file is missing, as it is while hand-ins are marked, and
    before the day from which an edition gives answers."""
    if FROM.exists() and date.today() < date.fromisoformat(FROM.read_text().strip()):
        return ""
    paths = (brought_by(lesson) / "worked" / f"{lesson}.b64" for lesson in LESSONS)
    answers = (json.loads(base64.b64decode(path.read_bytes())) for path in paths if path.exists())
    return next((found[exercise] for found in answers if exercise in found), "")


def show_model_answer(question: str) -> None:
    """Display the author's answer to a question in words, folded; a sentence where this edition holds none."""
    answer = worked_answer(question).strip()
    text = "The model answer is not in this edition: ask whoever gave it to you."
    if answer:
        text = f"<details><summary>A model answer, when yours is written</summary>\n\n{answer}\n\n</details>"
    plain = "A model answer is folded here, in a notebook." if answer else text
    display({"text/markdown": text, "text/plain": plain}, raw=True)


def encode(answers: dict[str, str]) -> bytes:
    """The bytes of a file of worked answers."""
    text = base64.encodebytes(json.dumps(answers, sort_keys=True, ensure_ascii=False).encode())
    return text
