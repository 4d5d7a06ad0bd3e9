"""A still picture of lesson 4: network 456, which falls for ever and shows every sign of a minimum but one."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from gradlab.explore.figures import PALETTE, style
from gradlab.lessons.implicit_argmin.explorers.adam_paths import network

LEFT, RIGHT = -30.0, 10.0
STOP = -12.196703910827637  # where the forum's search ended, as printed
ALT = (
    "Left: the network of seed 456 over x from −30 to 10. It falls towards the left and creeps towards its infimum, a "
    "dotted line at −0.74, without reaching it; a dot marks where the forum's search stopped, at −12.2. Right: on a "
    "logarithmic scale over the same tail the gradient and the curvature shrink together, and their quotient, the "
    "Newton step, stays near 1.4."
)


def figure() -> Figure:
    """Left: f and its infimum. Right: gradient, curvature and Newton step along the tail."""
    net = network(456)
    infimum = -sum(w if W > 0 else -w for W, w in zip(net.W1, net.w2))  # the limit as x → −∞
    x = np.linspace(LEFT, RIGHT, 201)
    tail = np.linspace(LEFT, -8.0, 101)
    slopes = [net.at(point) for point in tail]
    with style():
        drawn, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.8))
        left.plot(x, [net.at(point).value for point in x], color=PALETTE["blue"], label="$f$")
        left.axhline(infimum, color=PALETTE["black"], linestyle=":", linewidth=1.4, label="never reached")
        left.plot(STOP, net.at(STOP).value, "o", color=PALETTE["vermillion"], label="stopped here")
        left.set(xlabel="$x$", ylabel="$f(x)$", ylim=(-0.9, 1.0), title="Seed 456")
        left.legend(loc="upper left")
        looks = {"Newton step": "-", "gradient": "--", "curvature": "-."}
        values = [s.gradient / s.curvature for s in slopes], [s.gradient for s in slopes], [s.curvature for s in slopes]
        for (name, dash), curve, colour in zip(looks.items(), values, ("vermillion", "blue", "green")):
            right.plot(tail, np.abs(curve), color=PALETTE[colour], linestyle=dash, label=name)
        right.set(yscale="log", ylim=(1e-10, 1e4), xlabel="$x$", title="Along the tail")
        right.legend(loc="upper left", ncols=3, handlelength=1.5, columnspacing=0.6, handletextpad=0.4)
    return drawn
