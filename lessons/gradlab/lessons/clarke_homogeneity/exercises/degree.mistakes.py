# %% mistake: log-of-negative
# A logarithm met a number that is zero or negative. Divide first, f(αx)/f(x): for a homogeneous f that is α^L, which is
# positive even where f is negative. A ratio that is not positive means that there is no L.
def degree(f, x):
    [math.log(f(alpha * x)) for alpha in ALPHAS]
    return reference(f, x)
degree = lambda f, x: reference(f, x) if all(f(alpha * x) > 0 for alpha in ALPHAS) else None

# %% mistake: zero-is-a-degree
# L = 0 is a degree like any other: f(αx) = f(x). Only return None where there is no L at all.
def degree(f, x):
    L = reference(f, x)
    return L if L is None or abs(L) > 1e-9 else None

# %% mistake: any-degree
# L may be negative or a fraction: √‖x‖ has degree ½, 1/‖x‖² has −2. Only return None where there is no L at all.
def degree(f, x):
    L = reference(f, x)
    return L if L is None or L > -1e-9 and abs(L - round(L)) < 1e-9 else None

# %% mistake: negative-alpha
# f is homogeneous, and the answer finds no L. Only α > 0 counts: ‖−2x‖ is 2‖x‖, and a negative α has no logarithm.
degree = lambda f, x: reference(f, x) if abs(ratio(f, x, -1.0) - 1) < 1e-6 else None
degree = lambda f, x: None if ratio(f, x, -1.0) <= 0 else math.log(-2.0)

# %% mistake: says-none
# f is homogeneous, and the answer says that it is not. The exponents of several α agree up to rounding only, and for α
# > 0 only: compare them with a tolerance, such as 1e-9. (If it is None everywhere, a `return` is missing.)
degree = lambda f, x: None

# %% mistake: euler-at-one-point
# This is ⟨x, ∇f(x)⟩/f(x) at one point. Only if that quotient is the same all along the ray αx is it a degree.
degree = lambda f, x: euler_quotient(f, x)

# %% mistake: ratio-not-exponent
# This is the ratio f(αx)/f(x), which is α^L. Take its logarithm and divide by log α.
degree = lambda f, x: ratio(f, x, 2.0)

# %% mistake: log-not-divided
# This is log(f(αx)/f(x)) = L·log α. Divide it by log α.
degree = lambda f, x: math.log(ratio(f, x, 2.0))

# %% mistake: sign
# This is −L: the ratio, or the logarithm of α, is upside down.
degree = lambda f, x: (L := reference(f, x)) and -L

# %% mistake: reciprocal
# This is 1/L: the two logarithms changed places.
degree = lambda f, x: (L := reference(f, x)) and 1 / L

# %% mistake: euler-not-divided
# This is ⟨x, ∇f(x)⟩, which is L·f(x): divide it by f(x), and see whether that is the same all along the ray αx.
degree = lambda f, x: euler_quotient(f, x) * f(x).item()
