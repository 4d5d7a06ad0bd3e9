"""The example with whole numbers that lesson 5 calculates with, and the data held out for it."""

import torch

D = torch.tensor([[2, 1, 0, 1], [0, 1, 2, -1], [1, 0, 1, 2], [1, -1, 1, 0], [0, 2, -1, 1]], dtype=torch.float64)
B = torch.tensor([3, -1, 2, 4, 1], dtype=torch.float64)
D_VAL = torch.tensor([[1, 0, 1, 1], [2, 1, 0, 0], [0, 1, 1, 1], [1, 1, 0, -1]], dtype=torch.float64)
B_VAL = torch.tensor([2, 2, 1, 1], dtype=torch.float64)
