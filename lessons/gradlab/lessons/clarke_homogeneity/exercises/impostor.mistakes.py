# %% mistake: linear
# This is the function c·x: its derivative is c, but its value is not 0.
impostor = lambda c: lambda x: c * x

# %% mistake: true-derivative
# The value is 0, and so is the derivative that autograd reports: it got this program right.
impostor = lambda c: lambda x: 0.0 * x
impostor = lambda c: lambda x: torch.zeros_like(x)

# %% mistake: sign
# The value is 0, but the derivative at 0 is −c: it has the wrong sign.
impostor = lambda c: lambda x: c * (torch.relu(x) - torch.clamp(x, min=0))

# %% mistake: factor
# The value is 0, but the derivative at 0 is half of c or twice c: mind the slope that each spelling has at its kink.
impostor = lambda c: lambda x: c * (torch.maximum(x, torch.zeros_like(x)) - torch.relu(x))
impostor = lambda c: lambda x: 2 * c * (torch.clamp(x, min=0) - torch.relu(x))

# %% mistake: ignores-c
# The derivative at 0 is the same number for every c: multiply something by c.
impostor = lambda c: lambda x: torch.clamp(x, min=0) - torch.relu(x)
impostor = lambda c: lambda x: torch.maximum(x, torch.zeros_like(x)) - torch.relu(x)
