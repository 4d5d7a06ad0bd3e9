"""Build lessons: every source read, released and checked aside; then the files are swapped in."""

from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.notebooks.files import write_bytes, write_whole
from autograder.notebooks.places import home_of, lesson_path, source_path
from autograder.release.assignment import release
from autograder.release.exercise_rules import names_of_others, own_tests
from autograder.release.outline import HEADING, outline
from autograder.release.rules import complaints
from autograder.release.source import SourceError, read_source, worked_answers
from gradlab.course import LESSONS, brought_by
from gradlab.exercises.passage import anchor
from gradlab.exercises.worked import encode


@dataclass(frozen=True)
class Built:
    """A built lesson: the files it is made of, and what is wrong with it."""

    lesson: str
    files: dict[Path, bytes]
    problems: list[str]
    unprotected: tuple[str, ...] = ()  # test cells of the author's own


def build_lesson(lesson: str, root: Path | None = None) -> Built:
    """Read, release and check one lesson; writes nothing. `root` is another place than the lesson's own home."""
    path = source_path(lesson, root)
    package = root / "lessons" / "gradlab" if root else brought_by(lesson)
    try:
        source = read_source(path)
        released = release(source, lesson, LESSONS[lesson])
    except SourceError as error:
        return Built(lesson, {}, [str(error)])
    found = [*complaints(source, released), *names_of_others(source, lesson)]
    problems = [f"{path.name}: {where}: {what}" for where, what in found]
    files = {
        lesson_path(lesson, root): write_bytes(tidy(released)),
        package / "worked" / f"{lesson}.b64": encode(worked_answers(source)),
        package / "outlines" / f"{lesson}.json": outline(source),
    }
    return Built(lesson, files, problems, own_tests(source))


def tidy(notebook: NotebookNode) -> NotebookNode:
    """The released notebook without traces of the build, with an anchor before every heading that links may name."""
    notebook.metadata.pop("celltoolbar", None)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = HEADING.sub(lambda found: f'<a id="{anchor(found[1])}"></a>\n\n{found[0]}', cell.source)
    return notebook


def build(lessons: list[str], root: Path | None = None) -> list[Built]:
    """Build all of these, then swap the files in; a lesson with a problem keeps its old files."""
    built = [build_lesson(lesson, root) for lesson in lessons]
    for each in built:
        if not each.problems:
            for path, data in each.files.items():
                _swap_in(path, data)
    return built


def stale(each: Built, root: Path | None = None) -> list[str]:
    """What `--check` says of files that are not what the source would give."""
    found = []
    for path, data in each.files.items():
        # Git on Windows may have been told to end lines with CR LF; inside a notebook's strings line ends are escaped.
        if not path.exists() or path.read_bytes().replace(b"\r\n", b"\n") != data:
            found.append(
                f"{path.relative_to(root or home_of(each.lesson))}: the file: is stale; run `gradlab build` and commit it"
            )
    folder = lesson_path(each.lesson, root).parent
    extra = sorted(p.name for p in folder.glob("*") if p not in each.files and p.suffix in (".py", ".md", ".b64"))
    return found + [f"{folder.name}: {name}: does not belong in a lesson; remove it" for name in extra]


def _swap_in(path: Path, data: bytes) -> None:
    if path.exists():
        if path.read_bytes() == data:
            return
        _keep_work(path)
    write_whole(path, data)


def _keep_work(path: Path) -> None:
    """A notebook that somebody ran is kept beside the new one: nothing of theirs is lost."""
    if path.suffix != ".ipynb":
        return
    try:
        worked_on = any(cell.get("execution_count") for cell in nbformat.read(path, as_version=4).cells)
    except (ValueError, nbformat.reader.NotJSONError):
        worked_on = True
    if worked_on:
        number = 1
        while (kept := path.with_name(f"{path.stem}.yours-{number}.ipynb")).exists():
            number += 1
        path.rename(kept)
