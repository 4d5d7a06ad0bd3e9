"""The artists of a figure, where they stand, and what their drawing depends on."""

from collections.abc import Iterator
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure, FigureBase
from matplotlib.legend import Legend
from matplotlib.text import Text


def artists_of(container: FigureBase | Axes, prefix: str = "") -> Iterator[tuple[str, Artist]]:
    """The artists that draw, each under a key of its own: its gid, or its class and number."""
    counts: dict[str, int] = {}
    for artist in container.get_children():
        name = artist.get_gid() or type(artist).__name__
        counts[name] = counts.get(name, 0) + 1
        key = prefix + name + (str(counts[name]) if counts[name] > 1 or not artist.get_gid() else "")
        # Other projections draw their children in their own way: they are one part.
        if isinstance(artist, FigureBase) or (isinstance(artist, Axes) and artist.name == "rectilinear"):
            yield from artists_of(artist, key + ".")
        else:
            yield key, artist


def top_axes(figure: FigureBase) -> dict[str, Axes | None]:
    """The key of each artist that draws → the axes of the figure that it is drawn in, None outside of all axes."""
    found: dict[str, Axes | None] = {}
    keys = iter(dict(artists_of(figure)))
    for artist in figure.get_children():
        inside = artist if isinstance(artist, Axes) else None
        count = 1
        if isinstance(artist, FigureBase) or (isinstance(artist, Axes) and artist.name == "rectilinear"):
            count = len(list(artists_of(artist)))
        found |= {next(keys): inside for _ in range(count)}
    return found


def axes_of(container: FigureBase | Axes) -> Iterator[Axes]:
    """All axes, those inside of other axes too."""
    for artist in container.get_children():
        if isinstance(artist, Axes):
            yield artist
        if isinstance(artist, FigureBase | Axes):
            yield from axes_of(artist)


def structure_of(figure: Figure, artists: dict[str, Artist], frames: dict[Axes, str]) -> Any:
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


def frame_of(axes: Axes) -> str:
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


def state_of(artist: Artist, frames: dict[Axes, str]) -> str | None:
    """For what is slow to draw and seldom changes, all that its drawing depends on; None for the rest."""
    if isinstance(artist, Axis):
        return frames[artist.axes]
    if isinstance(artist, Legend):
        texts = [text.get_text() for text in (artist.get_title(), *artist.get_texts())]
        return str((texts, [_look(handle) for handle in artist.legend_handles if handle]))
    return None


def place_of(axes: Axes) -> Any:
    """Where the layout has put axes and their titles."""
    return axes.get_position(original=True), [title.get_position() for title in _titles(axes)]


def put_at(axes: Axes, place: Any) -> None:
    """Put axes and their titles where `place_of` found them."""
    position, titles = place
    axes.set_position(position)
    locator: Any = axes.get_axes_locator()
    axes.apply_aspect(locator(axes, None) if locator else None)
    for title, at in zip(_titles(axes), titles):
        title.set_position(at)


def _titles(axes: Axes) -> list[Text]:
    """The title in the middle and, which matplotlib keeps to itself, those at the left and the right."""
    return [axes.title, *(getattr(axes, name) for name in ("_left_title", "_right_title"))]


def _look(handle: Artist) -> list[Any]:
    names = ["color", "facecolor", "edgecolor", "linestyle", "linewidth", "marker", "alpha", "visible", "hatch"]
    return [getattr(handle, f"get_{name}")() for name in names if hasattr(handle, f"get_{name}")]
