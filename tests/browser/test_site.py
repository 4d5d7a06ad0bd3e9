"""The site from disk without a network: explorers play, mathematics is there, axe-core is content, pages are light."""

import json
import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from autograder.desk.report.class_report import passages
from autograder.notebooks.places import source_path, written_lessons
from autograder.pages.site import SiteError, write_site
from autograder.release.source import BEGIN_SOLUTION, SOLUTION_TAG, read_source
from gradlab.exercises.registry import exercise_names
from gradlab.predictions.kinds import NotReadable
from gradlab.predictions.registry import predictions_of
from tests.browser.lab import screenshot

PAGES = [f"lessons/{lesson}.html" for lesson in written_lessons()]
PAGES += ["index.html", "search.html"] + [
    f"guides/{guide}.html"
    for guide in ("student", "glossary", "notation", "instructor", "security", "author", "maintainer")
]
HEAVIEST = 2_000_000  # bytes


@pytest.fixture(scope="session")
def site(solved_lessons, tmp_path_factory) -> Path:
    return write_site(solved_lessons.all(), tmp_path_factory.mktemp("site") / "html").parent


@pytest.mark.parametrize("name", PAGES)
def test_page_has_no_violation_and_asks_the_network_for_nothing(site, offline, name):
    asked = []
    offline.on("request", lambda request: asked.append(request.url))
    offline.goto((site / name).as_uri())
    offline.wait_for_timeout(500)
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    found = Axe().run(offline).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []


@pytest.mark.parametrize("name", PAGES)
def test_page_is_light(site, name):
    text = (site / name).read_text()
    pictures = {(site / name).parent / source for source in re.findall(r'<img[^>]+src="([^":]+)"', text)}
    assert len(text.encode()) + sum(path.stat().st_size for path in pictures) < HEAVIEST


@pytest.mark.parametrize("lesson", written_lessons())
def test_every_explorer_of_a_lesson_plays_from_its_record(site, offline, lesson):
    offline.goto((site / "lessons" / f"{lesson}.html").as_uri())
    explorers = offline.locator(".gradlab-explorer")
    assert explorers.count() >= 1
    for number in range(explorers.count()):
        explorer = explorers.nth(number)
        figure = explorer.locator("figure")
        pictures = {figure.inner_html()}
        for move in moves(explorer):
            move()
            offline.wait_for_timeout(300)
            pictures.add(figure.inner_html())
        assert len(pictures) >= 2, f"explorer {number} does not move"


def moves(explorer):
    """Ways to move an explorer: its first slider to both ends, or, where it has none, its choices."""
    slider, radio = explorer.get_by_role("slider"), explorer.get_by_role("radio")
    if slider.count():
        return [lambda key=key: slider.first.press(key) for key in ("Home", "ArrowRight", "End")]
    if radio.count():
        return [lambda n=n: radio.nth(n).check() for n in range(radio.count())]
    options = explorer.get_by_role("combobox").first
    return [lambda n=n: options.select_option(index=n) for n in range(options.locator("option").count())]


@pytest.mark.parametrize("lesson", written_lessons())
def test_no_formula_is_left_as_latex_and_no_answer_unfolded(site, offline, lesson):
    offline.goto((site / "lessons" / f"{lesson}.html").as_uri())
    prose = offline.locator("article p, article li").all_inner_texts()
    assert not [text for text in prose if re.search(r"\\(frac|lambda|partial|odot|sqrt)\b|\$\$", text)]
    assert offline.locator("math").count() > 0
    assert offline.locator("details[open]").count() == 0
    assert offline.get_by_text("One way to write it").count() >= 1


@pytest.mark.parametrize("lesson", written_lessons())
def test_links_of_the_class_report_lead_to_the_passages_of_their_exercises(site, offline, lesson):
    found = passages(lesson, site.as_uri())
    for exercise in exercise_names(lesson):
        offline.goto(found[exercise]["href"])
        section = offline.locator(":target")
        assert found[exercise]["title"] in section.locator("h1, h2, h3").first.inner_text(), exercise
        assert exercise in section.inner_text(), exercise


@pytest.mark.parametrize("lesson", written_lessons())
def test_every_heading_of_a_lesson_is_on_its_page_and_not_folded(site, offline, lesson):
    source = read_source(source_path(lesson))
    headings = [
        re.sub(r"[\W_]+|\$[^$]*\$", "", line.lstrip("# "))
        for cell in source.cells
        if cell.cell_type == "markdown" and SOLUTION_TAG not in cell.metadata.get("tags", [])
        for line in cell.source.partition(BEGIN_SOLUTION)[0].splitlines()
        if re.match(r"#{1,4} ", line)
    ]
    offline.goto((site / "lessons" / f"{lesson}.html").as_uri())
    shown = [re.sub(r"[\W_]+", "", text) for text in offline.locator("article :is(h1, h2, h3, h4)").all_inner_texts()]
    assert len(headings) > 5
    assert [heading for heading in headings if not any(text.startswith(heading[:20]) for text in shown)] == []


@pytest.mark.parametrize("lesson", written_lessons())
def test_code_that_is_read_fits_its_column(site, browser, lesson):
    for width in (390, 1366):
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
        page = context.new_page()
        page.goto((site / "lessons" / f"{lesson}.html").as_uri())
        wide = "nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1).map(node => node.textContent)"
        assert page.locator("div.cell_input pre").evaluate_all(wide) == []
        context.close()


CUT_FORMULAS = """() => {
  document.querySelectorAll('details').forEach(fold => fold.open = true);
  const page = document.querySelector('.content'), cut = [];
  if (page.scrollWidth > page.clientWidth) cut.push(`the page scrolls sideways, ${page.scrollWidth} px`);
  for (const formula of document.querySelectorAll('article math')) {
    let place = formula.parentElement;
    while (place.tagName != 'ARTICLE' && !['auto', 'scroll'].includes(getComputedStyle(place).overflowX)) {
      place = place.parentElement;
    }
    const scrolls = place.tagName != 'ARTICLE', box = place.getBoundingClientRect();
    const end = scrolls ? box.left - place.scrollLeft + place.scrollWidth : box.right;
    if (formula.getBoundingClientRect().right > end + 1
        || box.right > innerWidth && !place.parentElement.closest('.table-wrapper')
        || scrolls && place.scrollWidth > place.clientWidth && !place.closest('[tabindex="0"]')) {
      cut.push(formula.getAttribute('alttext'));
    }
  }
  return cut;
}"""


@pytest.mark.parametrize("name", PAGES)
def test_no_formula_is_cut_on_a_telephone(site, browser, name):
    for width in (320, 390):
        with opened(browser, site / name, width) as page:
            assert page.evaluate(CUT_FORMULAS) == [], width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lesson", written_lessons())
def test_a_lesson_on_a_telephone_has_no_violation(site, browser, lesson, scheme):
    with opened(browser, site / "lessons" / f"{lesson}.html", 390, scheme) as page:
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []


def test_a_long_formula_stays_on_the_baseline_of_its_line(site, browser):
    with opened(browser, site / "lessons" / "02-wasteful-module.html", 1366) as page:
        moved = page.evaluate("""() => [...document.querySelectorAll('p > .long-formula')].map(formula => {
          const probe = document.createElement('span'), letter = formula.querySelector('mi');
          probe.style.cssText = 'display: inline-block; width: 0; height: 0';
          formula.before(probe);
          const height = () => letter.getBoundingClientRect().bottom - probe.getBoundingClientRect().bottom;
          const shown = height();
          formula.style.display = 'contents';  // as a formula that is not long
          formula.querySelector('mrow').style.display = 'math';
          return shown - height();
        })""")
    assert len(moved) >= 2 and all(abs(height) <= 1 for height in moved)


HIDDEN_NUMBERS = """() => {
  document.querySelectorAll('details').forEach(fold => fold.open = true);
  const numbers = /(?<=^| {2})((?:[-−]?(?:\\d[\\d.,]*(?:e[-+]?\\d+)?|nan|inf)(?: +|$))+)$/, hidden = [];
  for (const output of document.querySelectorAll('div.cell_output pre')) {
    const edge = Math.min(innerWidth, output.getBoundingClientRect().left + output.clientWidth);
    const texts = [], walker = document.createTreeWalker(output, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) texts.push(walker.currentNode);
    const place = index => {
      for (const text of texts) {
        if (index <= text.length) return [text, index];
        index -= text.length;
      }
    };
    let start = 0;
    for (const line of output.textContent.split('\\n')) {
      const found = line.match(numbers);
      if (found) {  // all the numbers of a line, where they fit, else the first
        const seen = found[0].trimEnd().length <= 36 ? found[0].trimEnd() : found[0].trimStart().split(' ')[0];
        const range = document.createRange();
        range.setStart(...place(start + found.index + 1));
        range.setEnd(...place(start + found.index + seen.length));
        if (range.getBoundingClientRect().right > edge + 1) hidden.push(line);
      }
      start += line.length + 1;
    }
  }
  for (const table of document.querySelectorAll('article table')) {
    const edge = Math.min(innerWidth, table.parentElement.getBoundingClientRect().right);
    for (const row of table.rows) {
      if (row.cells.length > 1 && row.cells[1].getBoundingClientRect().right > edge + 1) hidden.push(row.innerText);
    }
  }
  return hidden;
}"""


@pytest.mark.parametrize("name", PAGES)
def test_a_table_shows_its_numbers_on_a_telephone(site, browser, name):
    with opened(browser, site / name, 390) as page:
        assert page.evaluate(HIDDEN_NUMBERS) == []


@pytest.mark.parametrize("lesson", written_lessons())
def test_no_output_scrolls_on_a_desk(site, browser, lesson):
    with opened(browser, site / "lessons" / f"{lesson}.html", 1366) as page:
        wide = "nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1).map(node => node.textContent)"
        assert page.locator("div.cell_output pre").evaluate_all(wide) == []


@contextmanager
def opened(browser, path: Path, width: int, scheme: str = "light"):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    page = context.new_page()
    page.goto(path.as_uri())
    yield page
    context.close()


def test_lessons_have_their_numbers_in_the_list_of_pages(site, offline):
    offline.goto((site / "index.html").as_uri())
    names = offline.locator(".sidebar-tree a[href*=lessons]").all_inner_texts()
    assert [name.split(" · ")[0] for name in names] == [str(int(lesson[:2])) for lesson in written_lessons()]


def test_narrow_dark_and_printed_pages_are_readable(site, browser):
    for scheme, width in (("light", 390), ("dark", 1250)):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
        page = context.new_page()
        page.goto((site / "lessons" / "01-soft-thresholding.html").as_uri())
        page.wait_for_timeout(500)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), (
            f"{width} px scrolls sideways"
        )
        explorer = page.locator(".gradlab-explorer").first
        explorer.scroll_into_view_if_needed()
        paper = explorer.evaluate("node => getComputedStyle(node).backgroundColor")
        assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 17, 17)"}[scheme]
        screenshot(page, f"site-{scheme}-{width}")
        context.close()


def test_a_printed_page_has_its_folds_open(site, offline):
    offline.goto((site / "lessons" / "01-soft-thresholding.html").as_uri())
    hint = offline.locator("details p").first
    assert not hint.is_visible()
    offline.emulate_media(media="print")
    assert hint.is_visible()


def test_a_prediction_and_an_open_hint_stay_in_this_browser(site, offline):
    address = (site / "lessons" / "01-soft-thresholding.html").as_uri()
    offline.goto(address)
    form = offline.locator('form.prediction[data-name="jump"]')
    form.locator("input").focus()
    offline.keyboard.type("0,5")
    offline.keyboard.press("Enter")
    expect(form.locator("output")).to_contain_text("Kept in this browser")
    choice = offline.locator('form.prediction[data-name="nine_at_the_kink"]')
    choice.get_by_label("no", exact=True).check()
    choice.get_by_role("button", name="Keep").click()
    hint = offline.locator("details", has=offline.locator("summary", has_text="Hint 2")).first
    hint.locator("summary").click()
    offline.goto(address)
    place = offline.locator('.prediction-truth[data-name="jump"]')
    expect(place).to_contain_text("You said: 0,5")
    expect(place).to_contain_text("2 times too small")
    expect(offline.locator('.prediction-truth[data-name="nine_at_the_kink"]')).to_contain_text("You saw it coming")
    assert form.locator("input").input_value() == "0,5" and hint.evaluate("node => node.open")
    other = offline.locator("details", has=offline.locator("summary", has_text="Hint 1")).first
    assert not other.evaluate("node => node.open")


TYPED = [
    "1400",
    "1,400",
    "1 400",
    "1.4 kB",
    "1.4 KB",
    "1400 bytes",
    "1400 Byte",
    "1400 apples",
    "1400 bits",
    "1;400",
    "1 million",
]
TYPED += [
    "50 min",
    "1,400,0",
    "2800/2",
    "1/0",
    "140000 %",
    "14·10^2",
    "1.4*10^3 B",
    "1.4e3",
    "1e",
    "inf",
    "never",
    "nan",
    "abc",
    "−3",
]


def test_page_and_notebook_read_the_same(site, offline):
    name = "bytes_in_segments"
    prediction = predictions_of("02-wasteful-module")[name]
    offline.goto((site / "lessons" / "02-wasteful-module.html").as_uri())
    form, truth = (offline.locator(f'{each}[data-name="{name}"]') for each in ("form.prediction", ".prediction-truth"))
    for typed in TYPED:
        form.locator("input").fill(typed)
        form.get_by_role("button").click()
        kept = "Kept" in form.locator("output").inner_text()
        try:
            right = prediction.compare(prediction.read([typed]))[0]
        except NotReadable:
            assert not kept, typed
        else:
            assert kept and ("Exact" in truth.inner_text()) == right, typed


@pytest.mark.parametrize("garbage", ["5", "{}", '"abc"', "[[1]]", "[1, 2]", "not json", '["a", "b", "c"]'])
def test_what_the_browser_kept_may_be_anything(site, offline, garbage):
    address = (site / "lessons" / "01-soft-thresholding.html").as_uri()
    offline.goto(address)
    offline.evaluate("text => localStorage.setItem(`gradlab:${location.pathname}:prediction:jump`, text)", garbage)
    failures = []
    offline.on("pageerror", lambda error: failures.append(error))
    offline.goto(address)
    form = offline.locator('form.prediction[data-name="two_integrals"]')
    for each in form.locator("input").all():
        each.fill("2")
    form.get_by_role("button").click()
    expect(form.locator("output")).to_contain_text("Kept")
    assert failures == []


@pytest.mark.parametrize("lesson", written_lessons())
def test_every_prediction_has_its_input_and_its_truth_on_the_page(site, offline, lesson):
    offline.goto((site / "lessons" / f"{lesson}.html").as_uri())
    forms, truths = offline.locator("form.prediction"), offline.locator(".prediction-truth")
    names = [each.get_attribute("data-name") for each in forms.all()]
    assert names == list(predictions_of(lesson)) and names == [each.get_attribute("data-name") for each in truths.all()]
    for form, truth in zip(forms.all(), truths.all()):  # the truth itself, typed, is right
        answer = json.loads(truth.get_attribute("data-truth"))
        for k, each in enumerate(form.locator("input").all()):
            if each.get_attribute("type") == "text":
                each.fill(answer[k])
            elif each.get_attribute("value") in answer:
                each.check()
        form.get_by_role("button").click()
        if truth.get_attribute("data-kind") != "words":
            expect(truth).to_contain_text("You saw it coming")


def test_search_finds_a_word_from_disk(site, offline):
    offline.goto((site / "search.html").as_uri() + "?q=hypotenuse")
    offline.wait_for_selector("#search-results li a", timeout=10_000)
    expect(offline.locator("#search-results li a", has_text="Soft-thresholding").first).to_be_visible(timeout=10_000)


def test_a_folder_with_something_else_in_it_is_not_replaced(tmp_path):
    (tmp_path / "thesis.txt").write_text("four years of work")
    with pytest.raises(SiteError, match="not a site of ours"):
        write_site({}, tmp_path)
    assert (tmp_path / "thesis.txt").exists()
