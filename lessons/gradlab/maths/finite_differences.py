"""Central finite differences in float64: the slow, independent opinion about a derivative.

Every function here calls f at points x ± h·direction with h = 6.06e-6·max(1, |x|): the cube root of the
machine epsilon balances the truncation error, of order h², against the round-off error, of order ε/h, and
leaves about ten correct digits of a smooth, well-scaled f. Nothing is differentiated, so no `.grad` is
touched.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from gradlab.answers import only_for

_RELATIVE_STEP = torch.finfo(torch.float64).eps ** (1 / 3)


def central_jacobian(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Estimate the Jacobian of f at x, one pair of calls for each entry of x.

    J[..., i] ≈ (f(x + h eᵢ) − f(x − h eᵢ)) / 2h

    x has any shape; f gets a detached float64 copy and returns a tensor of any shape. The result is float64
    of shape (*f(x).shape, *x.shape).
    Source: the PyTorch forum's thread on the gradient of an argmin.
    """
    only_for("is_graph_cut")
    x = x.detach().double()
    columns = []
    for i, entry in enumerate(x.flatten().tolist()):
        step = _RELATIVE_STEP * max(1.0, abs(entry))
        above, below = x.flatten().clone(), x.flatten().clone()
        above[i] += step
        below[i] -= step
        # The step that was really taken: x + h and x − h were rounded.
        width = (above[i] - below[i]).item()
        columns.append((_value(f, above.reshape(x.shape)) - _value(f, below.reshape(x.shape))) / width)
    if not columns:
        return x.new_zeros((*_value(f, x.clone()).shape, *x.shape))
    return torch.stack(columns, dim=-1).reshape((*columns[0].shape, *x.shape))


def central_gradient(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Estimate the gradient of a scalar function f at x, as a float64 tensor shaped like x.

    Raises ValueError if f(x) is not one number.
    Source: the PyTorch forum's thread on the gradient of an argmin.
    """
    jacobian = central_jacobian(f, x)
    if jacobian.numel() != x.numel():
        value_shape = tuple(jacobian.shape[: jacobian.ndim - x.ndim])
        raise ValueError(f"A gradient needs one number as the value of f; this one has shape {value_shape}.")
    return jacobian.reshape(x.shape)


def central_derivative(f: Callable[[Tensor], Tensor], x: Tensor, direction: Tensor) -> Tensor:
    """Estimate the directional derivative of f at x with two calls, whatever the size of x.

    f′(x; u) ≈ (f(x + h u) − f(x − h u)) / 2h,  with h‖u‖∞ = 6.06e-6·max(1, ‖x‖∞)

    direction u has the shape of x. The result is float64 and has the shape of f(x).
    Raises ValueError if the shapes differ or the direction is zero.
    Source: the PyTorch forum's thread on the gradient of an argmin.
    """
    only_for("is_graph_cut")
    if direction.shape != x.shape:
        raise ValueError(f"The direction has shape {tuple(direction.shape)}, but x has shape {tuple(x.shape)}.")
    x, direction = x.detach().double(), direction.detach().double()
    length = direction.abs().max().item()
    if length == 0:
        raise ValueError("A directional derivative needs a direction other than zero.")
    step = _RELATIVE_STEP * max(1.0, x.abs().max().item()) / length
    return (_value(f, x + step * direction) - _value(f, x - step * direction)) / (2 * step)


def _value(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    # Not under no_grad: f may well differentiate something itself.
    return f(x).detach().double()
