"""The random matrices of lesson 2, drawn as its source draws them."""

import numpy as np
import torch
from torch import Tensor

# The source adds a float32 identity to a float64 matrix, so its ridge is the float32 neighbour of 1e-6.
_RIDGE = float(np.float32(1e-6))


def create_symmetric_invertible_matrix(dimension: int, seed: int = 0) -> Tensor:
    """Draw a symmetric positive definite float64 matrix G Gᵀ + 1e-6 I of shape (dimension, dimension).

    G has standard normal entries from NumPy's RandomState(dimension + seed), a stream that NumPy has frozen;
    so (5, seed=10) and (10, seed=5) share one stream.
    Raises ValueError if dimension < 1 or dimension + seed < 0.
    Source: University of Washington, Data 598 (Winter 2022), homework 5.
    """
    if dimension < 1:
        raise ValueError(f"A matrix needs a dimension of at least 1, got {dimension}.")
    if dimension + seed < 0:
        raise ValueError(f"dimension + seed must not be negative, got {dimension} + {seed}.")
    gaussian = np.random.RandomState(dimension + seed).randn(dimension, dimension)
    return torch.from_numpy(gaussian @ gaussian.T) + _RIDGE * torch.eye(dimension, dtype=torch.float64)
