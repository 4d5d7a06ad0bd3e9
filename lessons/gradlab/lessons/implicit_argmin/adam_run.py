"""A still picture of lesson 4: a run of Adam in which the gradient is small long before the point is near."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from gradlab.explore.figures import PALETTE, style
from gradlab.lessons.implicit_argmin.explorers.adam_paths import adam, network, newton

STEPS, RATE = 350, 0.5
ALT = (
    "Over 350 steps of Adam, on a logarithmic scale, three curves: the gradient, the Newton step, and the distance to the "
    "minimum. The gradient lies about a hundred times below the distance all along; the Newton step and the distance "
    "lie on top of each other from about step 80 on."
)


def figure() -> Figure:
    """Gradient, Newton step and error after each step of Adam on seed 2023."""
    net = network(2023)
    minimum = newton(net, 4.4)
    points, _ = adam(net, RATE, STEPS)
    slopes = [net.at(x) for x in points]
    curves = {
        "distance to the minimum": ([abs(x - minimum) for x in points], "black", "-"),
        "Newton step": ([abs(s.gradient / s.curvature) for s in slopes], "vermillion", "--"),
        "gradient": ([abs(s.gradient) for s in slopes], "blue", "-."),
    }
    with style():
        drawn, ax = plt.subplots(figsize=(5.6, 3.8))
        for name, (values, colour, dash) in curves.items():
            ax.plot(values, color=PALETTE[colour], linestyle=dash, linewidth=1.6, label=name)
        ax.set(yscale="log", ylim=(1e-10, 1e4), xlabel="step of Adam", title="A small gradient is no small distance")
        ax.legend(loc="upper right", handlelength=2.6)
    return drawn
