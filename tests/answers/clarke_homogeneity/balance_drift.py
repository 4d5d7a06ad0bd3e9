# %% right: autograd.grad, new tensors each step
def balance_drift(weights, X, Y, lr, time):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    start = [0.5 * (w.detach() ** 2).sum().item() for w in ws]
    for _ in range(round(time / lr)):
        a = X
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        loss = 0.5 * ((ws[-1] @ a)[0] - Y).square().mean()
        gs = torch.autograd.grad(loss, ws)
        ws = [(w - lr * g).detach().requires_grad_(True) for w, g in zip(ws, gs)]
    return [0.5 * (w.detach() ** 2).sum().item() - s for w, s in zip(ws, start)]

# %% right: an optimiser
def balance_drift(weights, X, Y, lr, time):
    ps = [nn.Parameter(w.detach().clone()) for w in weights]
    opt = torch.optim.SGD(ps, lr=lr)
    for _ in range(int(round(time / lr))):
        opt.zero_grad()
        a = X
        for i, p in enumerate(ps):
            a = p @ a
            a = a.clamp(min=0) if i < len(ps) - 1 else a
        (F.mse_loss(a.squeeze(0), Y) / 2).backward()
        opt.step()
    return [(p.norm() ** 2 - w.norm() ** 2) / 2 for p, w in zip(ps, weights)]

# %% right: backpropagation by hand
def balance_drift(weights, X, Y, lr, time):
    ws = [w.detach().clone() for w in weights]
    before = [w.square().sum() / 2 for w in ws]
    for _ in range(round(time / lr)):
        acts = [X]
        for w in ws[:-1]:
            acts.append((w @ acts[-1]).clamp(min=0))
        delta = (ws[-1] @ acts[-1] - Y) / Y.numel()
        gs = []
        for w, a in zip(ws[::-1], acts[::-1]):
            gs.append(delta @ a.T)
            delta = (w.T @ delta) * (a > 0)
        for w, g in zip(ws, gs[::-1]):
            w -= lr * g
    return [(w.square().sum() / 2 - b).item() for w, b in zip(ws, before)]

# %% right: torch.func, a loss over rows
def balance_drift(weights, X, Y, lr, time):
    def net(ws, x):
        for w in ws[:-1]:
            x = torch.where(w @ x > 0, w @ x, 0.0)
        return (ws[-1] @ x)[0]
    def loss(ws):
        return sum((net(ws, X[:, i]) - Y[i]) ** 2 for i in range(len(Y))) / (2 * len(Y))
    first = tuple(w.detach() for w in weights)
    ws = first
    for _ in range(round(time / lr)):
        ws = tuple(w - lr * g for w, g in zip(ws, torch.func.grad(loss)(ws)))
    return [float((w * w).sum() - (v * v).sum()) / 2 for w, v in zip(ws, first)]

# %% right: in place under no_grad, norms from Frobenius
def balance_drift(weights, X, Y, lr, time):
    ws = [w.clone().detach().requires_grad_() for w in weights]
    for _ in range(round(time / lr)):
        h = X.T
        for w in ws[:-1]:
            h = F.relu(h @ w.T)
        f = (h @ ws[-1].T)[:, 0]
        loss = torch.mean((f - Y) ** 2) / 2
        loss.backward()
        with torch.no_grad():
            for w in ws:
                w -= lr * w.grad
                w.grad = None
    half = lambda w: 0.5 * torch.linalg.matrix_norm(w.detach()) ** 2
    return tuple(half(w) - half(v) for w, v in zip(ws, weights))

# %% wrong: missing-half
def balance_drift(weights, X, Y, lr, time):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    for _ in range(round(time / lr)):
        a = X
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        gs = torch.autograd.grad(0.5 * ((ws[-1] @ a)[0] - Y).square().mean(), ws)
        ws = [(w - lr * g).detach().requires_grad_(True) for w, g in zip(ws, gs)]
    return [(w.detach() ** 2).sum().item() - (v.detach() ** 2).sum().item() for w, v in zip(ws, weights)]

# %% wrong: sign
def balance_drift(weights, X, Y, lr, time):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    for _ in range(round(time / lr)):
        a = X
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        gs = torch.autograd.grad(0.5 * ((ws[-1] @ a)[0] - Y).square().mean(), ws)
        ws = [(w - lr * g).detach().requires_grad_(True) for w, g in zip(ws, gs)]
    return [((v.detach() ** 2).sum().item() - (w.detach() ** 2).sum().item()) / 2 for w, v in zip(ws, weights)]

# %% wrong: compares-with-itself
def balance_drift(weights, X, Y, lr, time):
    ws = [w.requires_grad_(True) for w in weights]
    for _ in range(round(time / lr)):
        a = X
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        gs = torch.autograd.grad(0.5 * ((ws[-1] @ a)[0] - Y).square().mean(), ws)
        with torch.no_grad():
            for w, g in zip(ws, gs):
                w -= lr * g
    return [((w.detach() ** 2).sum().item() - (v.detach() ** 2).sum().item()) / 2 for w, v in zip(ws, weights)]

# %% wrong: norm-not-squared
def balance_drift(weights, X, Y, lr, time):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    for _ in range(round(time / lr)):
        a = X
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        gs = torch.autograd.grad(0.5 * ((ws[-1] @ a)[0] - Y).square().mean(), ws)
        ws = [(w - lr * g).detach().requires_grad_(True) for w, g in zip(ws, gs)]
    return [0.5 * (w.norm() - v.norm()).item() for w, v in zip(ws, weights)]

# %% wrong: final-value
def balance_drift(weights, X, Y, lr, time):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    for _ in range(round(time / lr)):
        a = X
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        gs = torch.autograd.grad(0.5 * ((ws[-1] @ a)[0] - Y).square().mean(), ws)
        ws = [(w - lr * g).detach().requires_grad_(True) for w, g in zip(ws, gs)]
    return [0.5 * (w.detach() ** 2).sum().item() for w in ws]

# %% wrong: differences-of-layers
def balance_drift(weights, X, Y, lr, time):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    half = lambda w: 0.5 * (w.detach() ** 2).sum().item()
    for _ in range(round(time / lr)):
        a = X
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        gs = torch.autograd.grad(0.5 * ((ws[-1] @ a)[0] - Y).square().mean(), ws)
        ws = [(w - lr * g).detach().requires_grad_(True) for w, g in zip(ws, gs)]
    d = [half(w) - half(v) for w, v in zip(ws, weights)]
    return [d[i] - d[i + 1] for i in range(len(d) - 1)]

# %% wrong: steps-cut-off
def balance_drift(weights, X, Y, lr, time):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    for _ in range(int(time / lr)):
        a = X
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        gs = torch.autograd.grad(0.5 * ((ws[-1] @ a)[0] - Y).square().mean(), ws)
        ws = [(w - lr * g).detach().requires_grad_(True) for w, g in zip(ws, gs)]
    return [((w.detach() ** 2).sum().item() - (v.detach() ** 2).sum().item()) / 2 for w, v in zip(ws, weights)]

# %% wrong: loss-without-half
def balance_drift(weights, X, Y, lr, time):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    for _ in range(round(time / lr)):
        a = X
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        gs = torch.autograd.grad(F.mse_loss((ws[-1] @ a)[0], Y), ws)
        ws = [(w - lr * g).detach().requires_grad_(True) for w, g in zip(ws, gs)]
    return [((w.detach() ** 2).sum().item() - (v.detach() ** 2).sum().item()) / 2 for w, v in zip(ws, weights)]

# %% wrong: sum-not-mean
def balance_drift(weights, X, Y, lr, time):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    for _ in range(round(time / lr)):
        a = X
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        gs = torch.autograd.grad(0.5 * ((ws[-1] @ a)[0] - Y).square().sum(), ws)
        ws = [(w - lr * g).detach().requires_grad_(True) for w, g in zip(ws, gs)]
    return [((w.detach() ** 2).sum().item() - (v.detach() ** 2).sum().item()) / 2 for w, v in zip(ws, weights)]

# %% wrong: broadcast
def balance_drift(weights, X, Y, lr, time):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    for _ in range(round(time / lr)):
        a = X
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        gs = torch.autograd.grad(0.5 * ((ws[-1] @ a).T - Y).square().mean(), ws)
        ws = [(w - lr * g).detach().requires_grad_(True) for w, g in zip(ws, gs)]
    return [((w.detach() ** 2).sum().item() - (v.detach() ** 2).sum().item()) / 2 for w, v in zip(ws, weights)]

# %% wrong: uphill
def balance_drift(weights, X, Y, lr, time):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    for _ in range(round(time / lr)):
        a = X
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        gs = torch.autograd.grad(0.5 * ((ws[-1] @ a)[0] - Y).square().mean(), ws)
        ws = [(w + lr * g).detach().requires_grad_(True) for w, g in zip(ws, gs)]
    return [((w.detach() ** 2).sum().item() - (v.detach() ** 2).sum().item()) / 2 for w, v in zip(ws, weights)]

# %% wrong: accumulated
def balance_drift(weights, X, Y, lr, time):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    for _ in range(round(time / lr)):
        a = X
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        (0.5 * ((ws[-1] @ a)[0] - Y).square().mean()).backward()
        with torch.no_grad():
            for w in ws:
                w -= lr * w.grad
    return [((w.detach() ** 2).sum().item() - (v.detach() ** 2).sum().item()) / 2 for w, v in zip(ws, weights)]

# %% wrong: layer-by-layer
def balance_drift(weights, X, Y, lr, time):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    for _ in range(round(time / lr)):
        for h in range(len(ws)):
            a = X
            for w in ws[:-1]:
                a = torch.relu(w @ a)
            g = torch.autograd.grad(0.5 * ((ws[-1] @ a)[0] - Y).square().mean(), ws[h])[0]
            ws[h] = (ws[h] - lr * g).detach().requires_grad_(True)
    return [((w.detach() ** 2).sum().item() - (v.detach() ** 2).sum().item()) / 2 for w, v in zip(ws, weights)]

# %% half: changed-input
def balance_drift(weights, X, Y, lr, time):
    start = [0.5 * (w.detach() ** 2).sum().item() for w in weights]
    for _ in range(round(time / lr)):
        ws = [w.detach().clone().requires_grad_(True) for w in weights]
        a = X
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        gs = torch.autograd.grad(0.5 * ((ws[-1] @ a)[0] - Y).square().mean(), ws)
        with torch.no_grad():
            for w, g in zip(weights, gs):
                w -= lr * g
    return [0.5 * (w.detach() ** 2).sum().item() - s for w, s in zip(weights, start)]

# %% wrong: another-number-of-steps
def balance_drift(weights, X, Y, lr, time):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    for _ in range(round(time / lr) + 1):
        a = X
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        gs = torch.autograd.grad(0.5 * ((ws[-1] @ a)[0] - Y).square().mean(), ws)
        ws = [(w - lr * g).detach().requires_grad_(True) for w, g in zip(ws, gs)]
    return [((w.detach() ** 2).sum().item() - (v.detach() ** 2).sum().item()) / 2 for w, v in zip(ws, weights)]

# %% right: what each step adds to ½‖W‖²
def balance_drift(weights, X, Y, lr, time):
    W = [w.detach().clone() for w in weights]
    change = [0.0] * len(W)
    for _ in range(round(time / lr)):
        leaves = [w.requires_grad_() for w in W]
        A = X
        for w in leaves[:-1]:
            A = torch.relu(w @ A)
        r = (leaves[-1] @ A)[0] - Y
        G = torch.autograd.grad((r @ r) / (2 * len(r)), leaves)
        W = [w.detach() for w in leaves]
        for k, g in enumerate(G):
            # ½‖w − lr g‖² − ½‖w‖²
            change[k] += (-lr * (W[k] * g).sum() + lr**2 / 2 * (g * g).sum()).item()
        W = [w - lr * g for w, g in zip(W, G)]
    return change

# %% right: NumPy
def balance_drift(weights, X, Y, lr, time):
    W = [w.detach().numpy().copy() for w in weights]
    W0 = [w.copy() for w in W]
    x, y = X.numpy(), Y.numpy()
    for _ in range(round(time / lr)):
        A = [x]
        for w in W[:-1]:
            A.append(np.maximum(w @ A[-1], 0))
        D = (W[-1] @ A[-1] - y) / len(y)
        G = []
        for k in range(len(W) - 1, -1, -1):
            G.insert(0, D @ A[k].T)
            D = (W[k].T @ D) * (A[k] > 0)
        W = [w - lr * g for w, g in zip(W, G)]
    return [float((w**2).sum() - (v**2).sum()) / 2 for w, v in zip(W, W0)]

# %% right: sample by sample
def balance_drift(weights, X, Y, lr, time):
    W = [w.detach().clone().requires_grad_() for w in weights]
    N = X.shape[1]
    for _ in range(round(time / lr)):
        loss = 0
        for i in range(N):
            a = X[:, i]
            for w in W[:-1]:
                a = torch.relu(w @ a)
            loss = loss + ((W[-1] @ a)[0] - Y[i])**2 / (2 * N)
        G = torch.autograd.grad(loss, W)
        W = [(w - lr * g).detach().requires_grad_() for w, g in zip(W, G)]
    return [0.5 * (torch.trace(w.T @ w) - torch.trace(v.T @ v)).item() for w, v in zip(W, weights)]

# %% right: nn.Sequential
def balance_drift(weights, X, Y, lr, time):
    layers = []
    for w in weights:
        lin = nn.Linear(w.shape[1], w.shape[0], bias=False, dtype=w.dtype)
        lin.weight.data.copy_(w.detach())
        layers += [lin, nn.ReLU()]
    net = nn.Sequential(*layers[:-1])
    steps = round(time / lr)
    while steps > 0:
        net.zero_grad()
        loss = ((net(X.T).flatten() - Y)**2).mean() / 2
        loss.backward()
        with torch.no_grad():
            for p in net.parameters():
                p.sub_(lr * p.grad)
        steps -= 1
    return [((p**2).sum() / 2 - (w**2).sum() / 2).item() for p, w in zip(net.parameters(), weights)]

# %% wrong: not-your-own -- the lesson's own helper
from gradlab.maths import homogeneous


def balance_drift(weights, X, Y, lr, time):
    end = homogeneous.train(weights, X, Y, lr, time)
    return [((b.detach()**2).sum() / 2 - (a.detach()**2).sum() / 2) for a, b in zip(weights, end)]

# %% wrong: relu-on-output
def balance_drift(weights, X, Y, lr, time):
    W = [w.detach().clone().requires_grad_() for w in weights]
    for _ in range(round(time / lr)):
        A = X
        for w in W:
            A = torch.relu(w @ A)
        G = torch.autograd.grad((A[0] - Y).square().mean() / 2, W)
        W = [(w - lr * g).detach().requires_grad_() for w, g in zip(W, G)]
    return [((b**2).sum() / 2 - (a**2).sum() / 2).item() for a, b in zip(weights, W)]

# %% wrong: no-relu
from gradlab.maths import homogeneous


def balance_drift(weights, X, Y, lr, time):
    end = homogeneous.train(weights, X, Y, lr, time, activation=lambda z: z)
    return [((b**2).sum() / 2 - (a.detach()**2).sum() / 2).item() for a, b in zip(weights, end)]

# %% wrong: distance-moved
from gradlab.maths import homogeneous


def balance_drift(weights, X, Y, lr, time):
    end = homogeneous.train(weights, X, Y, lr, time)
    return [((b - a.detach())**2).sum().item() / 2 for a, b in zip(weights, end)]

# %% wrong: one-gradient
from gradlab.maths import homogeneous


def balance_drift(weights, X, Y, lr, time):
    G = homogeneous.loss_gradients(weights, X, Y)
    W = [w.detach() - time * g for w, g in zip(weights, G)]
    return [((b**2).sum() / 2 - (a.detach()**2).sum() / 2).item() for a, b in zip(weights, W)]

# %% wrong: second-order-only
from gradlab.maths import homogeneous


def balance_drift(weights, X, Y, lr, time):
    W, total = [w.detach() for w in weights], [0.0] * len(weights)
    for _ in range(round(time / lr)):
        G = homogeneous.loss_gradients(W, X, Y)
        W = [w - lr * g for w, g in zip(W, G)]
        total = [t + lr**2 / 2 * (g**2).sum().item() for t, g in zip(total, G)]
    return total

# %% wrong: float32-inside
from gradlab.maths import homogeneous


def balance_drift(weights, X, Y, lr, time):
    end = homogeneous.train([w.float() for w in weights], X.float(), Y.float(), lr, time)
    return [((b**2).sum() / 2 - (a.detach().float()**2).sum() / 2).item() for a, b in zip(weights, end)]

# %% wrong: another-number-of-steps -- the next whole number above
from gradlab.maths import homogeneous


def balance_drift(weights, X, Y, lr, time):
    W = [w.detach() for w in weights]
    for _ in range(math.ceil(time / lr)):
        W = homogeneous.euler_step(W, lambda W: homogeneous.loss_gradients(W, X, Y), lr)
    return [((b**2).sum() / 2 - (a.detach()**2).sum() / 2).item() for a, b in zip(weights, W)]

# %% wrong: changed-input -- the list's items
from gradlab.maths import homogeneous


def balance_drift(weights, X, Y, lr, time):
    before = [(w.detach()**2).sum().item() / 2 for w in weights]
    for _ in range(round(time / lr)):
        G = homogeneous.loss_gradients(weights, X, Y)
        for k, g in enumerate(G):
            weights[k] = weights[k] - lr * g
    return [(w.detach()**2).sum().item() / 2 - b for w, b in zip(weights, before)]

# %% wrong: two-layers-only
def balance_drift(weights, X, Y, lr, time):
    A, B = [w.detach().clone().requires_grad_() for w in weights]
    for _ in range(round(time / lr)):
        loss = ((B @ torch.relu(A @ X))[0] - Y).square().mean() / 2
        gA, gB = torch.autograd.grad(loss, (A, B))
        A, B = (A - lr * gA).detach().requires_grad_(), (B - lr * gB).detach().requires_grad_()
    return [((b**2).sum() / 2 - (a**2).sum() / 2).item() for a, b in zip(weights, (A, B))]

# %% wrong: one-number
from gradlab.maths import homogeneous


def balance_drift(weights, X, Y, lr, time):
    end = homogeneous.train(weights, X, Y, lr, time)
    changes = [((b**2).sum() / 2 - (a.detach()**2).sum() / 2).item() for a, b in zip(weights, end)]
    return max(changes) - min(changes)
