# %% mistake: trusted-autograd
# This is 0, as if the integral of autograd's slope gave back the whole rise. That slope is 1 everywhere, so its
# integral is 2; look at how far y really rises from x = −1 to x = 1.
def missing_jump(a): return 0.0

# %% mistake: half-the-jump
# This is a, half of what is missing: the sign goes from −1 to +1, a step of 2.
def missing_jump(a): return a

# %% mistake: whole-rise
# This is Y(1) − Y(−1), the whole rise. The integral of autograd's slope, which is 2, is still to be taken away.
def missing_jump(a): return 2 * a + 2

# %% mistake: integral-only
# This is 2, the integral of autograd's slope. You were asked for the rise Y(1) − Y(−1) minus this.
def missing_jump(a): return 2.0

# %% mistake: lost-sign
# This is 2|a|. For a negative a the map jumps down, and what is missing is negative too.
def missing_jump(a): return 2 * abs(a)

# %% mistake: sign-flipped
# This is −2a: the difference was taken the other way round.
def missing_jump(a): return -2 * a
