# %% right: column from above times row from below
def layer_gradient(weights, x, h):
    below, masks = [x], []
    for w in weights[:-1]:
        z = w @ below[-1]
        masks.append((z > 0).to(z.dtype))
        below.append(masks[-1] * z)
    above = torch.ones(1, dtype=x.dtype)
    for w, m in zip(reversed(weights[h:]), reversed(masks[h - 1 :])):
        above = above @ w * m
    return torch.outer(above, below[h - 1])

# %% right: diagonal matrices, as in the lecture, slope 1 at zero
def layer_gradient(weights, x, h):
    A, z = [], x
    for W in weights[:-1]:
        z = W @ z
        A.append(torch.diag((z >= 0).to(x.dtype)))
        z = A[-1] @ z
    left = torch.eye(1, dtype=x.dtype)
    for k in range(len(weights) - 1, h - 1, -1):
        left = left @ weights[k] @ A[k - 1]
    right = x[:, None]
    for k in range(h - 1):
        right = A[k] @ weights[k] @ right
    return left.T @ right.T

# %% right: half a slope at zero, heaviside, einsum
def layer_gradient(weights, x, h):
    half = torch.tensor(0.5, dtype=x.dtype)
    inputs, slopes = [x], []
    for w in weights[:-1]:
        z = torch.einsum("ij,j->i", w, inputs[-1])
        slopes.append(torch.heaviside(z, half))
        inputs.append(torch.clamp(z, min=0))
    delta = torch.ones(1, dtype=x.dtype)
    for k in reversed(range(h, len(weights))):
        delta = torch.einsum("i,ij,j->j", delta, weights[k], slopes[k - 1])
    return torch.einsum("i,j->ij", delta, inputs[h - 1])

# %% right: backpropagation in columns, sign of the relu, with locals called grad and backward
def layer_gradient(weights, x, h):
    with torch.no_grad():
        acts = [x.reshape(-1, 1)]
        for w in weights[:-1]:
            acts.append(F.relu(w @ acts[-1]))
        grad = torch.ones((1, 1), dtype=x.dtype)
        for k in range(len(weights) - 1, h - 1, -1):
            backward = weights[k].T @ grad
            grad = backward * torch.sign(acts[k])
        return grad @ acts[h - 1].T

# %% right: loops over entries
def layer_gradient(weights, x, h):
    vals, on = [x], []
    for w in weights[:-1]:
        z = w @ vals[-1]
        on.append([1.0 if float(t) > 0 else 0.0 for t in z])
        vals.append(torch.stack([t if t > 0 else t * 0 for t in z]))
    up = [1.0]
    for k in range(len(weights) - 1, h - 1, -1):
        w = weights[k]
        up = [on[k - 1][j] * sum(up[i] * float(w[i, j]) for i in range(len(up))) for j in range(w.shape[1])]
    return torch.tensor(up, dtype=x.dtype)[:, None] * vals[h - 1][None, :]

# %% right: NumPy
def layer_gradient(weights, x, h):
    ws, v = [w.numpy() for w in weights], x.numpy()
    vs, ms = [v], []
    for w in ws[:-1]:
        z = w @ vs[-1]
        ms.append((z > 0).astype(z.dtype))
        vs.append(np.maximum(z, 0))
    row = np.ones(1, dtype=v.dtype)
    for k in range(len(ws) - 1, h - 1, -1):
        row = (row @ ws[k]) * ms[k - 1]
    return torch.from_numpy(np.outer(row, vs[h - 1]))

# %% right: a comparison with autograd stands below the answer
def layer_gradient(weights, x, h):
    zs, g = [], x
    for w in weights[:-1]:
        zs.append(w @ g)
        g = torch.relu(zs[-1])
    bottom, top = x, weights[-1]
    for k in range(h - 1):
        bottom = torch.relu(weights[k] @ bottom)
    for k in range(len(weights) - 2, h - 1, -1):
        top = (top * (zs[k] > 0)) @ weights[k]
    return (top * (zs[h - 1] > 0)).T @ bottom[None, :] if h < len(weights) else bottom[None, :].clone()

w, x = torch.ones(1, 2, requires_grad=True), torch.ones(2)
g = torch.autograd.grad((w @ x)[0], w)[0]

# %% wrong: activation-not-slope
def layer_gradient(weights, x, h):
    zs, a = [], x
    for w in weights[:-1]:
        zs.append(w @ a)
        a = torch.relu(zs[-1])
    A = [torch.diag(torch.relu(z)) for z in zs]
    left = torch.eye(1, dtype=x.dtype)
    for k in range(len(weights) - 1, h - 1, -1):
        left = left @ weights[k] @ A[k - 1]
    right = x
    for k in range(h - 1):
        right = A[k] @ weights[k] @ right
    return torch.outer(left[0], right)

# %% wrong: counts-from-zero
def layer_gradient(weights, x, h):
    below, masks = [x], []
    for w in weights[:-1]:
        z = w @ below[-1]
        masks.append((z > 0).to(z.dtype))
        below.append(masks[-1] * z)
    below[h]
    above = torch.ones(1, dtype=x.dtype)
    for w, m in zip(reversed(weights[h + 1 :]), reversed(masks[h:])):
        above = above @ w * m
    return torch.outer(above, below[h])

# %% wrong: transposed
def layer_gradient(weights, x, h):
    below, masks = [x], []
    for w in weights[:-1]:
        z = w @ below[-1]
        masks.append((z > 0).to(z.dtype))
        below.append(masks[-1] * z)
    above = torch.ones(1, dtype=x.dtype)
    for w, m in zip(reversed(weights[h:]), reversed(masks[h - 1 :])):
        above = above @ w * m
    return torch.outer(below[h - 1], above)

# %% wrong: own-slope-missing
def layer_gradient(weights, x, h):
    below, masks = [x], []
    for w in weights[:-1]:
        z = w @ below[-1]
        masks.append((z > 0).to(z.dtype))
        below.append(masks[-1] * z)
    above = torch.ones(1, dtype=x.dtype)
    for k in range(len(weights) - 1, h - 1, -1):
        above = above @ weights[k]
        if k > h:
            above = above * masks[k - 1]
    return torch.outer(above, below[h - 1])

# %% wrong: no-slopes-below
def layer_gradient(weights, x, h):
    masks, a, v = [], x, x
    for w in weights[:-1]:
        masks.append(((w @ a) > 0).to(x.dtype))
        a = torch.relu(w @ a)
    for w in weights[: h - 1]:
        v = w @ v
    above = torch.ones(1, dtype=x.dtype)
    for w, m in zip(reversed(weights[h:]), reversed(masks[h - 1 :])):
        above = above @ w * m
    return torch.outer(above, v)

# %% wrong: no-relu
def layer_gradient(weights, x, h):
    above, v = torch.ones(1, dtype=x.dtype), x
    for w in reversed(weights[h:]):
        above = above @ w
    for w in weights[: h - 1]:
        v = w @ v
    return torch.outer(above, v)

# %% wrong: relu-on-output
def layer_gradient(weights, x, h):
    below, masks = [x], []
    for w in weights:
        z = w @ below[-1]
        masks.append((z > 0).to(z.dtype))
        below.append(masks[-1] * z)
    above = masks[-1]
    for w, m in zip(reversed(weights[h:]), reversed(masks[h - 1 : -1])):
        above = above @ w * m
    return torch.outer(above, below[h - 1])

# %% half: slope-by-division
def layer_gradient(weights, x, h):
    below, masks = [x], []
    for w in weights[:-1]:
        z = w @ below[-1]
        masks.append(torch.relu(z) / z)
        below.append(torch.relu(z))
    above = torch.ones(1, dtype=x.dtype)
    for w, m in zip(reversed(weights[h:]), reversed(masks[h - 1 :])):
        above = above @ w * m
    return torch.outer(above, below[h - 1])

# %% wrong: autograd
def layer_gradient(weights, x, h):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for w in ws[:-1]:
        a = torch.relu(w @ a)
    return torch.autograd.grad((ws[-1] @ a)[0], ws[h - 1])[0]

# %% wrong: autograd -- torch.func
def layer_gradient(weights, x, h):
    from torch.func import grad

    def net(w):
        a = x
        for k, v in enumerate(weights):
            a = (w if k == h - 1 else v.detach()) @ a
            a = torch.relu(a) if k < len(weights) - 1 else a
        return a[0]
    return grad(net)(weights[h - 1].detach())

# %% wrong: autograd -- in a helper elsewhere
import torch.autograd as ag

def helper(weights, x, h):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for w in ws[:-1]:
        a = torch.relu(w @ a)
    return ag.grad((ws[-1] @ a)[0], ws[h - 1])[0]

def layer_gradient(weights, x, h):
    return helper(weights, x, h)

# %% wrong: finite-differences
def layer_gradient(weights, x, h):
    def net(ws):
        a = x
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        return (ws[-1] @ a)[0]
    found = torch.zeros_like(weights[h - 1])
    for i in range(found.shape[0]):
        for j in range(found.shape[1]):
            step = torch.zeros_like(found)
            step[i, j] = 1e-6
            ws = list(weights)
            ws[h - 1] = weights[h - 1] + step
            found[i, j] = (net(ws) - net(weights)) / 1e-6
    return found

# %% right: a class with a method called backward
class Backprop:
    def __init__(self, weights, x):
        self.weights = [w.detach() for w in weights]
        self.acts = [x.detach()]
        for w in self.weights[:-1]:
            self.acts.append((w @ self.acts[-1]).clamp_min(0))
    def backward(self, h):
        g = torch.ones_like(self.weights[-1][:, 0])
        for k in range(len(self.weights) - 1, h - 1, -1):
            g = (g @ self.weights[k]) * (self.acts[k] > 0).to(g.dtype)
        return g
    def gradient(self, h):
        return torch.outer(self.backward(h), self.acts[h - 1])
def layer_gradient(weights, x, h):
    return Backprop(weights, x).gradient(h)

# %% right: recursion from above
def layer_gradient(weights, x, h):
    def delta(k):
        """derivative of f with respect to the output z_k of matrix k (from 1)"""
        if k == len(weights):
            return torch.ones(1, dtype=x.dtype)
        return (delta(k + 1) @ weights[k]) * (z[k - 1] >= 0)
    z, a = [], [x]
    for w in weights:
        z.append(w @ a[-1])
        a.append(z[-1].clamp(min=0))
    return delta(h)[:, None] * a[h - 1][None, :]

# %% right: multi_dot and kron
def layer_gradient(weights, x, h):
    D, z = [], x
    acts = [x]
    for w in weights[:-1]:
        z = w @ z
        D.append(torch.diag_embed((z > 0).double()).to(z.dtype))
        z = D[-1] @ z
        acts.append(z)
    factors = []
    for k in range(len(weights) - 1, h - 1, -1):
        factors += [weights[k], D[k - 1]]
    P = torch.linalg.multi_dot(factors) if len(factors) > 1 else torch.ones(1, 1, dtype=x.dtype)
    return torch.kron(P.reshape(-1, 1), acts[h - 1].reshape(1, -1))

# %% right: relu(z)/z, guarded
def layer_gradient(weights, x, h):
    acts, slopes = [x], []
    for w in weights[:-1]:
        z = w @ acts[-1]
        acts.append(torch.relu(z))
        slopes.append(torch.where(z != 0, acts[-1] / torch.where(z != 0, z, torch.ones_like(z)), torch.zeros_like(z)))
    row = torch.ones(1, dtype=x.dtype)
    for k in range(len(weights) - 1, h - 1, -1):
        row = (row @ weights[k]) * slopes[k - 1]
    return torch.outer(row, acts[h - 1])

# %% right: the network is linear in the layer
def layer_gradient(weights, x, h):
    masks, inputs = [], [x]
    for w in weights[:-1]:
        z = w @ inputs[-1]
        masks.append(z > 0)
        inputs.append(torch.where(masks[-1], z, 0.0))
    basis = torch.eye(weights[h - 1].shape[0], dtype=x.dtype)
    for k in range(h, len(weights)):
        basis = weights[k] @ (masks[k - 1][:, None] * basis)
    return basis.T * inputs[h - 1]

# %% right: all gradients, then one
def layer_gradient(weights, x, h=1):
    a = [x]
    for w in weights[:-1]:
        a.append(F.relu(w @ a[-1]))
    grads = [None] * len(weights)
    delta = torch.ones((), dtype=x.dtype).reshape(1)
    for k in reversed(range(len(weights))):
        grads[k] = delta[:, None] * a[k]
        delta = (weights[k].mT @ delta) * (a[k] > 0)
    return grads[h - 1]

# %% wrong: downhill
def layer_gradient(weights, x, h):
    inputs, masks = [x], []
    for weight in weights[:-1]:
        masks.append((weight @ inputs[-1] > 0).to(x.dtype))
        inputs.append(masks[-1] * (weight @ inputs[-1]))
    row = -torch.ones(1, dtype=x.dtype)
    for k in range(len(weights) - 1, h - 1, -1):
        row = (row @ weights[k]) * masks[k - 1]
    return torch.outer(row, inputs[h - 1])

# %% wrong: sign-not-slope
def layer_gradient(weights, x, h):
    inputs, masks = [x], []
    for weight in weights[:-1]:
        z = weight @ inputs[-1]
        masks.append(torch.sign(z))
        inputs.append(torch.relu(z))
    row = torch.ones(1, dtype=x.dtype)
    for k in range(len(weights) - 1, h - 1, -1):
        row = (row @ weights[k]) * masks[k - 1]
    return torch.outer(row, inputs[h - 1])

# %% wrong: no-slopes-below -- and masks of that path
def layer_gradient(weights, x, h):
    inputs, masks = [x], []
    for weight in weights[:-1]:
        masks.append((weight @ inputs[-1] > 0).to(x.dtype))
        inputs.append(weight @ inputs[-1])
    row = torch.ones(1, dtype=x.dtype)
    for k in range(len(weights) - 1, h - 1, -1):
        row = (row @ weights[k]) * masks[k - 1]
    return torch.outer(row, inputs[h - 1])

# %% half: wrong-dtype
def layer_gradient(weights, x, h):
    weights, x = [w.float() for w in weights], x.float()
    inputs, masks = [x], []
    for weight in weights[:-1]:
        masks.append((weight @ inputs[-1] > 0).float())
        inputs.append(masks[-1] * (weight @ inputs[-1]))
    row = torch.ones(1)
    for k in range(len(weights) - 1, h - 1, -1):
        row = (row @ weights[k]) * masks[k - 1]
    return torch.outer(row, inputs[h - 1])

# %% half: changed-input
def layer_gradient(weights, x, h):
    inputs, masks = [x], []
    for weight in weights[:-1]:
        masks.append((weight @ inputs[-1] > 0).to(x.dtype))
        inputs.append(masks[-1] * (weight @ inputs[-1]))
    row = torch.ones(1, dtype=x.dtype)
    for k in range(len(weights) - 1, h - 1, -1):
        row = (row @ weights[k]) * masks[k - 1]
    result = torch.outer(row, inputs[h - 1])
    weights[h - 1].data.copy_(result)
    return result

# %% wrong: autograd -- imported by another name
from torch.autograd import grad as g_
def layer_gradient(weights, x, h):
    W = [w.detach().clone().requires_grad_() for w in weights]
    a = x
    for w in W[:-1]:
        a = torch.relu(w @ a)
    return g_((W[-1] @ a)[0], W)[h - 1]

# %% wrong: two-layers-only
def layer_gradient(weights, x, h):
    W1, W2 = weights
    z = W1 @ x
    if h == 1:
        return torch.outer((z > 0) * W2[0], x)
    return torch.relu(z)[None]


# %% right: one entry of the weight at a time, with known masks
def layer_gradient(weights, x, h):
    def forward(ws):
        a = x
        for w in ws[:-1]: a = torch.where(w @ a > 0, w @ a, 0.0)
        return (ws[-1] @ a)[0]
    a = x
    masks = []
    for w in weights[:-1]:
        z = w @ a; masks.append((z > 0).to(z.dtype)); a = z * masks[-1]
    W = weights[h-1]
    G = torch.zeros_like(W)
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            E = torch.zeros_like(W); E[i, j] = 1
            a = x
            for k, w in enumerate(weights):
                t = (E if k == h-1 else w) @ a
                a = t * masks[k] if k < len(masks) else t
            G[i, j] = a[0]
    return G
