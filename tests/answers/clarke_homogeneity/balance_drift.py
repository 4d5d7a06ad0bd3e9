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

# %% wrong: changed-input
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
