"""How long a slider takes to change the picture, and how often a drag does: three ways to do it, in one run.

    python -m tests.benchmarks.explorers

The same figure as `interactive_output` with an inline picture, as an ipympl canvas, and as an explorer, the
latter inside its record and outside (where the kernel draws). In Chromium: 40 key steps, each from the key's
event to the frame after the picture changed, then a drag of 2 s. Prints the numbers and their ratios; asserts
nothing.
"""

import tempfile
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Locator, Page, sync_playwright
from rich.console import Console
from rich.table import Table

from tests.browser.lab import Lab, open_notebook, run_all, running_lab

SETUP = """
import matplotlib.pyplot as plt, numpy as np, ipywidgets as widgets
from IPython.display import display
from gradlab.explore import explore, log_slider, slider
from gradlab.explore.figures import use_style
use_style()
grid = [float(v) for v in np.logspace(-4, 0, 61)]

def compute(lam, shift=0.0):
    x = np.linspace(-2, 2, 400) - shift
    return x, np.sqrt(x * x + lam), x / np.sqrt(x * x + lam), lam

def draw(data, size=SIZE):
    x, up, sign, lam = data
    figure, axes = plt.subplots(size, size, figsize=(7, 4), squeeze=False)
    for ax in axes.flat:
        ax.plot(x, up, gid="up", label="soft abs")
        ax.plot(x, sign, gid="sign", label="soft sign")
        ax.set_title(f"{lam:.3g}", gid="title")
        ax.set(xlim=(-2, 2), ylim=(-2, 2), xlabel="x", ylabel="y")
        ax.legend(loc="upper left")
    return figure
"""

WAYS = {
    "interactive_output": """
control = widgets.SelectionSlider(options=grid, value=grid[0], description="lam")
def picture(lam):
    draw(compute(lam)); plt.show()
display(control, widgets.interactive_output(picture, {"lam": control}))
""",
    "ipympl": """
%matplotlib widget
control = widgets.SelectionSlider(options=grid, value=grid[0], description="lam")
display(control)
figure = draw(compute(grid[0]))
def move(change):
    _, up, sign, lam = compute(change.new)
    for ax in figure.axes:
        ax.lines[0].set_ydata(up); ax.lines[1].set_ydata(sign); ax.set_title(f"{lam:.3g}")
    figure.canvas.draw_idle()
control.observe(move, "value")
plt.show()
""",
    "explorer, recorded": """
explore(compute, draw, alt=lambda d: "curves", lam=log_slider(1e-4, 1, start=1e-4, positions=61, label="lam"))
""",
    "explorer, live": """
explore(compute, draw, alt=lambda d: "curves", lam=log_slider(1e-4, 1, start=1e-4, positions=61, label="lam"),
        shift=slider(0.0, 1.0, step=0.02, start=0.5, label="shift"))
""",
}

# Pixels have changed when the frame after the new picture is presented: a picture is a decoded <img>, a drawn
# canvas or changed SVG.
WATCH = """() => {
  window.frames_ = 0;
  const presented = () => requestAnimationFrame(() => setTimeout(() => {
    window.frames_ += 1; window.last = performance.now(); window.arrived?.();
  }));
  let due = false;
  const changed = () => {
    if (due) return;
    due = true;
    presented();
    requestAnimationFrame(() => (due = false));
  };
  new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      if (target.closest?.('.gradlab-explorer figure')) changed();
      for (const node of addedNodes) {
        const image = node.matches?.('img') ? node : node.querySelector?.('.jp-OutputArea img');
        if (image) image.decode().then(changed, () => {});
      }
    }
  }).observe(document.body, { childList: true, subtree: true });
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (...args) {
    changed();
    return draw.apply(this, args);
  };
  window.addEventListener('keydown', () => { window.first = performance.now(); }, true);
}"""


def steps(page: Page, handle: Locator) -> list[float]:
    """Milliseconds from key to pixels for 40 steps."""
    handle.focus()
    times = []
    for _ in range(40):
        page.evaluate("() => { window.next_ = new Promise((done) => { window.arrived = done; }); }")
        page.keyboard.press("ArrowRight")
        page.evaluate("() => Promise.race([window.next_, new Promise((done) => setTimeout(done, 3000))])")
        page.wait_for_timeout(60)  # late pictures of this step count for it
        times.append(page.evaluate("() => window.last - window.first"))
    return times


def drag(page: Page, handle: Locator, track: Locator) -> int:
    """New pictures during a drag of 2 s to and fro."""
    box = track.bounding_box()
    held = handle.bounding_box()
    y = held["y"] + held["height"] / 2
    page.mouse.move(held["x"] + held["width"] / 2, y)
    page.mouse.down()
    page.evaluate("() => { window.frames_ = 0; window.began = performance.now(); }")
    k = 0
    while page.evaluate("() => performance.now() - window.began") < 2000:
        k += 1
        page.mouse.move(box["x"] + box["width"] * (0.2 + 0.6 * abs((k / 60) % 2 - 1)), y)
        page.wait_for_timeout(10)
    frames = page.evaluate("() => window.frames_")
    page.mouse.up()
    return frames


def measure(page: Page, lab: Lab, size: int) -> dict[str, tuple[float, float, int]]:
    results = {}
    for way, code in WAYS.items():
        address = lab.write(f"{way.replace(', ', '-')}-{size}.ipynb", [SETUP.replace("SIZE", str(size)), code])
        open_notebook(page, address)
        run_all(page)
        output = page.locator(".jp-OutputArea-output")
        output.locator("img, canvas, svg[viewBox]").first.wait_for()
        page.wait_for_timeout(1000)
        if "live" in way:  # away from the record's own sweep
            output.locator("input[type=range]").nth(1).focus()
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(1000)
        page.evaluate(WATCH)
        stock = output.locator(".noUi-handle")
        handle = stock if stock.count() else output.locator("input[type=range]")
        track = output.locator(".slider-container, input[type=range]")
        times = steps(page, handle.first)
        results[way] = median(times), quantiles(times, n=20)[-1], drag(page, handle.first, track.first)
        page.evaluate("async () => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    return results


def main() -> None:
    """Print a table for one pair of axes and one for 2×2."""
    with running_lab(Path(tempfile.mkdtemp())) as lab, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for size in 1, 2:
            page = browser.new_page(viewport={"width": 1100, "height": 1000})
            results = measure(page, lab, size)
            page.close()
            table = Table("way", "median", "p95", "frames", "median ratio", "p95 ratio")
            table.title = f"{size}×{size} axes; ms from key to pixels, frames in a 2 s drag; ratios to the first"
            base = results["interactive_output"]
            for way, (mid, high, frames) in results.items():
                ratios = f"{mid / base[0]:.2f}", f"{high / base[1]:.2f}"
                table.add_row(way, f"{mid:.0f}", f"{high:.0f}", str(frames), *ratios)
            Console().print(table)
        browser.close()


if __name__ == "__main__":
    main()
