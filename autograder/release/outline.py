"""What a lesson holds, in short: its sections with their explorers, its exercises with points and minutes."""

import json
import re

from nbformat import NotebookNode

from autograder.notebooks.cells import grade_id, nbgrader_metadata, test_cell_name
from gradlab.exercises.passage import anchor

HEADING = re.compile(r"^##+ (.+?)\s*$", re.MULTILINE)
TITLE = re.compile(r"^# (.+?)\s*$", re.MULTILINE)
EXERCISE_MINUTES = re.compile(r"·\s*(\d+) minutes")
SITTINGS = re.compile(r"^\*\*(?:(?P<count>Two|Three) sittings of )?(?P<minutes>\d+) minutes", re.MULTILINE)
EXPLORER = re.compile(r"^explorers\.(\w+)\(", re.MULTILINE)
COUNTS = {None: 1, "Two": 2, "Three": 3}


def outline(source: NotebookNode) -> bytes:
    """The outline of a source notebook as the bytes of a JSON file, which `gradlab.exercises.outline` reads."""
    sections: list[dict] = []
    exercises: list[dict] = []
    title, text, minutes = "", "", 0
    points = {grade_id(cell): nbgrader_metadata(cell).get("points") for cell in source.cells}
    for cell in source.cells:
        name = grade_id(cell)
        if nbgrader_metadata(cell).get("solution"):
            worth = points.get(name) if cell.cell_type == "markdown" else points.get(test_cell_name(name))
            asked = EXERCISE_MINUTES.findall(text)
            exercises.append(
                {
                    "name": name,
                    "title": sections[-1]["title"] if sections else title,
                    "minutes": int(asked[-1]) if asked else 0,
                    "points": worth or 0,
                    "by_hand": cell.cell_type == "markdown",
                }
            )
        elif cell.cell_type == "markdown":
            text = cell.source
            title = title or next(iter(TITLE.findall(text)), "")
            if not minutes and (told := SITTINGS.search(text)):
                minutes = COUNTS[told["count"]] * int(told["minutes"])
            sections += [{"title": each, "explorers": []} for each in HEADING.findall(text)]
        elif sections:
            sections[-1]["explorers"] += EXPLORER.findall(cell.source)
    for each in (*sections, *exercises):
        each["anchor"] = anchor(each["title"])
    found = {"title": title, "minutes": minutes, "sections": sections, "exercises": exercises}
    return (json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
