"""Modules of lesson 2: g = M⁻¹ f_T(M x), intact and cut, called as module(x, A) with x of shape (d,), A of shape (d, d).

Each class is built from plain data (T a number or a 0-d tensor, M a tensor of shape (d, d)) and holds M as a Parameter.
"""

import torch
from torch import Tensor, nn

from gradlab.answers import not_for
from gradlab.maths.chains import CHAINS
from gradlab.maths.prox import soft_threshold


class Efficient(nn.Module):
    """g = M⁻¹ f_T(M x) by one solve; A plays no part. The base of all the others."""

    def __init__(self, T: float | Tensor, M: Tensor):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M.detach().clone())
        if M.grad is not None:
            self.M.grad = M.grad.clone()

    def coordinates(self, x: Tensor, A: Tensor) -> Tensor:
        """What is thresholded: M x."""
        return self.M @ x

    def forward(self, x: Tensor, A: Tensor) -> Tensor:
        not_for("WastefulMatmulSofttMatmulinv", "EfficientMatmulSofttMatmulinv", "RepairedModule")
        return torch.linalg.solve(self.M, soft_threshold(self.coordinates(x, A), self.T))


class Wasteful(Efficient):
    """g = M⁻¹ f_T((A⁻¹A)ⁿ M x), with the chain written out in one of the ways of `gradlab.maths.chains`."""

    def __init__(self, T: float | Tensor, M: Tensor, n: int = 10000, method: str = "inverse each round"):
        super().__init__(T, M)
        self.n, self.method = n, method

    def coordinates(self, x: Tensor, A: Tensor) -> Tensor:
        return CHAINS[self.method](A, self.M @ x, self.n)


class Published(Wasteful):
    """What the homework's published solution does: thresholds entry by entry and packs the numbers into a new tensor.

    The new tensor knows nothing of x, and is float32. In our own words.
    """

    def forward(self, x: Tensor, A: Tensor) -> Tensor:
        numbers = [soft_threshold(entry, self.T).item() for entry in self.coordinates(x, A).detach()]
        return torch.linalg.inv(self.M) @ torch.tensor(numbers, dtype=torch.float32).to(x.dtype)


class UsesA(Efficient):
    """g = M⁻¹ f_T(M A x): a module whose ∇A is not zero."""

    def coordinates(self, x: Tensor, A: Tensor) -> Tensor:
        return self.M @ (A @ x)


class ByCholesky(Efficient):
    """The efficient module with M = L Lᵀ; for M symmetric positive definite."""

    def forward(self, x: Tensor, A: Tensor) -> Tensor:
        not_for("WastefulMatmulSofttMatmulinv", "EfficientMatmulSofttMatmulinv", "RepairedModule")
        y = soft_threshold(self.M @ x, self.T).unsqueeze(1)
        return torch.cholesky_solve(y, torch.linalg.cholesky(self.M)).squeeze(1)


class Smooth(Efficient):
    """g = M⁻¹ tanh(M x / T): intact, and not linear between kinks."""

    def forward(self, x: Tensor, A: Tensor) -> Tensor:
        return torch.linalg.solve(self.M, torch.tanh(self.M @ x / self.T))


class Detached(Efficient):
    """Cut by detach, behind the threshold."""

    def forward(self, x: Tensor, A: Tensor) -> Tensor:
        return torch.linalg.solve(self.M, soft_threshold(self.M @ x, self.T).detach())


class ThroughNumpy(Efficient):
    """Cut on the way through a NumPy array."""

    def coordinates(self, x: Tensor, A: Tensor) -> Tensor:
        return torch.from_numpy((self.M @ x).detach().numpy().copy())


class ThroughData(Efficient):
    """Cut by `.data`, before anything was computed."""

    def coordinates(self, x: Tensor, A: Tensor) -> Tensor:
        return self.M @ x.data


class WithoutGrad(Efficient):
    """Cut whole: even M is not reached."""

    def forward(self, x: Tensor, A: Tensor) -> Tensor:
        with torch.no_grad():
            return super().forward(x, A)


class StraightThrough(Efficient):
    """The right value, and the identity for a gradient with respect to x."""

    def forward(self, x: Tensor, A: Tensor) -> Tensor:
        g = super().forward(x, A)
        return x + (g - x).detach()


class HalfCut(Efficient):
    """Half of x comes in by a detached copy: ∇x has the right direction and half the length."""

    def coordinates(self, x: Tensor, A: Tensor) -> Tensor:
        return self.M @ (x + x.detach()) / 2


class OneEntryCut(Efficient):
    """One entry of M x is detached; the others are not."""

    def __init__(self, T: float | Tensor, M: Tensor, entry: int):
        super().__init__(T, M)
        self.entry = entry

    def coordinates(self, x: Tensor, A: Tensor) -> Tensor:
        y = self.M @ x
        return torch.where(torch.arange(len(y)) == self.entry, y.detach(), y)


class OutputsExchanged(Efficient):
    """The entries of g have each other's gradients, first with last: their sum has the right one."""

    def forward(self, x: Tensor, A: Tensor) -> Tensor:
        g = super().forward(x, A)
        return g.detach() + (g - g.detach()).flip(0)


class InputsExchanged(Efficient):
    """∇x is read from the end: the right entries, in the wrong places."""

    def coordinates(self, x: Tensor, A: Tensor) -> Tensor:
        return self.M @ (x.detach() + (x - x.detach()).flip(0))


class OneOutputCut(OneEntryCut):
    """One entry of g is detached."""

    def forward(self, x: Tensor, A: Tensor) -> Tensor:
        g = Efficient.forward(self, x, A)
        return torch.where(torch.arange(len(g)) == self.entry, g.detach(), g)

    def coordinates(self, x: Tensor, A: Tensor) -> Tensor:
        return Efficient.coordinates(self, x, A)


class OneInputCut(OneEntryCut):
    """One entry of x is detached."""

    def coordinates(self, x: Tensor, A: Tensor) -> Tensor:
        return self.M @ torch.where(torch.arange(len(x)) == self.entry, x.detach(), x)


class Silenced(Efficient):
    """A hook multiplies the gradient by zero on its way to x: it arrives, and says nothing."""

    def coordinates(self, x: Tensor, A: Tensor) -> Tensor:
        copy = x * 1.0
        if copy.requires_grad:
            copy.register_hook(torch.zeros_like)
        return self.M @ copy
