"""matplotlib's SVG, shorter: path data in small steps, no digit that nobody sees, colours that follow the page."""

import re
from functools import lru_cache
from io import StringIO
from typing import Any

import numpy as np
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.path import Path


class PartRenderer(RendererSVG):
    """matplotlib's SVG renderer with short path data, and without the head that a part has no use for."""

    def __init__(self, width: float, height: float) -> None:
        self._size = width, height
        self.begin(StringIO())

    def begin(self, out: StringIO) -> None:
        """Draw into another text from now on. What was measured before holds: matplotlib keeps it by renderer."""
        super().__init__(*self._size, out, image_dpi=144, metadata=dict.fromkeys(_METADATA))

    def _write_default_style(self) -> None:
        pass  # a style sheet in one picture would reach the whole page; the player sets these on its <svg>

    def option_image_nocomposite(self) -> bool:
        return True

    def _convert_path(
        self, path: Path, transform: Any = None, clip: Any = None, simplify: Any = None, sketch: Any = None
    ) -> str:
        clip = (0.0, 0.0, self.width, self.height) if clip else None
        fill = not simplify and _is_long_polygon(path)  # matplotlib thins out lines, and leaves fills alone
        path = path.cleaned(transform, True, clip, simplify=simplify or fill, curves=True, sketch=sketch)
        data = _path_data(path, grain=1.0 if transform is None else 0.01)  # glyphs come in 1/64 of their unit
        return data + "z" if fill else data


_METADATA = ("Date", "Creator", "Format", "Type")
DEFS = re.compile(r"<defs>(.*?)</defs>", re.DOTALL)
DEFINITION = re.compile(r"<(clipPath|pattern|linearGradient|filter)\b.*?</\1>|<\w[^>]*/>", re.DOTALL)
ID = re.compile(r' id="([^"]*)"')
REFERENCE = re.compile(r"""((?:url\(|href="))#([^")]+)""")
USE = re.compile(r'(<use [^>]*?)transform="translate\((\S+?)(?: (\S+?))?\)"')
PLACE = re.compile(r'<g data-part="([^"]*)"/>')
# Colours that a dark page shows lighter, black and white the other way round (`svg.DARK`, player.css).
COLOURS = {"#000000": "--ink", "#ffffff": "--paper", "#0072b2": "--blue", "#b34400": "--rust"}
_COLOUR = re.compile("|".join(COLOURS))
_ROUND = re.compile(r"-?\d+\.\d{3,}")
_POSITION = re.compile(r'translate\([^)]*\)|\b[xy]="[^"]*"')


def tidy(svg: str) -> str:
    """Without comments and digits that nobody sees; the colours of `COLOURS` become variables of the page."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"\s*\n\s*", "", svg)
    svg = re.sub(r"(?<=[a-z0-9)])(: |; )(?=[a-z#\d])", lambda match: match[0][0], svg)
    svg = _COLOUR.sub(lambda match: f"var({COLOURS[match[0]]},{match[0]})", svg.replace("xlink:href", "href"))
    return _POSITION.sub(
        lambda match: _ROUND.sub(lambda number: _decimal(round(float(number[0]) * 100)), match[0]), svg
    )


def _is_long_polygon(path: Path) -> bool:
    codes = np.asarray(path.codes) if path.codes is not None else np.empty(0)
    return len(codes) >= 128 and codes[-1] == Path.CLOSEPOLY and bool((codes[1:-1] == Path.LINETO).all())


def _path_data(path: Path, grain: float) -> str:
    """Relative path data in steps of `grain` (1/100 point): a fifth as long as matplotlib's."""
    points = np.rint(np.asarray(path.vertices) / grain).astype(np.int64).tolist()
    codes = np.asarray(path.codes).tolist()
    number = str if grain == 1 else _decimal
    words: list[str] = []
    last, x, y, i = "", 0, 0, 0
    while i < len(codes) and codes[i] != Path.STOP:
        letter, count = _LETTERS[codes[i]]
        if letter == "z":
            words.append("z")
        else:
            numbers = []
            for px, py in points[i : i + count]:
                numbers += [number(px), number(py)] if letter == "M" else [number(px - x), number(py - y)]
            x, y = points[i + count - 1]
            text = " ".join(numbers).replace(" -", "-")
            words.append(text if letter == last and text[0] == "-" else (" " if letter == last else letter) + text)
        last = letter
        i += count
    return "".join(words)


def shorter_use(match: re.Match) -> str:
    start, x, y = match.groups("0")
    return f'{start}x="{x}"' + (f' y="{y}"' if y != "0" else "")


@lru_cache(maxsize=1 << 16)
def _decimal(hundredths: int) -> str:
    text = f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


_LETTERS = {
    Path.MOVETO: ("M", 1),
    Path.LINETO: ("l", 1),
    Path.CURVE3: ("q", 2),
    Path.CURVE4: ("c", 3),
    Path.CLOSEPOLY: ("z", 1),
}
