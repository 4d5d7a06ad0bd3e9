# %% mistake: one-operation-for-two
# This is half of it: an entry of a product costs d multiplications *and* d additions, and each round holds two
# products, one with A and one with A⁻¹.
def chain_flops(d, n, order): return counted(d, n, order) // 2

# %% mistake: quarter
# This is a quarter of it: multiplications *and* additions count, and each round holds two products.
def chain_flops(d, n, order): return counted(d, n, order) // 4

# %% mistake: inverse-counted
# The inverse is counted too. It is already at hand: count the chain.
def chain_flops(d, n, order): return counted(d, n, order) + 2 * d**3
def chain_flops(d, n, order): return counted(d, n, order) + 2 * n * d**3

# %% mistake: not-leading-order
# This counts every last addition. You were asked for the leading order: 2d² for a matrix times a vector, 2d³ for a
# matrix times a matrix, and nothing below.
def chain_flops(d, n, order): return 2 * n * (2 * d - 1) * size(d, order) // d
def chain_flops(d, n, order): return 4 * n * size(d, order) + (2 * d**2 if order == "matrix" else 0)
def chain_flops(d, n, order): return (2 * n - 1) * 2 * d**3 + 2 * d**2 if order == "matrix" else 4 * n * d**2
def chain_flops(d, n, order): return (2 * n - 1) * 2 * d**3 if order == "matrix" else 4 * n * d**2

# %% mistake: matrix-like-vector
# A matrix times a matrix costs d times as much as a matrix times a vector: d³, not d².
def chain_flops(d, n, order): return 4 * n * d**2

# %% mistake: vector-like-matrix
# A matrix times a vector costs d² multiplications, not d³: that is what the order of the chain saves.
def chain_flops(d, n, order): return 4 * n * d**3

# %% mistake: orders-exchanged
# The two orders are exchanged: "vector" multiplies matrices with a vector, d² each; "matrix" matrices with matrices,
# d³ each.
def chain_flops(d, n, order): return 4 * n * d ** (3 if order == "vector" else 2)

# %% mistake: caret
# `^` is no power in Python: 5 ^ 2 is 7, bit by bit. Write d**2.
def chain_flops(d, n, order): return 4 * n * d ^ (2 if order == "vector" else 3)

# %% mistake: rounds-forgotten
# This is one round. There are n.
def chain_flops(d, n, order): return counted(d, 1, order)
