# %% right: two branches
def chain_flops(d, n, order):
    if order == "vector":
        return 4 * n * d**2
    if order == "matrix":
        return 4 * n * d**3
    raise ValueError('order must be "vector" or "matrix"')

# %% right: a dictionary
def chain_flops(d, n, order):
    powers = {"vector": 2, "matrix": 3}
    if order not in powers:
        raise ValueError(f"unknown order {order!r}")
    return 2 * n * (2 * d ** powers[order])

# %% right: match
def chain_flops(d, n, order):
    match order:
        case "vector":
            return 2 * n * 2 * d * d
        case "matrix":
            return 2 * n * 2 * d * d * d
        case _:
            raise ValueError("order is vector or matrix")

# %% right: math.prod
def chain_flops(d, n, order):
    if order not in ("vector", "matrix"):
        raise ValueError("order?")
    return 4 * n * math.prod([d] * (2 if order == "vector" else 3))

# %% wrong: one-operation-for-two
def chain_flops(d, n, order):
    if order == "vector":
        return 2 * n * d**2
    if order == "matrix":
        return 2 * n * d**3
    raise ValueError('order must be "vector" or "matrix"')

# %% wrong: quarter
def chain_flops(d, n, order):
    if order == "vector":
        return n * d**2
    if order == "matrix":
        return n * d**3
    raise ValueError('order must be "vector" or "matrix"')

# %% wrong: matrix-like-vector
def chain_flops(d, n, order):
    if order == "vector":
        return 4 * n * d**2
    if order == "matrix":
        return 4 * n * d**2
    raise ValueError('order must be "vector" or "matrix"')

# %% wrong: vector-like-matrix
def chain_flops(d, n, order):
    if order == "vector":
        return 4 * n * d**3
    if order == "matrix":
        return 4 * n * d**3
    raise ValueError('order must be "vector" or "matrix"')

# %% wrong: orders-exchanged
def chain_flops(d, n, order):
    if order == "vector":
        return 4 * n * d**3
    if order == "matrix":
        return 4 * n * d**2
    raise ValueError('order must be "vector" or "matrix"')

# %% wrong: inverse-counted
def chain_flops(d, n, order):
    if order == "vector":
        return 4 * n * d**2 + 2 * d**3
    if order == "matrix":
        return 4 * n * d**3 + 2 * d**3
    raise ValueError('order must be "vector" or "matrix"')

# %% wrong: not-leading-order
def chain_flops(d, n, order):
    if order == "vector":
        return 2 * n * d * (2 * d - 1)
    if order == "matrix":
        return 2 * n * d**2 * (2 * d - 1)
    raise ValueError('order must be "vector" or "matrix"')

# %% half: accepts-any-order
def chain_flops(d, n, order):
    return 4 * n * d**2 if order == "vector" else 4 * n * d**3

# %% half: accepts-any-order -- None for an unknown one
def chain_flops(d, n, order):
    if order == "vector":
        return 4 * n * d**2
    if order == "matrix":
        return 4 * n * d**3
    return None

# %% half: other-exception
def chain_flops(d, n, order):
    return 4 * n * d ** {"vector": 2, "matrix": 3}[order]

# %% wrong: rounds-forgotten
def chain_flops(d, n, order):
    if order == "vector":
        return 4 * d**2
    if order == "matrix":
        return 4 * d**3
    raise ValueError('order must be "vector" or "matrix"')

# %% half: float-not-int
def chain_flops(d, n, order):
    if order == "vector":
        return 4.0 * n * d**2
    if order == "matrix":
        return 4.0 * n * d**3
    raise ValueError('order must be "vector" or "matrix"')

# %% half: silent-exception
def chain_flops(d, n, order):
    if order == "vector":
        return 4 * n * d**2
    if order == "matrix":
        return 4 * n * d**3
    raise ValueError

# %% right: NumPy's 64-bit integers
def chain_flops(d, n, order):
    p = {"vector": 2, "matrix": 3}.get(order)
    if p is None: raise ValueError("bad order")
    return np.int64(4) * n * np.int64(d)**p

# %% wrong: caret
def chain_flops(d, n, order):
    if order == "vector":
        return 4 * n * d ^ 2
    if order == "matrix":
        return 4 * n * d ^ 3
    raise ValueError("vector or matrix")

# %% half: accepts-any-order -- only the first letter counts
def chain_flops(d, n, order):
    if order[:1] in ("v", "m"):
        return 4 * n * d ** (2 if order[0] == "v" else 3)
    raise ValueError("vector or matrix")

# %% wrong: wrong-value -- a number of thousands of digits
def chain_flops(d, n, order):
    if order not in ("vector", "matrix"):
        raise ValueError("vector or matrix")
    return (4 * d ** (2 if order == "vector" else 3)) ** n
