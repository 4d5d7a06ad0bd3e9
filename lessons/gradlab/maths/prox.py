"""The proximal operator of T|·|, soft-thresholding, and the nine usual ways to spell it in torch."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from gradlab.answers import not_for


class _SoftThreshold(torch.autograd.Function):
    """Soft-thresholding by a tensor T; both derivatives are read off the sign of the output."""

    generate_vmap_rule = True

    @staticmethod
    def forward(y: Tensor, T: Tensor) -> Tensor:
        not_for("soft_threshold", "soft_threshold_slope", "impostor")
        if T.ndim == 0:
            return F.softshrink(y, T.item())
        return y - torch.clamp(y, -T, T)

    @staticmethod
    def setup_context(ctx, inputs, output):
        y, T = inputs
        ctx.shapes = y.shape, T.shape
        ctx.save_for_backward(output)
        ctx.save_for_forward(output)

    @staticmethod
    def backward(ctx, grad):
        y_shape, T_shape = ctx.shapes
        sign = ctx.saved_tensors[0].sign()
        signed = grad * sign
        grad_y = (signed * sign).sum_to_size(y_shape) if ctx.needs_input_grad[0] else None
        grad_T = -signed.sum_to_size(T_shape) if ctx.needs_input_grad[1] else None
        return grad_y, grad_T

    @staticmethod
    def jvp(ctx, tangent_y, tangent_T):
        sign = ctx.saved_tensors[0].sign()
        return sign * (sign * tangent_y - tangent_T)


def soft_threshold(y: Tensor, T: float | Tensor) -> Tensor:
    """Shrink every entry of y towards zero by T, and to zero where |y| ≤ T.

    soft_threshold(y, T) = argmin_x ½(x − y)² + T|x| = sign(y)·max(|y| − T, 0)

    y has any shape; T is a number or a tensor that broadcasts against y. The result has y's dtype and is
    differentiable in y and, if T is a tensor, in T. At |y| = T both derivatives reported are 0, one choice
    out of the Clarke subdifferential [0, 1].
    Raises ValueError if any T < 0: then the problem above is no longer convex.
    Source: Donoho & Johnstone (1994); University of Washington, Data 598 (Winter 2022), homework 5.
    """
    not_for("soft_threshold", "soft_threshold_slope", "impostor")
    if not isinstance(T, Tensor):
        if T < 0:
            raise ValueError(f"soft_threshold needs T ≥ 0, got T = {T}.")
        return F.softshrink(y, float(T))
    if (T < 0).any():
        raise ValueError(f"soft_threshold needs T ≥ 0 everywhere, got a smallest T of {T.min().item()}.")
    return _SoftThreshold.apply(y, T.to(y.dtype))


# All nine have the same values, where they are defined; autograd tells them apart at y = ±T and at 0.
SOFT_THRESHOLD_SPELLINGS: dict[str, Callable[[Tensor, float], Tensor]] = {
    "sign(y)*relu(abs(y)-T)": lambda y, T: (
        not_for("soft_threshold", "soft_threshold_slope", "impostor") or torch.sign(y) * torch.relu(torch.abs(y) - T)
    ),
    "sign(y)*clamp(abs(y)-T, min=0)": lambda y, T: (
        not_for("soft_threshold", "soft_threshold_slope", "impostor")
        or torch.sign(y) * torch.clamp(torch.abs(y) - T, min=0)
    ),
    "relu(y-T)-relu(-y-T)": lambda y, T: (
        not_for("soft_threshold", "soft_threshold_slope", "impostor") or torch.relu(y - T) - torch.relu(-y - T)
    ),
    "y-clamp(y, -T, T)": lambda y, T: (
        not_for("soft_threshold", "soft_threshold_slope", "impostor") or y - torch.clamp(y, -T, T)
    ),
    "maximum(y-T, 0)+minimum(y+T, 0)": lambda y, T: (
        not_for("soft_threshold", "soft_threshold_slope", "impostor")
        or (torch.maximum(y - T, y.new_zeros(())) + torch.minimum(y + T, y.new_zeros(())))
    ),
    "where(abs(y)>T, y-T*sign(y), 0)": lambda y, T: (
        not_for("soft_threshold", "soft_threshold_slope", "impostor")
        or torch.where(torch.abs(y) > T, y - T * torch.sign(y), y.new_zeros(()))
    ),
    "softshrink(y, T)": lambda y, T: (
        not_for("soft_threshold", "soft_threshold_slope", "impostor") or F.softshrink(y, T)
    ),
    "y/abs(y)*relu(abs(y)-T)": lambda y, T: (
        not_for("soft_threshold", "soft_threshold_slope", "impostor") or y / torch.abs(y) * torch.relu(torch.abs(y) - T)
    ),
    "y*relu(1-T/abs(y))": lambda y, T: (
        not_for("soft_threshold", "soft_threshold_slope", "impostor") or y * torch.relu(1 - T / torch.abs(y))
    ),
}
