"""A matplotlib figure as SVG in parts: a skeleton with a place for each artist, and what each drew there.

Artists draw themselves into matplotlib's own SVG renderer, one at a time, so that no artist needs code of
ours. Of a figure laid out like one seen before, only what can have moved draws again: a line costs 0.3 ms, an
axis 8 ms, and an axis is skipped while its limits, ticks and labels stay.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import StringIO
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure, FigureBase
from matplotlib.legend import Legend
from matplotlib.path import Path

# Stands before every id, so that a page can give each copy of a figure ids of its own.
ID_MARK = "@@"


@dataclass(frozen=True)
class Picture:
    """`skeleton` holds an empty group for each key of `parts`; `defs` maps an id to what it defines."""

    skeleton: str
    parts: dict[str, str]
    defs: dict[str, str]

    def svg(self) -> str:
        """The picture as one SVG document."""
        used = "".join(self.defs[name] for name in dict.fromkeys(self._used()))
        body = _PLACE.sub(lambda match: self.parts[match[1]], self.skeleton)
        head = f"><style>{_DARK}</style><defs>{used}</defs>"
        return body.replace(">", head, 1).replace(ID_MARK, "")

    def _used(self) -> Iterator[str]:
        for content in self.parts.values():
            yield from re.findall(rf"#{ID_MARK}([\w-]+)", content)


# An <img> goes by the color-scheme of the page around it.
_DARK = "@media(prefers-color-scheme:dark){svg{--ink:#e8e8e8;--paper:#111;fill:var(--ink)}}"


class Tracer:
    """Turns the figures of one explorer into pictures, and keeps what they have in common."""

    def __init__(self) -> None:
        self._layouts: dict[Any, tuple[str, list[str], list[Any]]] = {}
        self._still: dict[Any, str] = {}
        self._glyphs: dict[str, Any] = {}
        self._names: dict[str, str] = {}
        self.defs: dict[str, str] = {}

    def trace(self, figure: Figure) -> Picture:
        """The figure as a picture. It uses the figure up: do not draw it again."""
        figure.set_dpi(72)  # one unit of the SVG is one point
        artists = dict(_artists(figure))
        frames = {axes: _frame(axes) for axes in _axes(figure)}
        structure = _structure(figure, artists, frames)
        still = {key: (key, structure, state) for key, artist in artists.items() if (state := _state(artist, frames))}
        if structure in self._layouts:
            skeleton, keys, places = self._layouts[structure]
            figure.set_layout_engine("none")
            for axes, place in zip(frames, places):
                _put(axes, place)
            parts = {key: self._draw(artists[key], figure, still.get(key)) for key in keys}
        else:
            skeleton, parts = self._whole(figure, artists, still)
            self._layouts[structure] = skeleton, list(parts), [_place(axes) for axes in frames]
        return Picture(skeleton, parts, self.defs)

    def _whole(self, figure: Figure, artists: dict[str, Artist], still: dict[str, Any]) -> tuple[str, dict[str, str]]:
        # matplotlib lays the figure out and calls the artists in order; each leaves an empty group.
        parts: dict[str, str] = {}
        for key, artist in artists.items():

            def draw(renderer: RendererSVG, key: str = key, artist: Artist = artist, own: Any = artist.draw) -> None:
                renderer.writer.element("g", attrib={"data-part": key})
                artist.draw = own
                parts[key] = self._draw(artist, figure, still.get(key))

            artist.draw = draw
        out = StringIO()
        renderer = _Renderer(figure, out)
        figure.draw(renderer)
        renderer.finalize()
        return _ID.sub("", _tidy(out.getvalue())), parts

    def _draw(self, artist: Artist, figure: Figure, still: Any) -> str:
        if not artist.get_visible():
            return ""
        if still in self._still:
            return self._still[still]
        out = StringIO()
        renderer = _Renderer(figure, out)
        renderer._glyph_map = self._glyphs  # a letter is defined once, however many artists write it
        artist.draw(renderer)
        renderer.finalize()
        content = self._hoist(_tidy(out.getvalue()))
        if still is not None:
            self._still[still] = content
        return content

    def _hoist(self, svg: str) -> str:
        """Move definitions to `defs`, under names made of their content: equal names, equal things."""
        body = svg[svg.index(">") + 1 :].removesuffix("</svg>")  # nothing, if the artist drew nothing
        for block in _DEFS.findall(body):
            for match in _DEFINITION.finditer(block):
                markup = match[0]
                digest = sha256(_ID.sub("", markup).encode()).digest()
                name = "d" + urlsafe_b64encode(digest[:4]).decode().rstrip("=")
                self._names[_ID.search(markup)[1]] = name
                self.defs[name] = _ID.sub(f' id="{ID_MARK}{name}"', markup, count=1)
        body = _ID.sub("", _DEFS.sub("", body))
        body = _REFERENCE.sub(lambda match: f"{match[1]}#{ID_MARK}{self._names.get(match[2], match[2])}", body)
        return _USE.sub(_shorter_use, body)


class _Renderer(RendererSVG):
    """matplotlib's SVG renderer with short path data, and without the head that a part has no use for."""

    def __init__(self, figure: Figure, out: StringIO) -> None:
        width, height = figure.get_size_inches() * 72
        super().__init__(width, height, out, image_dpi=144, metadata=dict.fromkeys(_METADATA))

    def _write_default_style(self) -> None:
        pass  # a style sheet in one picture would reach the whole page; the player sets these on its <svg>

    def option_image_nocomposite(self) -> bool:
        return True

    def _convert_path(self, path, transform=None, clip=None, simplify=None, sketch=None):
        clip = (0.0, 0.0, self.width, self.height) if clip else None
        fill = not simplify and _is_long_polygon(path)  # matplotlib thins out lines, and leaves fills alone
        path = path.cleaned(transform, True, clip, simplify=simplify or fill, curves=True, sketch=sketch)
        data = _path_data(path, grain=1.0 if transform is None else 0.01)  # glyphs come in 1/64 of their unit
        return data + "z" if fill else data


_METADATA = ("Date", "Creator", "Format", "Type")
_DEFS = re.compile(r"<defs>(.*?)</defs>", re.DOTALL)
_DEFINITION = re.compile(r"<(clipPath|pattern|linearGradient|filter)\b.*?</\1>|<\w[^>]*/>", re.DOTALL)
_ID = re.compile(r' id="([^"]*)"')
_REFERENCE = re.compile(r"""((?:url\(|href="))#([^")]+)""")
_USE = re.compile(r'(<use [^>]*?)transform="translate\((\S+?)(?: (\S+?))?\)"')
_PLACE = re.compile(r'<g data-part="([^"]*)"/>')
_ROUND = re.compile(r"-?\d+\.\d{3,}")
_POSITION = re.compile(r'translate\([^)]*\)|\b[xy]="[^"]*"')


def _tidy(svg: str) -> str:
    """Without comments and digits that nobody sees; black and white become the page's ink and paper."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"\s*\n\s*", "", svg)
    svg = re.sub(r"(?<=[a-z0-9)])(: |; )(?=[a-z#\d])", lambda match: match[0][0], svg)
    svg = (
        svg.replace("xlink:href", "href").replace("#000000", "var(--ink,#000)").replace("#ffffff", "var(--paper,#fff)")
    )
    return _POSITION.sub(
        lambda match: _ROUND.sub(lambda number: _decimal(round(float(number[0]) * 100)), match[0]), svg
    )


def _is_long_polygon(path: Path) -> bool:
    codes = path.codes
    if codes is None or len(codes) < 128 or codes[-1] != Path.CLOSEPOLY:
        return False
    return bool((codes[1:-1] == Path.LINETO).all())


def _path_data(path: Path, grain: float) -> str:
    """Relative path data in steps of `grain` (1/100 point): a fifth as long as matplotlib's."""
    points = np.rint(path.vertices / grain).astype(np.int64).tolist()
    codes = path.codes.tolist()
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


def _shorter_use(match: re.Match) -> str:
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


def _artists(container: FigureBase | Axes, prefix: str = "") -> Iterator[tuple[str, Artist]]:
    """The artists that draw, each under a key of its own: its gid, or its class and number."""
    counts: dict[str, int] = {}
    for artist in container.get_children():
        name = artist.get_gid() or type(artist).__name__
        counts[name] = counts.get(name, 0) + 1
        key = prefix + name + (str(counts[name]) if counts[name] > 1 or not artist.get_gid() else "")
        # Other projections draw their children in their own way: they are one part.
        if isinstance(artist, FigureBase) or (isinstance(artist, Axes) and artist.name == "rectilinear"):
            yield from _artists(artist, key + ".")
        else:
            yield key, artist


def _axes(container: FigureBase | Axes) -> Iterator[Axes]:
    for artist in container.get_children():
        if isinstance(artist, Axes):
            yield artist
        if isinstance(artist, FigureBase | Axes):
            yield from _axes(artist)


def _structure(figure: Figure, artists: dict[str, Artist], frames: dict[Axes, str]) -> Any:
    """What decides where things stand: figures of one structure differ only in what their artists draw."""
    managed = figure.get_layout_engine() is not None
    axes = tuple(
        (
            frame if managed else str(each.get_position(True).bounds),
            each.get_visible(),
            each.axison,
            each.get_zorder(),
        )
        for each, frame in frames.items()
    )
    return (
        tuple(figure.get_size_inches()),
        axes,
        tuple((key, artist.get_zorder()) for key, artist in artists.items()),
    )


def _frame(axes: Axes) -> str:
    """What the axes' ticks, labels and spines depend on."""
    axes.viewLim  # noqa: B018 - asking for it makes a pending autoscale happen
    parts: list[Any] = [
        axes.get_aspect(),
        axes.get_adjustable(),
        axes.get_anchor(),
        axes.get_position(True).bounds,
    ]
    for axis in axes._axis_map.values():
        ticks = list(axis.get_majorticklocs())
        parts += [list(axis.get_view_interval()), axis.get_scale(), ticks, list(axis.get_minorticklocs())]
        parts += [
            axis.get_major_formatter().format_ticks(ticks),
            axis.label.get_text(),
            axis.label.get_color(),
        ]
        parts += [axis.get_tick_params("major"), axis.get_tick_params("minor")]
    return str(parts)


def _state(artist: Artist, frames: dict[Axes, str]) -> str | None:
    """For what is slow to draw and seldom changes, all that its drawing depends on; None for the rest."""
    if isinstance(artist, Axis):
        return frames[artist.axes]
    if isinstance(artist, Legend):
        texts = [text.get_text() for text in (artist.get_title(), *artist.get_texts())]
        return str((texts, [_look(handle) for handle in artist.legend_handles]))
    return None


def _place(axes: Axes) -> Any:
    return axes.get_position(original=True), [title.get_position() for title in _titles(axes)]


def _put(axes: Axes, place: Any) -> None:
    position, titles = place
    axes.set_position(position)
    locator = axes.get_axes_locator()
    axes.apply_aspect(locator(axes, None) if locator else None)
    for title, at in zip(_titles(axes), titles):
        title.set_position(at)


def _titles(axes: Axes) -> list[Artist]:
    return [axes.title, axes._left_title, axes._right_title]


def _look(handle: Artist) -> list[Any]:
    names = ["color", "facecolor", "edgecolor", "linestyle", "linewidth", "marker", "alpha", "visible", "hatch"]
    return [getattr(handle, f"get_{name}")() for name in names if hasattr(handle, f"get_{name}")]
