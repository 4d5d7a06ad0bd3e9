"""The integer example of lesson 5: its kinks are 12, 3, 20/11 and 38/71, and nothing about it is rounded."""

import torch

D = torch.tensor([[2, 1, 0, 1], [0, 1, 2, -1], [1, 0, 1, 2], [1, -1, 1, 0], [0, 2, -1, 1]], dtype=torch.float64)
B = torch.tensor([3, -1, 2, 4, 1], dtype=torch.float64)

# Data held out, by which λ is chosen.
D_VAL = torch.tensor([[1, 0, 1, 1], [2, 1, 0, 0], [0, 1, 1, 1], [1, 1, 0, -1]], dtype=torch.float64)
B_VAL = torch.tensor([2, 2, 1, 1], dtype=torch.float64)
