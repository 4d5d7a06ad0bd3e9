"""Adam and Newton on the forum's network with one input, in plain floats, for the figures of this lesson."""

from math import sqrt, tanh
from typing import NamedTuple

from gradlab.maths.networks import TanhWeights, stored_weights

MOVED = 1  # the weight W1[1] is the theta of these pictures


class Slopes(NamedTuple):
    """f_x, f_xx, f_xθ with θ = W1[1], and f, at one x."""

    gradient: float
    curvature: float
    push: float
    value: float


class Network(NamedTuple):
    """w2ᵀ tanh(W1 x + b1) + s x², as tuples of floats."""

    W1: tuple[float, ...]
    b1: tuple[float, ...]
    w2: tuple[float, ...]
    stabiliser: float = 0.0

    def moved(self, delta: float) -> "Network":
        """The same network with W1[1] + delta."""
        W1 = tuple(w + delta * (k == MOVED) for k, w in enumerate(self.W1))
        return self._replace(W1=W1)

    def at(self, x: float) -> Slopes:
        """Value and derivatives at x."""
        gradient, curvature, push, value = 2 * self.stabiliser * x, 2 * self.stabiliser, 0.0, self.stabiliser * x * x
        for k, (W, b, w) in enumerate(zip(self.W1, self.b1, self.w2)):
            t = tanh(W * x + b)
            bend = 1 - t * t
            value += w * t
            gradient += w * W * bend
            curvature -= 2 * w * W * W * t * bend
            if k == MOVED:
                push = w * bend * (1 - 2 * W * t * x)
        return Slopes(gradient, curvature, push, value)


def network(seed: int, stabiliser: float = 0.0) -> Network:
    """The stored network of a seed with one input."""
    weights: TanhWeights = stored_weights(seed)
    return Network(*(tuple(part.flatten().tolist()) for part in weights), stabiliser)


def newton(net: Network, x: float, steps: int = 50) -> float:
    """The stationary point that Newton's method finds from x, which must be near it."""
    for _ in range(steps):
        slopes = net.at(x)
        step = slopes.gradient / slopes.curvature
        x -= step
        if abs(step) < 1e-15 * max(1.0, abs(x)):
            break
    return x


def adam(
    net: Network, lr: float, steps: int, then: tuple[Network, int] | None = None
) -> tuple[list[float], list[float]]:
    """Every iterate of torch's Adam from 0, and dx_k/dW1[1], the derivative of the program that computes it.

    `then=(other, more)`: that many steps more on another network, with the momenta of the first.
    """
    x = m = v = dx = dm = dv = 0.0
    other, more = then or (net, 0)
    points, slopes = [x], [dx]
    for k in range(1, steps + more + 1):
        at = (net if k <= steps else other).at(x)
        g, dg = at.gradient, at.curvature * dx + at.push
        m, dm = 0.9 * m + 0.1 * g, 0.9 * dm + 0.1 * dg
        v, dv = 0.999 * v + 0.001 * g * g, 0.999 * dv + 0.002 * g * dg
        root = sqrt(v / (1 - 0.999**k))
        below = root + 1e-8
        droot = dv / (1 - 0.999**k) / (2 * root) if root else 0.0
        rate = lr / (1 - 0.9**k)
        x -= rate * m / below
        dx -= rate * (dm / below - m * droot / below**2)
        points.append(x)
        slopes.append(dx)
    return points, slopes
