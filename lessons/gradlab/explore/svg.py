"""A matplotlib figure as SVG in parts: panels with a place for each artist, and what each drew there.

Artists draw themselves into matplotlib's own SVG renderer, one at a time, so that no artist needs code of
ours. Of a figure laid out like one seen before, only what can have moved draws again: a line costs 0.3 ms, an
axis 8 ms, and an axis is skipped while its limits, ticks and labels stay.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure

from gradlab.explore.artists import artists_of, axes_of, frame_of, place_of, put_at, state_of, structure_of, top_axes
from gradlab.explore.panels import Panel, panels_of
from gradlab.explore.svg_text import DEFINITION, DEFS, ID, PLACE, REFERENCE, USE, PartRenderer, shorter_use, tidy

# Stands before every id, so that a page can give each copy of a figure ids of its own.
ID_MARK = "@@"


@dataclass(frozen=True)
class Picture:
    """`skeletons`: the SVGs of the panels, with an empty group for each key of `parts`; `defs`: id → definition."""

    skeletons: tuple[str, ...]
    parts: Mapping[str, str]
    defs: Mapping[str, str]

    def svgs(self) -> list[str]:
        """Each panel as one SVG document."""
        return [self._document(skeleton) for skeleton in self.skeletons]

    def _document(self, skeleton: str) -> str:
        body = PLACE.sub(lambda match: self.parts[match[1]], skeleton)
        used = "".join(self.defs[name] for name in dict.fromkeys(re.findall(rf"#{ID_MARK}([\w-]+)", body)))
        head = f"><style>{_DARK}</style><defs>{used}</defs>"
        return body.replace(">", head, 1).replace(ID_MARK, "")


# An <img> goes by the color-scheme of the page around it.
_DARK = (
    "@media(prefers-color-scheme:dark){svg{--ink:#e8e8e8;--paper:#111;--blue:#2f8fdc;--rust:#f07a2a;fill:var(--ink)}}"
)


class Tracer:
    """Turns the figures of one explorer into pictures, and keeps what they have in common."""

    def __init__(self) -> None:
        self._layouts: dict[Any, tuple[tuple[str, ...], list[str], list[Any]]] = {}
        self._still: dict[Any, str] = {}
        self._renderers: dict[Any, PartRenderer] = {}
        self._glyphs: dict[str, Any] = {}
        self._names: dict[str, str] = {}
        self.defs: dict[str, str] = {}

    def trace(self, figure: Figure, *, whole: bool = False) -> Picture:
        """The figure as a picture, `whole` in one panel with its paper. It uses the figure up: do not draw it again."""
        figure.set_dpi(72)  # one unit of the SVG is one point
        artists = dict(artists_of(figure))
        frames = {axes: frame_of(axes) for axes in axes_of(figure)}
        structure = structure_of(figure, artists, frames)
        still = {key: (key, structure, state) for key, artist in artists.items() if (state := state_of(artist, frames))}
        if structure in self._layouts:
            skeletons, keys, places = self._layouts[structure]
            figure.set_layout_engine("none")
            for axes, place in zip(frames, places):
                put_at(axes, place)
            parts = {key: self._draw(artists[key], figure, still.get(key)) for key in keys}
        else:
            skeletons, parts = self._whole(figure, artists, still, whole)
            self._layouts[structure] = skeletons, list(parts), [place_of(axes) for axes in frames]
        return Picture(skeletons, parts, self.defs)

    def _whole(
        self, figure: Figure, artists: dict[str, Artist], still: dict[str, Any], whole: bool
    ) -> tuple[tuple[str, ...], dict[str, str]]:
        # matplotlib lays the figure out and calls the artists in order.
        parts: dict[str, str] = {}
        for key, artist in artists.items():

            def draw(renderer: Any, key: str = key, artist: Artist = artist, own: Any = artist.draw) -> None:
                artist.draw = own
                parts[key] = self._draw(artist, figure, still.get(key))

            artist.draw = draw
        # One renderer measures and draws every text: matplotlib keeps what it measured by renderer.
        vars(figure.canvas)["get_renderer"] = lambda: self._renderer_of(figure)
        figure.draw(RendererBase())
        width, height = figure.get_size_inches() * 72
        if whole:
            return (Panel((0.0, 0.0, width, height), tuple(parts)).svg(),), parts
        tops: dict[str, Axes | None] = top_axes(figure)
        panels = panels_of(figure, self._renderer_of(figure), {key: tops.get(key) for key in parts})
        kept = {key for panel in panels for key in panel.keys}
        return tuple(panel.svg() for panel in panels), {key: part for key, part in parts.items() if key in kept}

    def _draw(self, artist: Artist, figure: Figure, still: Any) -> str:
        if not artist.get_visible():
            return ""
        if still in self._still:
            return self._still[still]
        renderer, out = self._renderer_of(figure), StringIO()
        renderer.begin(out)
        vars(renderer)["_glyph_map"] = self._glyphs  # a letter is defined once, however many artists write it
        artist.draw(renderer)
        renderer.finalize()
        content = self._hoist(tidy(out.getvalue()))
        if still is not None:
            self._still[still] = content
        return content

    def _renderer_of(self, figure: Figure) -> PartRenderer:
        size = tuple(figure.get_size_inches() * 72)
        if size not in self._renderers:
            self._renderers[size] = PartRenderer(*size)
        return self._renderers[size]

    def _hoist(self, svg: str) -> str:
        """Move definitions to `defs`, under names made of their content: equal names, equal things."""
        body = svg[svg.index(">") + 1 :].removesuffix("</svg>")  # nothing, if the artist drew nothing
        for markup in _definitions(body):
            digest = sha256(ID.sub("", markup).encode()).digest()
            name = "d" + urlsafe_b64encode(digest[:4]).decode().rstrip("=")
            if found := ID.search(markup):
                self._names[found[1]] = name
            self.defs[name] = ID.sub(f' id="{ID_MARK}{name}"', markup, count=1)
        body = ID.sub("", DEFS.sub("", body))
        body = REFERENCE.sub(lambda match: f"{match[1]}#{ID_MARK}{self._names.get(match[2], match[2])}", body)
        return USE.sub(shorter_use, body)


def _definitions(body: str) -> Iterator[str]:
    for block in DEFS.findall(body):
        yield from (match[0] for match in DEFINITION.finditer(block))
