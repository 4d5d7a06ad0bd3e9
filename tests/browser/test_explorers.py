"""Explorers under the hand: in JupyterLab with a kernel, without one, and on a page that is only a file."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, Locator, Page, expect

from gradlab.explore import log_slider
from gradlab.explore.explorer import Explorer
from gradlab.explore.figures import close, style
from gradlab.explore.page import html
from gradlab.explore.svg import ID_MARK, Tracer
from tests.browser.lab import Lab, notebook, open_notebook, run_all, screenshot
from tests.gradlab.explore.samples import FOUR, ONE, TWO, alt, draw, soft_abs

SLOW = TWO.replace(
    "    x = np.linspace(-2, 2, 200)\n",
    """    x = np.linspace(-2, 2, 200)
    if shift != 0 and lam != 0.01:  # slow beside the record
        import time; time.sleep(0.4); calls.append((lam, shift))
""",
).replace("def compute", "calls = []\ndef compute")


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    client = NotebookClient(notebook([ONE, TWO, FOUR]), timeout=120)
    return client.execute(cwd=str(tmp_path_factory.mktemp("executed")))


@pytest.fixture(scope="module")
def page_file(executed: nbformat.NotebookNode, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(HTMLExporter().from_notebook_node(executed)[0])
    return f"file://{quote(str(path))}"


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, offline=True)
    yield context.new_page()
    context.close()


def opened(page: Page, lab: Lab, name: str) -> Page:
    """Two explorers in JupyterLab: one recorded whole, one that needs the kernel."""
    open_notebook(page, lab.write(name, [ONE, TWO]))
    run_all(page)
    expect(explorer(page, 1).get_by_role("slider")).to_have_count(2)
    page.wait_for_function("() => globalThis.gradlabExplorers.links.size === 1")
    return page


@pytest.fixture(scope="module")
def live(browser: Browser, lab: Lab) -> Iterator[Page]:
    """A notebook that runs; each test puts the sliders where it needs them."""
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    page = opened(context.new_page(), lab, "live.ipynb")
    yield page
    stop_kernels(page)
    context.close()


@pytest.fixture
def own(page: Page, lab: Lab) -> Iterator[Page]:
    """A notebook that a test may leave without its kernel."""
    yield opened(page, lab, "own.ipynb")
    stop_kernels(page)


def stop_kernels(page: Page) -> None:
    page.evaluate("async () => { await jupyterapp.shell.currentWidget.sessionContext.shutdown(); }")


def explorer(page: Page, k: int = 0) -> Locator:
    return page.locator(".gradlab-explorer").nth(k)


def told(where: Locator) -> str:
    return where.get_by_role("img").first.get_attribute("aria-label")


def path(where: Locator) -> Locator:
    return where.locator('[data-part="Axes1.curve"] path').first


def curve(where: Locator) -> str:
    return path(where).get_attribute("d")


def expect_curve(where: Locator, lam: float, shift: float = 0.0) -> None:
    """The picture of this position comes, from the record or from the kernel."""
    expect(path(where)).to_have_attribute("d", expected_curve(lam, shift))


def expected_curve(lam: float, shift: float = 0.0) -> str:
    """The path that the sample draws there, without a page or a kernel."""
    names = {}
    exec(ONE[: ONE.index("explore(compute")], names)
    with style():
        figure = names["draw"](names["compute"](lam, shift))
        part = Tracer().trace(figure).parts["Axes1.curve"]
    close(figure)
    return re.search(r' d="([^"]+)"', part.replace(ID_MARK, ""))[1]


def violations(page: Page) -> str:
    results = Axe().run(page, context=".gradlab-explorer")
    return results.generate_report() if results.violations_count else ""


# In JupyterLab, with a kernel


def test_arrow_keys_move_the_picture_and_not_the_notebook(live: Page):
    slider = explorer(live).get_by_role("slider", name="λ")
    slider.focus()
    cell = live.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex")
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "PageUp", "Home", "ArrowRight", "d", "d", "j"):
        live.keyboard.press(key)
    expect(slider).to_have_attribute("aria-valuetext", "0.000126")
    expect_curve(explorer(live), 0.000125893)
    assert live.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex") == cell
    assert live.evaluate("jupyterapp.shell.currentWidget.content.widgets.length") == 2
    expect(slider).to_be_focused()


def test_a_drag_moves_the_picture(live: Page):
    slider = explorer(live).get_by_role("slider")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    live.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    live.mouse.down()
    live.mouse.move(box["x"] + box["width"] + 50, box["y"], steps=15)
    live.mouse.up()
    expect(slider).to_have_attribute("aria-valuetext", "1")
    expect_curve(explorer(live), 1.0)


def test_a_burst_of_moves_ends_on_the_right_picture(live: Page):
    where = explorer(live, 1)
    where.get_by_role("slider", name="shift").focus()
    live.keyboard.press("Home")
    where.get_by_role("slider", name="λ").focus()
    for _ in range(15):
        live.keyboard.press("ArrowRight")
    expect(where.get_by_role("img").first).to_have_attribute("aria-label", re.compile("^λ = 0.316, shift = −1"))
    expect(where.get_by_role("img").first).to_have_attribute("aria-busy", "false")
    expect_curve(where, 0.316228, -1.0)


def test_a_slow_computation_says_so_and_queues_one_position(page: Page, lab: Lab):
    open_notebook(page, lab.write("slow.ipynb", [SLOW, "print('calls', len(calls))"]))
    run_all(page)
    page.wait_for_function("() => globalThis.gradlabExplorers.links.size === 1")
    where = explorer(page)
    where.get_by_role("slider", name="shift").focus()
    page.keyboard.press("Home")
    # Faster than any kernel, on any machine.
    where.get_by_role("slider", name="λ").evaluate(
        """(slider) => {
            slider.focus();
            for (let step = 0; step < 10; step += 1) {
                slider.stepUp();
                slider.dispatchEvent(new Event('input'));
            }
        }"""
    )
    expect(where.get_by_role("status")).to_have_text("Computing …")
    expect(where.get_by_role("img").first).to_have_attribute("aria-busy", "true")
    screenshot(page, "explorer-computing")
    expect(where.get_by_role("status")).to_have_text("", timeout=10_000)
    expect_curve(where, 0.1, -1.0)
    page.evaluate("() => { jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }")
    page.evaluate("async () => { await jupyterapp.commands.execute('notebook:run-cell'); }")
    # The first that was asked for, and the last.
    expect(page.get_by_text(re.compile(r"^calls [12]\s*$"))).to_be_visible()


def test_moves_while_cells_run_are_caught_up(page: Page, lab: Lab):
    open_notebook(page, lab.write("busy.ipynb", [TWO, "import time; time.sleep(8)", "done = 1"]))
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")
    where = explorer(page)
    where.get_by_role("slider", name="shift").press("End")
    where.get_by_role("slider", name="λ").press("End")
    expect(where.get_by_role("status")).to_contain_text("it may be busy with another cell", timeout=7000)
    expect(where.get_by_role("slider", name="λ")).to_have_attribute("aria-valuetext", "1")
    expect(where.get_by_role("img").first).to_have_attribute(
        "aria-label", re.compile("^λ = 1, shift = 1"), timeout=20_000
    )
    expect(where.get_by_role("status")).to_be_empty()


def test_the_last_picture_stays_where_the_record_has_come_before_the_end(page: Page, lab: Lab):
    open_notebook(page, lab.write("last.ipynb", [TWO, "import time; time.sleep(30)"]))
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-cell'); }")
    where = explorer(page)
    where.get_by_role("slider", name="shift").press("End")
    frames = "() => Object.keys(document.querySelector('.gradlab-explorer').player.frames).length"
    page.wait_for_function(f"() => ({frames})() >= 81", timeout=60_000)
    here = where.get_by_role("img").first.get_attribute("aria-label")
    page.evaluate("() => { jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }")
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-cell'); }")
    page.wait_for_timeout(500)
    where.get_by_role("slider", name="λ").press("Home")
    expect(where.get_by_role("status")).to_have_text("Computing …")
    page.evaluate("async () => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    expect(where.get_by_role("status")).to_contain_text("The last picture stays")
    expect(where.get_by_role("img").first).to_have_attribute("aria-label", here)
    expect(where.get_by_role("slider", name="shift")).to_have_attribute("aria-valuetext", "1")


def test_two_views_of_a_notebook_move_together(live: Page):
    live.evaluate("async () => { await jupyterapp.commands.execute('docmanager:clone'); }")
    expect(live.locator(".gradlab-explorer")).to_have_count(4)
    first = live.locator(".jp-NotebookPanel").nth(0).locator(".gradlab-explorer").first
    second = live.locator(".jp-NotebookPanel").nth(1).locator(".gradlab-explorer").first
    second.get_by_role("slider").press("End")
    expect_curve(first, 1.0)
    expect_curve(second, 1.0)
    expect(first.get_by_role("slider", include_hidden=True)).to_have_attribute("aria-valuetext", "1")


def test_a_reload_finds_the_kernel_again(live: Page):
    live.evaluate("async () => { await jupyterapp.commands.execute('docmanager:save'); }")
    open_notebook(live, live.url.split("?")[0] + "?token=for-tests-only&reset")
    live.wait_for_function("() => globalThis.gradlabExplorers?.links.size === 1")
    where = explorer(live, 1)
    where.get_by_role("slider", name="shift").focus()
    live.keyboard.press("End")
    where.get_by_role("slider", name="λ").focus()
    live.keyboard.press("End")
    expect(where.get_by_role("img").first).to_have_attribute("aria-label", re.compile("^λ = 1, shift = 1"))
    expect_curve(where, 1.0, 1.0)


KERNEL_ENDS = {
    "restarted": "async () => { await jupyterapp.shell.currentWidget.sessionContext.restartKernel(); }",
    "shut-down": "async () => { await jupyterapp.shell.currentWidget.sessionContext.shutdown(); }",
    # The process ends by itself, as with too little memory; the server starts another.
    "died": """() => { jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute(
        { code: "import os; os._exit(1)" }); }""",
}


@pytest.mark.parametrize("end", KERNEL_ENDS)
def test_without_its_kernel_an_explorer_says_so_and_keeps_its_picture(own: Page, end: str):
    own.wait_for_function("() => document.querySelector('.gradlab-explorer').player.complete", timeout=60_000)
    where = explorer(own, 1)
    where.get_by_role("slider", name="shift").focus()
    own.keyboard.press("End")
    expect_curve(where, 0.01, 1.0)
    own.evaluate(KERNEL_ENDS[end])
    expect(where.get_by_role("status")).to_contain_text("run this cell again", timeout=20_000)
    expect_curve(where, 0.01, 1.0)
    if end == "died":  # JupyterLab asks for the floor
        own.locator(".jp-Dialog .jp-mod-accept").click()
    explorer(own, 0).get_by_role("slider").press("End")
    expect_curve(explorer(own, 0), 1.0)  # what is recorded still plays
    screenshot(own, f"explorer-kernel-{end}")


def test_a_notebook_that_is_not_trusted_shows_the_first_picture(page: Page, lab: Lab, executed: nbformat.NotebookNode):
    path = lab.root / "not-trusted.ipynb"
    nbformat.write(executed, path)
    open_notebook(page, lab.address(path))
    picture = page.get_by_role("img", name=re.compile("^λ = 0.01. A soft absolute value"))
    expect(picture).to_be_visible()
    assert picture.evaluate("(img) => img.naturalWidth > 0")
    expect(page.get_by_text("run this cell, or trust the notebook").first).to_be_visible()
    expect(page.locator(".gradlab-explorer input")).to_have_count(0)
    screenshot(page, "explorer-not-trusted")


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_axe_finds_nothing_in_jupyterlab(live: Page, theme: str):
    change = "async (theme) => { await jupyterapp.commands.execute('apputils:change-theme', { theme }); }"
    live.evaluate(change, f"JupyterLab {theme}")
    expect(live.locator(f"body[data-jp-theme-light={str(theme == 'Light').lower()}]")).to_be_attached()
    explorer(live).get_by_role("slider").focus()
    screenshot(live, f"explorer-{theme.lower()}")
    assert violations(live) == ""


# On a page that is a file, without network


def test_a_page_from_disk_plays_by_keyboard(offline: Page, page_file: str):
    offline.goto(page_file)
    where = explorer(offline)
    where.get_by_role("slider").focus()
    offline.keyboard.press("End")
    assert told(where).startswith("λ = 1. A soft absolute value, 1 high")
    expect_curve(where, 1.0)


def test_without_a_kernel_one_slider_moves_at_a_time_and_the_page_says_so(offline: Page, page_file: str):
    offline.goto(page_file)
    where = explorer(offline, 1)
    expect(where.get_by_role("status")).to_contain_text("one slider moves at a time")
    where.get_by_role("slider", name="shift").focus()
    offline.keyboard.press("End")
    where.get_by_role("slider", name="λ").focus()
    offline.keyboard.press("End")
    assert told(where).startswith("λ = 1, shift = 0.")
    expect(where.get_by_role("slider", name="shift")).to_have_attribute("aria-valuetext", "0")
    expect_curve(where, 1.0, 0.0)


def test_where_only_the_first_picture_was_kept_the_page_says_so(offline: Page, tmp_path: Path):
    kept = Explorer(soft_abs, draw, alt, {"lam": log_slider(0.01, 1, positions=5, start=0.1, label="λ")})
    next(kept.recording())
    (tmp_path / "page.html").write_text(f"<!doctype html><html lang=en><body>{html(kept, '')}")
    offline.goto(f"file://{quote(str(tmp_path / 'page.html'))}")
    where = explorer(offline)
    where.get_by_role("slider").press("End")
    expect(where.get_by_role("slider")).to_have_attribute("aria-valuetext", "0.1")
    expect(where.get_by_role("status")).to_contain_text("Only the first picture")
    assert told(where).startswith("λ = 0.1.")


def test_every_kind_of_control_has_a_name_and_works(offline: Page, page_file: str):
    offline.goto(page_file)
    where = explorer(offline, 2)
    where.get_by_role("slider", name="n").press("End")
    where.get_by_role("group", name="power").get_by_role("radio", name="cube").check()
    where.get_by_role("combobox", name="colour").select_option("C2")
    where.get_by_role("checkbox", name="grid").check()
    assert told(where) == "n = 3, power cube, colour C2, grid on. The cubes up to 3."
    stroke = where.locator('[data-part="Axes1.curve"] path').get_attribute("style")
    assert "#009e73" in stroke


def test_what_changed_is_announced_when_the_hand_rests(offline: Page, page_file: str):
    offline.goto(page_file)
    where = explorer(offline)
    heard = where.locator("[aria-live=polite]").last
    expect(heard).to_be_empty()
    where.get_by_role("slider").press("Home")
    where.get_by_role("slider").press("End")
    expect(heard).to_have_text(re.compile("^λ = 1. A soft"))


def test_a_finger_moves_the_picture(phone: Page, page_file: str):
    phone.goto(page_file)
    slider = explorer(phone).get_by_role("slider")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    phone.touchscreen.tap(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2)
    expect(slider).to_have_attribute("aria-valuetext", "1")
    expect_curve(explorer(phone), 1.0)
    assert box["height"] >= 44
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    screenshot(phone, "explorer-phone")
    explorer(phone, 2).scroll_into_view_if_needed()
    screenshot(phone, "explorer-phone-controls")


def test_at_200_percent_nothing_is_cut_off(browser: Browser, page_file: str):
    context = browser.new_context(viewport={"width": 640, "height": 450}, device_scale_factor=2, offline=True)
    page = context.new_page()
    page.goto(page_file)
    where = explorer(page, 1)
    where.scroll_into_view_if_needed()
    screenshot(page, "explorer-zoom-200")
    inside = where.bounding_box()
    for control in where.get_by_role("slider").all():
        box = control.bounding_box()
        assert inside["x"] <= box["x"] and box["x"] + box["width"] <= inside["x"] + inside["width"]
        value = control.locator("+ .gradlab-explorer-value").bounding_box()
        assert box["y"] <= value["y"] + value["height"] / 2 <= box["y"] + box["height"], (
            "the value is not beside its slider"
        )
    context.close()


def test_axe_finds_nothing_on_a_page(offline: Page, page_file: str):
    offline.goto(page_file)
    assert violations(offline) == ""


def test_copies_of_an_explorer_share_no_id(offline: Page, page_file: str):
    offline.goto(page_file)
    ids = offline.evaluate("[...document.querySelectorAll('.gradlab-explorer [id]')].map((node) => node.id)")
    assert len(ids) == len(set(ids))
    used = offline.evaluate(
        "[...document.querySelectorAll('.gradlab-explorer use')].map((n) => n.href.baseVal.slice(1))"
    )
    assert used and set(used) <= set(ids)


def test_nothing_moves_that_the_reader_did_not_move(offline: Page, page_file: str):
    offline.emulate_media(reduced_motion="reduce")
    offline.goto(page_file)
    assert offline.evaluate("document.getAnimations().length") == 0
    explorer(offline).get_by_role("slider").press("End")
    assert offline.evaluate("document.getAnimations().length") == 0
