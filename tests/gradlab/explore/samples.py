"""Explorers that several tests use, as the source of a notebook cell."""

import matplotlib.pyplot as plt
import numpy as np

# One slider: its record is complete.
ONE = """
import matplotlib.pyplot as plt, numpy as np
from gradlab.explore import choice, explore, log_slider, slider, toggle

def compute(lam, shift=0.0):
    x = np.linspace(-2, 2, 200)
    return x, np.sqrt((x - shift) ** 2 + lam), lam

def draw(data):
    x, y, lam = data
    figure, ax = plt.subplots(figsize=(6, 3.5))
    ax.plot(x, y, gid="curve", label="soft abs")
    ax.set(xlim=(-2, 2), ylim=(0, 3), xlabel="x", ylabel="y")
    ax.set_title(f"λ = {lam:.2g}", gid="title")
    ax.legend(loc="upper center")
    return figure

def alt(data):
    return f"A soft absolute value, {data[1].min():.2g} high where it is lowest."

explore(compute, draw, alt=alt, lam=log_slider(1e-4, 1, start=1e-2, label="λ"))
"""

# Two long sliders: 41 + 41 positions are recorded, the kernel draws the other 1600.
TWO = ONE.replace('label="λ"))', 'label="λ"), shift=slider(-1.0, 1.0, start=0.0, label="shift"))')

# Every kind of control, few enough positions to record them all.
FOUR = """
def compute4(n, kind, colour, grid):
    return n, kind, colour, grid

def draw4(data):
    n, kind, colour, grid = data
    figure, ax = plt.subplots(figsize=(6, 3.5))
    powers = [k ** 2 if kind == "square" else k ** 3 for k in range(n + 1)]
    ax.plot(range(n + 1), powers, color=colour, gid="curve")
    ax.set(xlim=(0, 5), ylim=(0, 100))
    ax.grid(grid)
    return figure

explore(compute4, draw4, alt=lambda data: f"The {data[1]}s up to {data[0]}.",
        n=slider(1, 3, step=1, label="n"),
        kind=choice(["square", "cube"], label="power"),
        colour=choice(["C0", "C1", "C2", "C3", "C4"], label="colour"), grid=toggle(label="grid"))
"""


def soft_abs(lam: float, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray, float]:
    x = np.linspace(-2, 2, 200)
    return x, np.sqrt((x - shift) ** 2 + lam), lam


def draw(data: tuple[np.ndarray, np.ndarray, float]) -> plt.Figure:
    x, y, lam = data
    figure, ax = plt.subplots(figsize=(6, 3.5))
    ax.plot(x, y, gid="curve")
    ax.set(xlim=(-2, 2), ylim=(0, 3))
    ax.set_title(f"λ = {lam:.2g}")
    return figure


def alt(data: tuple[np.ndarray, np.ndarray, float]) -> str:
    return f"A soft absolute value, {data[1].min():.2g} high where it is lowest."
