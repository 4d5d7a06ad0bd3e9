"""Explorers: figures with sliders that follow the hand, and that play without a kernel too."""

from gradlab.explore.controls import choice, log_slider, slider, toggle
from gradlab.explore.display import explore

__all__ = ["choice", "explore", "log_slider", "slider", "toggle"]
