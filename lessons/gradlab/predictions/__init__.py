"""Predictions: what a learner expects, kept in the notebook's own text, and laid beside the truth afterwards.

`gradlab/lessons/NAME/predictions.py` says what a lesson asks for: each variable there is a prediction, by its name.
"""

from gradlab.predictions.kinds import Choice, Number, Numbers, Prediction, Words

__all__ = ["Choice", "Number", "Numbers", "Prediction", "Words"]
