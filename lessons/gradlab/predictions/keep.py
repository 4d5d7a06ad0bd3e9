"""`predict` and `reveal`: a prediction is kept in the text of its cell, and for this session in memory."""

from IPython.display import display

from gradlab.predictions.card import asked, kept, revealed, unknown, unreadable
from gradlab.predictions.kinds import NotReadable, Prediction, Said
from gradlab.predictions.registry import find_prediction

_SAID: dict[str, Said] = {}
_ASKED: set[str] = set()


def predict(name: object, typed: tuple[object, ...], *, quiet: bool = False) -> None:
    """Keep what was typed and say so; where nothing was typed, say what may be. Never raises, so a notebook runs on.

    `quiet` holds while a hand-in is marked: what was not predicted needs no place on its feedback page.
    """
    known = _known(name)
    if known is None:
        return _show(unknown(_text(name)))
    name, prediction = known
    _ASKED.add(name)
    _SAID.pop(name, None)
    if not typed or any(each is ... for each in typed):
        return None if quiet else _show(asked(name, prediction))
    try:
        _SAID[name] = prediction.read(typed)
    except NotReadable as error:
        return _show(unreadable(name, str(error)))
    _show(kept(name, prediction, _SAID[name]))


def reveal(name: object, *, quiet: bool = False) -> None:
    """Show what was said beside what is; `quiet` as above."""
    known = _known(name)
    if quiet and (known is None or known[0] not in _SAID):
        return None
    if known is None:
        return _show(unknown(_text(name)))
    _show(revealed(known[0], known[1], _SAID.get(known[0]), known[0] in _ASKED))


def _known(name: object) -> tuple[str, Prediction] | None:
    try:
        return (name, find_prediction(name)) if isinstance(name, str) else None
    except KeyError:
        return None


def _text(name: object) -> str:
    """A name for people; anything that is no text is shown by its type."""
    return name.encode("utf-8", "replace").decode() if isinstance(name, str) else type(name).__name__


def _show(bundle: dict) -> None:
    display(bundle, raw=True)
