"""Editions of the course: what a learner gets, which holds no answers, and what an instructor installs, which is all of it."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import autograder
from autograder.notebooks.places import GRADLAB, ROOT, is_clone, lesson_path, source_path
from autograder.release import wheel_contents
from autograder.release.badges import readme_lines
from autograder.release.build import build_lesson, stale
from autograder.release.recorded_checks import recording
from autograder.release.source import read_source, worked_answers
from autograder.release.strip import stripped
from autograder.work.start_page import START, start_page, title_of
from gradlab.course import LESSONS, brought_by, lesson_package
from gradlab.exercises.registry import exercise_names, find_exercise
from gradlab.exercises.worked import encode

NAME = "gradlab-learner"
LEARNERS_ROOMS = ("cli", "notebooks", "work", "__init__.py", "overview.py", "progress.py")  # of the autograder
LEARNERS_PAGES = ("glossary.md", "notation.md", "student.md")
CONTAINER = "Containerfile"
TOP = ("LICENSE", "constraints.txt", "environment.yml")
ARCHIVES = (".7z", ".bz2", ".gz", ".rar", ".tar", ".tbz2", ".tgz", ".txz", ".whl", ".xz", ".zip", ".zst")
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", ".explorers", "*.yours-*.ipynb", "edition")
README = """# gradlab: the learner's edition

{lessons}

Install it and open the lessons; they are copied into the folder `work`:

```sh
pip install {what}
gradlab lab
```

`gradlab progress` shows how far you are, `gradlab update` brings a newer edition into your work: your answers stay.
`assets/guides/student.md` says the rest.
"""


class ReleaseError(ValueError):
    """Something that the one who releases can put right; the text says how."""


def release_learner(
    target: Path,
    lessons: list[str],
    *,
    answers: bool = False,
    answers_from: date | None = None,
    address: str = "",
    say: Callable[[str], None] = print,
) -> Path:
    """Make the learner's edition of these lessons: a folder, a zip file, or a wheel by the ending of `target`.

    It holds no solutions, no exams, no bank, no reference that an exercise is checked against and no wrong answer that runs:
    checks are recorded. Worked answers are in it only with `answers`, and then unfold from the day `answers_from` on.
    `address` is that of the repository in which it will lie, for badges that open it in Binder and Colab. Returns what was
    written. Raises ReleaseError for a target that cannot be written, an address that is none, and a lesson that is not built from
    its source as it is now.
    """
    if answers_from and not answers:
        raise ReleaseError("--from says from when on worked answers unfold; it goes with --with-answers.")
    _try_place(target)
    try:
        listing = readme_lines(address, {lesson: title_of(lesson) for lesson in lessons})
    except ValueError as error:
        raise ReleaseError(str(error)) from None
    with tempfile.TemporaryDirectory() as aside:
        stage = Path(aside, NAME)
        _stage_common(stage, lessons)
        for room in LEARNERS_ROOMS:
            _copy(Path(autograder.__file__).parent / room, stage / "autograder" / room)
        _copy(ROOT / "assets" / CONTAINER, stage / CONTAINER)
        for page in LEARNERS_PAGES:
            _copy(ROOT / "assets" / "guides" / page, stage / "assets" / "guides" / page)
        exercises = {name: lesson for lesson in lessons for name in exercise_names(lesson)}
        for name in _without_answers(stage / "lessons", exercises):
            say(f"The reference {name} stays, since a symptom or an inspection calls it.")
        for exercise in exercises:
            _write(stage / "lessons" / "gradlab" / "recorded" / f"{exercise}.json", recording(find_exercise(exercise)))
        if answers:
            for lesson in lessons:
                answered = encode(worked_answers(read_source(source_path(lesson))))
                _write(stage / "lessons" / "gradlab" / "worked" / f"{lesson}.b64", answered)
            if answers_from:
                _write(stage / "lessons" / "gradlab" / "worked" / "from.txt", answers_from.isoformat().encode())
        _write(
            stage / "pyproject.toml", _learners_project((ROOT / "pyproject.toml").read_text(encoding="utf-8")).encode()
        )
        what = ". --constraint constraints.txt" if target.suffix != ".whl" else "gradlab-….whl"
        _write(stage / "README.md", README.format(lessons=listing, what=what).encode())
        return _deliver(stage, target)


def release_instructor(target: Path) -> Path:
    """Make the instructor's edition, a wheel with all that a clone has but the tests. Raises ReleaseError as above."""
    if target.suffix != ".whl":
        raise ReleaseError(
            "The instructor's edition is the repository itself, or a wheel: name one, as  --to gradlab.whl"
        )
    _try_place(target)
    with tempfile.TemporaryDirectory() as aside:
        stage = Path(aside, "gradlab-instructor")
        _stage_common(stage, list(LESSONS))
        _copy(Path(autograder.__file__).parent, stage / "autograder")
        _copy(GRADLAB / "worked", stage / "lessons" / "gradlab" / "worked")
        for name in ("solutions", "assets", "README.md"):
            _copy(ROOT / name, stage / name)
        for lesson in others_lessons(list(LESSONS)):
            _copy(source_path(lesson).parent, stage / "solutions" / lesson)
            worked = Path("worked", f"{lesson}.b64")
            _copy(brought_by(lesson) / worked, stage / "lessons" / "gradlab" / worked)
        project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        _write(stage / "pyproject.toml", _dated(project).encode())
        return _deliver(stage, target)


def _try_place(target: Path) -> None:
    """Raises ReleaseError, before anything is computed, for a place that is taken, takes no file, or wants another form."""
    if target.exists():
        raise ReleaseError(f"{target} exists already; nothing was overwritten. Name another place, or move it away.")
    if target.suffix.lower() in ARCHIVES and target.suffix not in (".whl", ".zip"):
        raise ReleaseError(
            f"{target} ends as an archive that cannot be made. End it with .whl or .zip, or name a folder."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryFile(dir=target.parent):
            pass
    except OSError as error:
        raise ReleaseError(f"{target.parent} takes no file ({error.strerror}). Name another place with --to.") from None


def _refuse_stale(lessons: list[str]) -> None:
    """Raises ReleaseError with what `gradlab build --check` says of lessons whose sources one can edit."""
    built = [build_lesson(lesson) for lesson in lessons if is_clone(brought_by(lesson))]
    if found := [problem for each in built for problem in each.problems + stale(each)]:
        raise ReleaseError("\n".join(["Nothing was released, since lessons are not what their sources say:", *found]))


def _stage_common(stage: Path, lessons: list[str]) -> None:
    """What both editions have: notebooks, the package gradlab without answers, licence and versions."""
    for lesson in lessons:
        if not lesson_path(lesson).exists():
            raise ReleaseError(f"{lesson} is not built. Run  gradlab build {lesson}  first.")
    _refuse_stale(lessons)
    for lesson in lessons:
        _copy(lesson_path(lesson), stage / "lessons" / lesson / lesson_path(lesson).name)
    _write(stage / START, start_page(lessons))
    package = stage / "lessons" / "gradlab"
    _copy(GRADLAB, package)
    shutil.rmtree(package / "worked", ignore_errors=True)
    for lesson in others_lessons(lessons):
        _copy(lesson_package(lesson), package / "lessons" / LESSONS[lesson])
        _copy(brought_by(lesson) / "outlines" / f"{lesson}.json", package / "outlines" / f"{lesson}.json")
    for name in TOP:
        _copy(ROOT / name, stage / name)
    _copy(Path(wheel_contents.__file__), stage / "hatch_build.py")


def others_lessons(lessons: list[str]) -> list[str]:
    """Those of these lessons that do not come with gradlab; in an edition they do."""
    return [lesson for lesson in lessons if brought_by(lesson) != GRADLAB]


def _without_answers(root: Path, exercises: dict[str, str]) -> list[str]:
    """Leave of all exercises what the recorded checks of these need; returns the references that stay.

    `exercises` says in which lesson an exercise is.
    """
    for path in root.glob("gradlab/lessons/*/exercises/*.mistakes.py"):
        path.unlink()
    found = [path for path in root.glob("gradlab/lessons/*/exercises/*.py") if path.stem != "__init__"]
    modules = {".".join(path.relative_to(root).with_suffix("").parts): path for path in found}
    asked = {f"gradlab.lessons.{LESSONS[lesson]}.exercises.{name}" for name, lesson in exercises.items()}
    texts, left = stripped({name: path.read_text(encoding="utf-8") for name, path in modules.items()}, asked)
    for name, path in modules.items():
        if name in texts:
            path.write_text(texts[name], encoding="utf-8")
        else:
            path.unlink()
    return left


def _learners_project(text: str) -> str:
    """The project's file with the sections that a learner's edition needs, and a version that tells its date."""
    sections = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
    needed = ("[build-system]", "[project]", "[project.scripts]", "[tool.hatch.build.targets.wheel")
    return _dated("".join(section for section in sections if section.startswith(needed)))


def _dated(project: str) -> str:
    """The project's file with the time of the release in its version, also where that of another release stands there."""
    now = datetime.now(UTC).strftime("%Y%m%d.%H%M%S.%f")
    hook = project.replace('path = "autograder/release/wheel_contents.py"', 'path = "hatch_build.py"')
    return re.sub(r'^version = "([^"+]+)[^"]*"', rf'version = "\1+{now}"', hook, flags=re.MULTILINE)


def _deliver(stage: Path, target: Path) -> Path:
    """Move what was staged to its place: as a wheel, as a zip file, or as it is."""
    if target.suffix == ".whl":
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(stage / "dist")]
        done = subprocess.run(build, cwd=stage, capture_output=True, text=True)
        if done.returncode:
            raise ReleaseError(
                f"The wheel could not be built: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}"
            )
        (wheel,) = (stage / "dist").glob("*.whl")
        return Path(shutil.move(wheel, target.parent / wheel.name))  # pip wants the name that hatchling gave
    if target.suffix == ".zip":
        return Path(shutil.make_archive(str(target.with_suffix("")), "zip", stage.parent, stage.name))
    return Path(shutil.move(stage, target))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=LEFT_OUT)
    else:
        shutil.copyfile(source, target)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
