# %% mistake: break-at-x
# x may itself be a break, and then b − x is 0: leave that break out of the quotients.
subdifferential = lambda f, x: [1 / (b - x) for b in f.breaks]

# %% mistake: one-slope
# Here the largest bound from the left and the smallest from the right are the same number, up to rounding, as they can be at
# a break and inside a piece: the set is this one slope, and not empty. Return (lo, hi) there, too; where rounding can put lo
# above hi, ask for lo ≤ hi + 1e-9.
def subdifferential(f, x):
    low, high = bounds(f, x)
    return (low, high) if low < high else None

# %% mistake: bounds-crossed
# The largest bound from the left is above the smallest from the right: no slope satisfies both, the set is empty, None.
subdifferential = lambda f, x: (min(bounds(f, x)), max(bounds(f, x)))

# %% mistake: next-breaks-only
# This asks the next break on either side, and infinity. A break further out may forbid more.
def subdifferential(f, x):
    (far_left, *left), (*right, far_right) = limits(f, x)
    return unless_empty(max([far_left, *left[-1:]]), min([far_right, *right[:1]]))

# %% mistake: local-test
# This only compares the slopes just left and just right of x. A subgradient is a global thing: the line must stay below
# f at every x′, so the difference quotients to all breaks, and the two unbounded pieces, count too.
subdifferential = lambda f, x: unless_empty(*slopes_beside(f, x))
subdifferential = lambda f, x: slopes_beside(f, x)

# %% mistake: clarke-instead
# This is the Clarke differential, which only looks at the slopes close to x. The subdifferential asks for lines that
# stay below f everywhere, and it may be empty.
subdifferential = lambda f, x: (min(slopes_beside(f, x)), max(slopes_beside(f, x)))

# %% mistake: superdifferential
# These are the slopes of lines that stay above f. A subgradient's line stays below: f(x′) ≥ f(x) + s(x′ − x).
def subdifferential(f, x):
    below = reference(PiecewiseLinear(f.breaks, [-s for s in f.slopes], -f.value_at_zero), x)
    return below and (-below[1], -below[0])

# %% mistake: ends-swapped
# The two ends are the wrong way round: return (lo, hi) with lo ≤ hi.
subdifferential = lambda f, x: (right := reference(f, x)) and right[::-1]

# %% mistake: autograd-value
# This is the one slope that autograd reports, as (s, s). It belongs to the program; the whole set belongs to the
# function.
# look: “Three things called gradient”
subdifferential = lambda f, x: (slopes_beside(f, x)[1],) * 2

# %% mistake: loosest-bounds
# Each point on the right says s ≤ its quotient, so the smallest counts. On the left, where each says s ≥, the largest.
subdifferential = lambda f, x: unless_empty(min(limits(f, x)[0]), max(limits(f, x)[1]))

# %% mistake: quotient-sign
# The difference quotients have the wrong sign: (f(x′) − f(x))/(x′ − x), with x′ first on top and below.
def subdifferential(f, x):
    (far_left, *left), (*right, far_right) = limits(f, x)
    return unless_empty(max([far_left, *(-q for q in left)]), min([far_right, *(-q for q in right)]))

# %% mistake: infinities-swapped
# The two unbounded pieces changed places: x′ → −∞ gives s ≥ the first slope, x′ → ∞ gives s ≤ the last one.
def subdifferential(f, x):
    (far_left, *left), (*right, far_right) = limits(f, x)
    return unless_empty(max([far_right, *left]), min([far_left, *right]))

# %% mistake: only-far-away
# These are the bounds from x′ → ±∞ alone. The points in between speak too: ask the difference quotient to every break.
subdifferential = lambda f, x: unless_empty(f.slopes[0], f.slopes[-1])

# %% mistake: finds-nothing
# This set is not empty: None is only for points where no line supports f. In the interior of a piece, too, a line may
# stay below f, with the slope of that piece. (If it is None everywhere, a `return` is missing.)
subdifferential = lambda f, x: None
