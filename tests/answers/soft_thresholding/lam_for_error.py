# %% right: square
def lam_for_error(eps):
    return eps**2

# %% right: product
def lam_for_error(eps):
    return eps * eps

# %% right: a tensor without axes
def lam_for_error(eps):
    return torch.tensor(eps, dtype=torch.float64) ** 2

# %% right: a tensor in float32
def lam_for_error(eps):
    return torch.square(torch.tensor(eps))

# %% right: numpy
def lam_for_error(eps):
    return np.square(eps)

# %% right: bisection
def lam_for_error(eps):
    low, high = 0.0, max(1.0, 4 * eps**2)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if math.sqrt(middle) <= eps else (low, middle)
    return low

# %% wrong: not-squared
def lam_for_error(eps):
    return eps

# %% wrong: root-for-square
def lam_for_error(eps):
    return math.sqrt(eps)

# %% wrong: bound-away-from-zero
def lam_for_error(eps):
    return 2 * eps * 1.0

# %% wrong: not-the-largest
def lam_for_error(eps):
    return eps**2 / 2

# %% wrong: not-the-largest -- a strict inequality
def lam_for_error(eps):
    return 0.999 * eps**2

# %% wrong: too-large
def lam_for_error(eps):
    return 2 * eps**2

# %% wrong: too-large -- the bound far from zero
def lam_for_error(eps):
    return 2 * 3.0 * eps

# %% wrong: not-a-number
def lam_for_error(eps):
    return torch.tensor([eps**2])

# %% wrong: returned-none
def lam_for_error(eps):
    print(eps**2)
