"""The figures with sliders of lesson 6: `explorers.NAME(…)` calls the function NAME of the module NAME."""

from gradlab.explore.gather import gather_figures

globals().update(gather_figures(__name__, __path__))
