"""What a reader can do with an explorer, and where its record plays: pages of every kind."""

import re
from collections.abc import Iterator
from html import escape
from io import BytesIO
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbclient import NotebookClient
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from gradlab.explore.page import html, unpacked
from tests.browser.contact_sheets import LETTERS, MARGIN, SETTINGS
from tests.browser.lab import Lab, notebook, open_notebook, run_all
from tests.gradlab.lessons.figures import FIGURES, explorer_of

CURVE = """
import matplotlib.pyplot as plt, numpy as np
from gradlab.explore import explore, slider

def compute(x, k):
    return x, k

def draw(data):
    x, k = data
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4))
    grid = np.linspace(0, 10, 50)
    left.plot(grid, np.sin(grid * k), gid="curve")
    left.plot(x, np.sin(x * k), "o", gid="point")
    right.plot(grid, np.cos(grid), gid="other")
    left.set(xlim=(0, 10), ylim=(-1, 1))
    return figure

explore(compute, draw, alt=lambda data: f"A point on a sine, {data[0]:.1f} to the right.",
        x=slider(0.0, 10.0, step=1.0, start=2.0, label="x", play=True, panel=0), k=slider(1, 3, step=1, label="k"))
"""


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    client = NotebookClient(notebook([CURVE]), timeout=120)
    return client.execute(cwd=str(tmp_path_factory.mktemp("executed")))


@pytest.fixture(scope="module")
def output(executed: nbformat.NotebookNode) -> str:
    return executed.cells[0].outputs[0].data["text/html"]


@pytest.fixture
def played(offline: Page, output: str) -> Page:
    offline.set_content(f"<!doctype html><html lang=en><body>{output}")
    return offline


def slider(page: Page | Locator, name: str = "x") -> Locator:
    return page.get_by_role("slider", name=name)


def told(page: Page | Locator) -> str:
    return page.get_by_role("img").first.get_attribute("aria-label")


# Play, click, pairs


def test_play_goes_to_the_end_and_stops(played: Page):
    played.get_by_role("button", name="Play x").click()
    expect(played.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    expect(slider(played)).to_have_attribute("aria-valuetext", "10", timeout=10_000)
    expect(played.get_by_role("button")).to_have_attribute("aria-pressed", "false")
    assert told(played).startswith("x = 10, k = 2.")


def test_play_stops_when_it_is_pressed_again(played: Page):
    button = played.get_by_role("button", name="Play x")
    button.click()
    expect(slider(played)).not_to_have_attribute("aria-valuetext", "2")
    button.click()
    stopped = slider(played).get_attribute("aria-valuetext")
    played.wait_for_timeout(400)
    assert slider(played).get_attribute("aria-valuetext") == stopped


def test_whoever_wants_no_motion_gets_one_position_at_a_press(offline: Page, output: str):
    offline.emulate_media(reduced_motion="reduce")
    offline.set_content(f"<!doctype html><html lang=en><body>{output}")
    offline.get_by_role("button", name="Play x").click()
    offline.wait_for_timeout(500)
    expect(slider(offline)).to_have_attribute("aria-valuetext", "3")


@pytest.mark.parametrize("value", [0.5, 4.2, 7.9])
def test_a_click_in_the_figure_sets_the_value_there(played: Page, value: float):
    axes = played.locator('[data-part="Axes1.Rectangle1"]').bounding_box()
    played.mouse.click(axes["x"] + axes["width"] * value / 10, axes["y"] + axes["height"] / 3)
    expect(slider(played)).to_have_attribute("aria-valuetext", f"{round(value)}")


def test_a_click_in_another_panel_sets_nothing(played: Page):
    axes = played.locator('[data-part="Axes2.Rectangle1"]').bounding_box()
    played.mouse.click(axes["x"] + axes["width"] * 0.9, axes["y"] + axes["height"] / 2)
    expect(slider(played)).to_have_attribute("aria-valuetext", "2")


def test_pairs_of_two_controls_are_in_the_record(played: Page):
    slider(played).press("End")
    slider(played, "k").press("Home")
    assert told(played).startswith("x = 10, k = 1.")
    expect(played.get_by_role("status")).to_be_empty()


# The record is unpacked by the page


def test_a_hand_that_is_faster_than_the_unpacking_is_not_forgotten(offline: Page, output: str):
    press = "() => { const input = document.querySelector('input'); input.value = 10; input.dispatchEvent(new Event('input')); }"
    at_once = f"<script>({press})()</script>"
    offline.set_content(f"<!doctype html><html lang=en><body>{output}{at_once}")
    expect(offline.get_by_role("img").first).to_have_attribute("aria-label", re.compile("^x = 10, k = 2"))


def test_a_browser_that_cannot_unpack_the_record_says_so(offline: Page, output: str):
    offline.add_init_script("delete globalThis.DecompressionStream")
    offline.goto("about:blank")
    offline.set_content(f"<!doctype html><html lang=en><body>{output}")
    expect(offline.get_by_role("status")).to_contain_text("cannot unpack")
    slider(offline).press("End")
    assert told(offline).startswith("x = 2, k = 2.")


# Narrow pages


def letters(page: Page) -> list[float]:
    return page.evaluate(LETTERS)


@pytest.mark.parametrize(("width", "below"), [(760, False), (390, True), (303, True)])
def test_panels_stand_below_each_other_where_the_page_is_narrow(browser: Browser, output: str, width: int, below: bool):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(f'<!doctype html><html lang=en><body style="margin:{MARGIN}px">{output}')
    first, second = (panel.bounding_box() for panel in page.locator("[role=img] > svg").all())
    assert (second["y"] >= first["y"] + first["height"] - 1) == below
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert min(letters(page)) >= 9
    page.close()


@pytest.mark.parametrize("name", FIGURES)
def test_letters_of_every_figure_can_be_read_in_the_narrowest_setting(browser: Browser, name: str):
    explorer = explorer_of(FIGURES[name])
    explorer.show(explorer.start)
    page = browser.new_page(viewport={"width": min(width for width, _ in SETTINGS.values()), "height": 900})
    page.set_content(
        f'<!doctype html><html lang=en><title>x</title><body style="margin:{MARGIN}px">{html(explorer, "")}'
    )
    assert min(letters(page)) >= 9
    found = Axe().run(page).response["violations"]
    assert [
        each["id"] for each in found if each["id"] not in ("landmark-one-main", "page-has-heading-one", "region")
    ] == []
    page.close()


def test_letters_can_be_read_in_jupyterlab_at_200_percent(browser: Browser, lab: Lab):
    page = browser.new_page(viewport={"width": 683, "height": 384}, device_scale_factor=2)
    open_notebook(page, lab.write("zoomed.ipynb", [CURVE]))
    run_all(page)
    figure = page.locator(".gradlab-explorer [role=img]").first
    expect(figure).to_be_attached()
    assert page.locator(".jp-FileBrowser").is_visible()
    assert min(letters(page)) >= 9
    narrowest = min(width for width, _ in SETTINGS.values())
    assert page.locator(".jp-OutputArea-output").first.bounding_box()["width"] >= narrowest - 2 * MARGIN
    # What is wider than the page is scrolled by keyboard.
    wide = figure.evaluate("(each) => each.scrollWidth > each.clientWidth")
    assert figure.get_attribute("tabindex") == ("0" if wide else None)
    frames = "() => Object.keys(document.querySelector('.gradlab-explorer').player.frames).length"
    page.wait_for_function(f"() => ({frames})() === 33", timeout=60_000)
    figure.evaluate("(each) => { each.style.maxWidth = '150px'; }")
    expect(figure).to_have_attribute("tabindex", "0")
    cell = page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex")
    figure.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.gradlab-explorer [role=img]').scrollLeft > 0")
    assert page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex") == cell
    expect(figure).to_be_focused()
    page.evaluate("async () => { await jupyterapp.shell.currentWidget.sessionContext.shutdown(); }")
    page.close()


# Where the record plays


def plays(page: Page | Locator) -> None:
    """The slider moves the picture."""
    before = told(page)
    slider(page).press("End")
    expect(page.get_by_role("img").first).to_have_attribute("aria-label", re.compile("^x = 10, k = "))
    assert told(page) != before


def test_the_record_joins_a_notebook_that_is_read_and_stays_in_it(page: Page, lab: Lab):
    address = lab.write("joins.ipynb", [CURVE])
    open_notebook(page, address)
    run_all(page)
    where = page.locator(".gradlab-explorer")
    expect(where).to_be_visible()
    slider(where).press("ArrowRight")
    frames = "() => Object.keys(document.querySelector('.gradlab-explorer').player.frames).length"
    page.wait_for_function(f"() => ({frames})() === 33", timeout=60_000)
    # Where the hand has put it, and still under the hand.
    expect(slider(where)).to_have_attribute("aria-valuetext", "3")
    expect(slider(where)).to_be_focused()
    page.evaluate("async () => { await jupyterapp.commands.execute('docmanager:save'); }")
    page.evaluate("async () => { await jupyterapp.shell.currentWidget.sessionContext.shutdown(); }")
    saved = nbformat.read(lab.root / "joins.ipynb", as_version=4).cells[0].outputs[0].data["text/html"]
    assert len(unpacked("".join(saved))["frames"]) == 33
    open_notebook(page, address)
    plays(page.locator(".gradlab-explorer"))
    page.evaluate("async () => { await jupyterapp.shell.currentWidget.sessionContext.shutdown(); }")


def test_the_record_plays_in_notebook_7(page: Page, lab: Lab, executed: nbformat.NotebookNode):
    nbformat.sign.NotebookNotary().sign(executed)
    nbformat.write(executed, lab.root / "seven.ipynb")
    page.goto(f"{lab.url}/notebooks/seven.ipynb?token={lab.token}")
    where = page.locator(".gradlab-explorer")
    expect(where).to_be_visible(timeout=60_000)
    if not slider(where).count():  # a notebook of somebody else's: run it
        page.get_by_role("menuitem", name="Run").click()
        page.get_by_role("menuitem", name="Run All Cells").first.click()
    expect(slider(where)).to_be_visible(timeout=60_000)
    plays(where)


# VS Code and Colab show HTML in frames of another origin, whose scripts run and reach nothing outside.
@pytest.mark.parametrize("sandbox", ["allow-scripts", "allow-scripts allow-same-origin"])
def test_the_record_plays_in_a_frame_of_its_own(offline: Page, output: str, sandbox: str):
    document = escape(f"<!doctype html><html lang=en><body>{output}", quote=True)
    offline.set_content(f'<iframe sandbox="{sandbox}" srcdoc="{document}" width=800 height=700></iframe>')
    plays(offline.frame_locator("iframe").locator(".gradlab-explorer"))


def test_the_record_plays_where_an_output_is_put_in_by_a_script(offline: Page, output: str):
    """VS Code puts the HTML into its page and then runs copies of its scripts."""
    offline.set_content("<!doctype html><html lang=en><body><div id=out></div>")
    offline.evaluate(
        """(html) => {
            const out = document.getElementById('out');
            out.innerHTML = html;
            for (const old of out.querySelectorAll('script')) {
                const script = document.createElement('script');
                for (const { name, value } of old.attributes) script.setAttribute(name, value);
                script.textContent = old.textContent;
                old.replaceWith(script);
            }
        }""",
        output,
    )
    plays(offline.locator(".gradlab-explorer"))


@pytest.fixture
def still(offline: Page, tmp_path: Path) -> Iterator[Page]:
    """A figure of `show`, on a dark and on a light page."""
    code = """
import matplotlib.pyplot as plt
from gradlab.explore.figures import show
figure, axes = plt.subplots(1, 2, figsize=(9, 4))
for ax in axes: ax.set(facecolor="white", xlabel="x")
show(figure, alt="Two empty panels.")
"""
    (cell,) = NotebookClient(notebook([code]), timeout=60).execute(cwd=str(tmp_path)).cells
    offline.set_content(
        f'<!doctype html><html lang=en><body data-jp-theme-light="false" style="background:#111;margin:0">'
        f"{cell.outputs[0].data['text/html']}"
    )
    yield offline


def test_a_still_figure_follows_the_dark_theme_and_stacks(still: Page):
    picture = still.locator("figure.gradlab-figure img")
    assert picture.first.evaluate("(img) => img.complete && img.naturalWidth > 0")
    colours = pixels(still)
    assert max(colours, key=colours.count)[0] < 60  # mostly dark
    assert any(red > 180 for red, _, _ in colours)  # with light letters
    still.set_viewport_size({"width": 390, "height": 900})
    first, second = (each.bounding_box() for each in picture.all())
    assert second["y"] >= first["y"] + first["height"] - 1


def pixels(page: Page) -> list[tuple[int, int, int]]:
    """The colours of the first panel as they are on the screen."""
    shot = page.locator("figure.gradlab-figure img").first.screenshot()
    return list(Image.open(BytesIO(shot)).convert("RGB").resize((200, 120)).getdata())
