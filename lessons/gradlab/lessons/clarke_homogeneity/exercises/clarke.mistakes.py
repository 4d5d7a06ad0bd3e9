# %% mistake: only-breaks
# x need not be a break. Between two breaks both limits are the slope of the piece, and the set is (s, s).
def clarke(f, x):
    f.breaks.index(x)
    return reference(f, x)

# %% mistake: never-empty
# The Clarke differential of a locally Lipschitz function is never empty, not even at a maximum: it is the hull of
# limits of gradients, and there are always some. (If it is None everywhere, a `return` is missing.)
clarke = lambda f, x: None

# %% mistake: ends-swapped
# Left slope first, right slope second is not (lo, hi) where the slope drops: return (lo, hi) with lo ≤ hi.
clarke = lambda f, x: reference(f, x)[::-1]

# %% mistake: subdifferential-instead
# These are the slopes of lines that stay below f everywhere. The Clarke differential only looks at gradients near x.
def clarke(f, x):
    from gradlab.lessons.clarke_homogeneity.exercises.subdifferential import reference as supporting
    return supporting(f, x)

# %% mistake: average
# This is the average of the two slopes: one point of the Clarke differential. The hull holds all points between them.
clarke = lambda f, x: (sum(slopes_beside(f, x)) / 2,) * 2

# %% mistake: one-side
# This is the limit of gradients from one side only. At a kink there are two limits, and the Clarke differential is the
# interval between them. (The lecture prints the same limit twice at −1, and still ends with the right interval.)
clarke = lambda f, x: (slopes_beside(f, x)[1],) * 2
clarke = lambda f, x: (slopes_beside(f, x)[0],) * 2

# %% mistake: example-only
# (−1, 1) is the answer for |x| and for Figure 1. Here the slopes on the two sides are other numbers.
clarke = lambda f, x: (-1.0, 1.0) if x in f.breaks else reference(f, x)
clarke = lambda f, x: (-1.0, 1.0)
