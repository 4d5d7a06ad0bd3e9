"""Every link of a built lesson and of a guide leads somewhere: in the repository, as JupyterLab and VS Code see it, and on the site."""

import re
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from autograder.notebooks.places import ROOT, lesson_path, source_path, written_lessons
from autograder.pages.site import write_site
from autograder.release.source import read_source
from gradlab.exercises.card import as_html
from gradlab.exercises.passage import PASSAGE, anchor
from gradlab.exercises.registry import exercise_names, find_exercise
from gradlab.exercises.verdict import wrong

LESSONS = written_lessons()
GUIDES = ROOT / "assets" / "guides"
PAGES = [*(lesson_path(lesson) for lesson in LESSONS), *(GUIDES / f"{name}.md" for name in ("glossary", "notation"))]
LINK = re.compile(r"(?<!!)\[(?:[^\[\]]|\n)+\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)


def text_of(page: Path) -> str:
    """Everything in markdown, with the anchors that the build has set."""
    if page.suffix == ".md":
        return page.read_text(encoding="utf-8")
    return "\n\n".join(cell.source for cell in nbformat.read(page, as_version=4).cells if cell.cell_type == "markdown")


def links(page: Path) -> list[str]:
    return LINK.findall(CODE.sub(" ", text_of(page)))


def anchors(page: Path) -> list[str]:
    return re.findall(r'^<a id="([^"]+)"></a>$', text_of(page), re.MULTILINE)


def sections(lesson: str) -> dict[str, str]:
    """Anchor → what stands below its heading, up to the next heading that is no deeper."""
    text = "\n\n".join(cell.source for cell in read_source(source_path(lesson)).cells)
    heads = [(m.start(), len(m[1]), m[2]) for m in re.finditer(r"^(##+) (.+?)\s*$", text, re.MULTILINE)]
    ends = {start: [s for s, depth, _ in heads if s > start and depth <= level] for start, level, _ in heads}
    return {anchor(title): text[start : min(ends[start], default=len(text))] for start, _, title in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_files_lead_to_a_file_and_to_an_anchor_in_it(page):
    inside = [target for target in links(page) if "://" not in target]
    for target in inside:
        path, _, place = target.partition("#")
        aim = (page.parent / path).resolve() if path else page
        assert aim.is_file(), target
        assert aim.is_relative_to(ROOT), target
        assert not place or place in anchors(aim), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_addresses_of_other_people_are_complete(page):
    outside = [target for target in links(page) if "://" in target]
    assert all(re.fullmatch(r"https://[\w.-]+\.\w+/\S+", target) for target in outside)
    assert (page.suffix == ".md") or outside, "papers have addresses"


@pytest.mark.parametrize("lesson", LESSONS)
def test_anchors_of_a_lesson_are_unique_and_every_heading_has_one(lesson):
    found = anchors(lesson_path(lesson))
    assert len(found) == len(set(found))
    assert len(found) == len(re.findall(r"^##+ ", text_of(lesson_path(lesson)), re.MULTILINE))


@pytest.mark.parametrize("position", range(len(LESSONS)))
def test_a_lesson_leads_to_its_neighbours_and_to_glossary_and_notation(position):
    found = links(lesson_path(LESSONS[position]))
    neighbours = [LESSONS[k] for k in (position - 1, position + 1) if k in range(len(LESSONS))]
    for wanted in neighbours:
        assert f"../{wanted}/{lesson_path(wanted).name}" in found
    assert {"../../assets/guides/glossary.md", "../../assets/guides/notation.md"} <= set(found)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_card_that_says_where_to_look_leads_there(lesson):
    for name in exercise_names(lesson):
        exercise = find_exercise(name)
        for look in {exercise.look, *(each.look for each in (*exercise.mistakes, *exercise.symptoms))}:
            card = as_html(wrong(name, "label", "A sentence.", look=look))
            led = re.findall(r'<a href="#([^"]+)">', card)
            assert len(led) == len(PASSAGE.findall(look))
            assert set(led) <= set(anchors(lesson_path(lesson))), (name, look)


def rows(guide: str) -> list[list[str]]:
    lines = [line for line in (GUIDES / guide).read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


@pytest.mark.parametrize("row", rows("glossary.md"), ids=lambda row: row[0])
def test_a_word_of_the_glossary_stands_where_the_glossary_says(row):
    term, meaning, place = row
    number, where = re.fullmatch(r"\[lesson (\d)\]\(\S+#(\S+)\)", place).groups()
    section = " ".join(sections(LESSONS[int(number)])[where].replace("*", "").split()).lower()
    assert term.lower().rstrip("s") in section
    assert meaning.endswith((".", ".)")) and len(meaning) > 30


def test_words_of_the_glossary_are_in_order():
    words = [row[0].lower().replace("'", "") for row in rows("glossary.md")]
    assert words == sorted(set(words))


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The site of the lessons as they are written: links need no outputs."""
    unrun = {lesson: read_source(source_path(lesson)) for lesson in LESSONS}
    return write_site(unrun, tmp_path_factory.mktemp("links") / "html").parent


def test_links_of_the_site_lead_to_its_pages_and_to_an_id_on_them(site):
    pages = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    assert len(pages) > len(LESSONS)
    broken = []
    for path, text in pages.items():
        for target in re.findall(r'<a [^>]*?href="([^"]*)"', text):
            file, _, place = unquote(target).partition("#")
            if "://" in target or target.startswith(("mailto:", "data:")):
                continue
            aim = (path.parent / file).resolve() if file else path
            if not aim.exists() or (place and aim in pages and f'id="{place}"' not in pages[aim]):
                broken.append((path.name, target))
    assert broken == []


def test_the_site_leads_from_lesson_to_lesson(site):
    for before, after in zip(LESSONS, LESSONS[1:]):
        assert f'href="../lessons/{after}.html"' in (site / "lessons" / f"{before}.html").read_text(encoding="utf-8")
