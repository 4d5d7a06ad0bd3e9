"""`gradlab site`: lessons and guides as static pages, made by Sphinx with MyST-NB."""

import os
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from autograder.notebooks.places import ROOT, written_lessons
from autograder.pages.accessible import mend
from autograder.pages.lesson_page import executed, page
from autograder.pages.links import for_the_site

PROCESSORS = os.cpu_count() or 1
CONFIGURATION = {
    "project": "gradlab",
    "author": "the gradlab authors",
    "copyright": "the gradlab authors; text CC BY 4.0, code BSD-3-Clause",
    "extensions": ["myst_nb", "sphinx_copybutton", "autograder.notebooks.mathml"],
    "html_theme": "furo",
    "html_math_renderer": "mathml",
    "html_title": "gradlab",
    "html_static_path": [str(ROOT / "assets" / "site")],
    "html_css_files": ["site.css"],
    "html_js_files": [("site.js", {"defer": "defer"})],
    "html_copy_source": False,
    "html_use_index": False,
    "html_show_sphinx": False,
    "nb_execution_mode": "off",
    "nb_mime_priority_overrides": [("html", "text/html", 0)],
    "nb_merge_streams": True,
    "myst_enable_extensions": ["dollarmath", "colon_fence", "deflist"],
    "myst_dmath_double_inline": True,
    "myst_heading_anchors": 3,
    "copybutton_exclude": ".linenos, .gp, .go",
    "suppress_warnings": ["mystnb.unknown_mime_type", "config.cache"],
}


class SiteError(RuntimeError):
    """The site cannot be written; the text says why and what to do."""


def build_site(target: Path, say: Callable[[str], None] = print) -> Path:
    """Run every solved lesson and write the site into a folder; returns its first page.

    Raises PageError where a lesson fails to run, and what `write_site` raises.
    """
    _refuse_foreign(target)
    lessons = written_lessons()
    # Each lesson runs in a kernel, a process of its own; a thread waits for it.
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(PROCESSORS) as pool:
        say(f"running {len(lessons)} lessons, {PROCESSORS} at a time")
        folders = [Path(scratch, lesson) for lesson in lessons]
        for folder in folders:
            folder.mkdir()
        solved = dict(zip(lessons, pool.map(executed, lessons, folders)))
    say("making pages")
    return write_site(solved, target)


def write_site(solved: dict[str, NotebookNode], target: Path) -> Path:
    """Write the pages of these executed lessons and the guides into a folder; returns the first page.

    Raises SiteError where Sphinx warns (a page with a fault is not published) or where the folder holds something
    else. The folder is replaced only when all pages are made.
    """
    _refuse_foreign(target)
    with tempfile.TemporaryDirectory() as scratch:
        source, html = Path(scratch, "source"), Path(scratch, "html")
        (source / "lessons").mkdir(parents=True)
        for lesson, notebook in solved.items():
            nbformat.write(page(notebook, lesson), source / "lessons" / f"{lesson}.ipynb")
        _write_guides(source, solved)
        _sphinx(source, html, Path(scratch, "doctrees"))
        for path in html.rglob("*.html"):
            mend(path)
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(html, target, ignore=shutil.ignore_patterns(".buildinfo", "objects.inv", "_sources"))
    return target / "index.html"


def _refuse_foreign(target: Path) -> None:
    if target.exists() and any(target.iterdir()) and not (target / "searchindex.js").exists():
        raise SiteError(f"{target} holds something that is not a site of ours; name an empty or a new folder.")


def _write_guides(source: Path, solved: dict[str, NotebookNode]) -> None:
    guides = ROOT / "assets" / "guides"
    for path in sorted(guides.glob("*.md")):
        folder = source if path.stem == "index" else source / "guides"
        folder.mkdir(exist_ok=True)
        (folder / path.name).write_text(for_the_site(path.read_text(encoding="utf-8")), encoding="utf-8")
    index = source / "index.md"
    entries = "\n".join(_entry(lesson, notebook) for lesson, notebook in solved.items())
    text = index.read_text(encoding="utf-8").replace(":glob:\n\nlessons/*", f"\n{entries}")
    index.write_text(text, encoding="utf-8")
    for picture in [
        *sorted((ROOT / "assets").glob("*.png")),
        *sorted((ROOT / "assets").glob("*.svg")),
        *sorted(guides.glob("*.png")),
    ]:
        (source / "pictures").mkdir(exist_ok=True)
        shutil.copy(picture, source / "pictures" / picture.name)


def _entry(lesson: str, notebook: NotebookNode) -> str:
    """A lesson in the list of pages: by its number, as the text speaks of it, and its title."""
    title = next(line for cell in notebook.cells for line in cell.source.splitlines() if line.startswith("# "))
    return f"{int(lesson[:2])} · {title[2:].strip()} <lessons/{lesson}>"


def _sphinx(source: Path, html: Path, doctrees: Path) -> None:
    warnings = StringIO()
    with docutils_namespace():
        app = Sphinx(
            str(source),
            None,
            str(html),
            str(doctrees),
            "html",
            confoverrides=dict(CONFIGURATION),
            status=None,
            warning=warnings,
            freshenv=True,
            parallel=PROCESSORS,
        )
        app.build()
    if app.statuscode or warnings.getvalue().strip():
        raise SiteError(f"Sphinx is not content:\n{warnings.getvalue().strip()[:4000]}")
