"""`predict` and `reveal`: a prediction is kept in the text of its cell, and for this session in memory."""

from IPython.display import display

from gradlab.predictions.card import asked, kept, revealed, unknown, unreadable
from gradlab.predictions.kinds import NotReadable, Said
from gradlab.predictions.registry import find_prediction

_SAID: dict[str, Said] = {}


def predict(name: str, typed: tuple[object, ...]) -> None:
    """Keep what was typed and say so; where nothing was typed, say what may be. Never raises, so a notebook runs on."""
    try:
        prediction = find_prediction(name)
    except KeyError:
        return display(unknown(name), raw=True)
    _SAID.pop(name, None)
    if not typed or any(each is ... for each in typed):
        return display(asked(name, prediction), raw=True)
    try:
        _SAID[name] = prediction.read(typed)
    except NotReadable as error:
        return display(unreadable(name, str(error)), raw=True)
    display(kept(name, prediction, _SAID[name]), raw=True)


def reveal(name: str) -> None:
    """Show what was said beside what is."""
    try:
        prediction = find_prediction(name)
    except KeyError:
        return display(unknown(name), raw=True)
    display(revealed(name, prediction, _SAID.get(name)), raw=True)
