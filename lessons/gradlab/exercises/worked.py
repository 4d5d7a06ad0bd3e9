"""Worked answers, shown after a check is passed. The build writes them, encoded, so that nobody reads one by accident."""

import base64
import json
from datetime import date
from pathlib import Path

from IPython.display import display

FOLDER = Path(__file__).resolve().parent.parent / "worked"
FROM = "from.txt"  # in an edition that gives answers from a day on


def worked_answer(exercise: str) -> str:
    """The author's own answer to an exercise; empty where the file is missing, as it is while hand-ins are marked, and
    before the day from which an edition gives answers."""
    if (day := FOLDER / FROM).exists() and date.today() < date.fromisoformat(day.read_text().strip()):
        return ""
    for path in sorted(FOLDER.glob("*.b64")):
        answers = json.loads(base64.b64decode(path.read_bytes()))
        if exercise in answers:
            return answers[exercise]
    return ""


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
