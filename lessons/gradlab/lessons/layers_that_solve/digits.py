"""scikit-learn's handwritten digits, 8×8 pixels each, and the training that the networks of lesson 6 share."""

import time
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Pictures(NamedTuple):
    """Pixels between 0 and 1, (n, 64), and the digit on each picture, (n,)."""

    pixels: Tensor
    digit: Tensor


class Digits(NamedTuple):
    """1300 pictures to train with, and 497 held out."""

    train: Pictures
    test: Pictures


def digits() -> Digits:
    """The pictures in an order of their own, always the same; they come with scikit-learn."""
    from sklearn.datasets import load_digits

    pixels, digit = load_digits(return_X_y=True)
    pixels, digit = torch.tensor(pixels, dtype=torch.float32) / 16, torch.tensor(digit)
    order = torch.randperm(len(pixels), generator=torch.Generator().manual_seed(0))
    first, rest = order[:1300], order[1300:]
    return Digits(Pictures(pixels[first], digit[first]), Pictures(pixels[rest], digit[rest]))


def fit(model: nn.Module, train: Pictures, epochs: int = 20, lr: float = 0.003) -> float:
    """Train by Adam on batches of 100 pictures, in their order; return the seconds that it took."""
    start, optimiser = time.perf_counter(), torch.optim.Adam(model.parameters(), lr=lr)
    for _ in range(epochs):
        for pixels, digit in zip(train.pixels.split(100), train.digit.split(100)):
            optimiser.zero_grad()
            F.cross_entropy(model(pixels), digit).backward()
            optimiser.step()
    return time.perf_counter() - start


def accuracy(model: nn.Module, pictures: Pictures) -> float:
    """The share of the pictures that the model reads rightly."""
    with torch.no_grad():
        return (model(pictures.pixels).argmax(1) == pictures.digit).double().mean().item()
