# %% right: ISTA with many steps, then the active set
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    L = torch.linalg.matrix_norm(D, 2) ** 2
    lam = float(lam0)
    for _ in range(steps):
        x = D.new_zeros(D.shape[1])
        for _ in range(2000):
            u = x - D.T @ (D @ x - b) / L
            x = torch.sign(u) * torch.relu(u.abs() - lam / L)
        on = x != 0
        A, slope = D[:, on], torch.zeros_like(x)
        slope[on] = -torch.linalg.solve(A.T @ A, torch.sign(x[on]))
        gradient = float((D_val @ x - b_val) @ (D_val @ slope))
        lam = lam * math.exp(-lr * lam * gradient)
    return lam

# %% right: scikit-learn finds the active set, one solve the rest
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    from sklearn.linear_model import Lasso

    s = math.log(lam0)
    for _ in range(steps):
        lam = math.exp(s)
        model = Lasso(alpha=lam / len(b), fit_intercept=False, tol=1e-12, max_iter=100000).fit(D.numpy(), b.numpy())
        signs = torch.from_numpy(np.sign(model.coef_))
        on = signs != 0
        if not on.any():
            continue
        A = D[:, on]
        G = A.T @ A
        x = torch.linalg.solve(G, A.T @ b - lam * signs[on])
        dx = torch.linalg.solve(G, -signs[on])
        s = s - lr * lam * ((D_val[:, on] @ x - b_val) @ D_val[:, on] @ dx).item()
    return math.exp(s)

# %% right: coordinate descent, adjoint solve, a 0-d tensor
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    log_lam = torch.tensor(float(lam0), dtype=D.dtype).log()
    squares = (D**2).sum(0)
    for _ in range(steps):
        lam = log_lam.exp()
        x = torch.zeros(D.shape[1], dtype=D.dtype)
        for sweep in range(300):
            for j in range(len(x)):
                c = D[:, j] @ (b - D @ x) + squares[j] * x[j]
                x[j] = torch.sign(c) * torch.relu(c.abs() - lam) / squares[j]
        on = x != 0
        v = (D_val.T @ (D_val @ x - b_val))[on]
        A = D[:, on]
        w = torch.linalg.solve(A.T @ A, v)
        log_lam = log_lam + lr * lam * (w @ torch.sign(x[on]))
    return log_lam.exp()

# %% right: FISTA to a tight tolerance
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    lam, t = torch.as_tensor(lam0, dtype=D.dtype), 1 / torch.linalg.matrix_norm(D, 2) ** 2
    for _ in range(steps):
        x = z = D.new_zeros(D.shape[1])
        k = 1.0
        for i in range(4000):
            u = z - t * D.T @ (D @ z - b)
            new = torch.relu(u - t * lam) - torch.relu(-u - t * lam)
            if i % 100 == 99:
                k, z = 1.0, new
            later = (1 + math.sqrt(1 + 4 * k * k)) / 2
            z = new + (k - 1) / later * (new - x)
            x, k = new, later
        A = D[:, x != 0]
        s = torch.sign(x[x != 0])
        slope = -torch.linalg.solve(A.T @ A, s)
        gradient = lam * ((D_val @ x - b_val) @ (D_val[:, x != 0] @ slope))
        lam = torch.exp(torch.log(lam) - lr * gradient)
    return lam

# %% wrong: not-your-own -- the package's solver and its adjoint
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    from gradlab.maths.lasso import lasso_solution, lasso_vjp

    lam = lam0
    for _ in range(steps):
        x = lasso_solution(D, b, lam)
        pulled = lasso_vjp(D, b, lam, x, D_val.T @ (D_val @ x - b_val))
        lam = lam * math.exp(-lr * lam * float(pulled.lam))
    return lam

# %% right: unrolled through very many steps, which is the same to all digits
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    s = torch.tensor(math.log(lam0), dtype=D.dtype)
    for _ in range(steps):
        s = s.detach().requires_grad_(True)
        x = D.new_zeros(D.shape[1])
        for _ in range(1500):
            u = x - t * D.T @ (D @ x - b)
            x = torch.relu(u - t * s.exp()) - torch.relu(-u - t * s.exp())
        loss = 0.5 * ((D_val @ x - b_val) ** 2).sum()
        s = s - lr * torch.autograd.grad(loss, s)[0]
    return s.exp().item()

# %% wrong: step-in-lam
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    L = torch.linalg.matrix_norm(D, 2) ** 2
    lam = float(lam0)
    for _ in range(steps):
        x = D.new_zeros(D.shape[1])
        for _ in range(2000):
            u = x - D.T @ (D @ x - b) / L
            x = torch.sign(u) * torch.relu(u.abs() - lam / L)
        on = x != 0
        A, slope = D[:, on], torch.zeros_like(x)
        slope[on] = -torch.linalg.solve(A.T @ A, torch.sign(x[on]))
        gradient = float((D_val @ x - b_val) @ (D_val @ slope))
        lam = lam - lr * gradient
    return lam

# %% wrong: missing-chain-factor
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    L = torch.linalg.matrix_norm(D, 2) ** 2
    lam = float(lam0)
    for _ in range(steps):
        x = D.new_zeros(D.shape[1])
        for _ in range(2000):
            u = x - D.T @ (D @ x - b) / L
            x = torch.sign(u) * torch.relu(u.abs() - lam / L)
        on = x != 0
        A, slope = D[:, on], torch.zeros_like(x)
        slope[on] = -torch.linalg.solve(A.T @ A, torch.sign(x[on]))
        gradient = float((D_val @ x - b_val) @ (D_val @ slope))
        lam = lam * math.exp(-lr * gradient)
    return lam

# %% wrong: log-slope-on-lam
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    L = torch.linalg.matrix_norm(D, 2) ** 2
    lam = float(lam0)
    for _ in range(steps):
        x = D.new_zeros(D.shape[1])
        for _ in range(2000):
            u = x - D.T @ (D @ x - b) / L
            x = torch.sign(u) * torch.relu(u.abs() - lam / L)
        on = x != 0
        A, slope = D[:, on], torch.zeros_like(x)
        slope[on] = -torch.linalg.solve(A.T @ A, torch.sign(x[on]))
        gradient = float((D_val @ x - b_val) @ (D_val @ slope))
        lam = lam - lr * lam * gradient
    return lam

# %% wrong: training-loss
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    L = torch.linalg.matrix_norm(D, 2) ** 2
    lam = float(lam0)
    for _ in range(steps):
        x = D.new_zeros(D.shape[1])
        for _ in range(2000):
            u = x - D.T @ (D @ x - b) / L
            x = torch.sign(u) * torch.relu(u.abs() - lam / L)
        on = x != 0
        A, slope = D[:, on], torch.zeros_like(x)
        slope[on] = -torch.linalg.solve(A.T @ A, torch.sign(x[on]))
        gradient = float((D @ x - b) @ (D @ slope))
        lam = lam * math.exp(-lr * lam * gradient)
    return lam

# %% wrong: ascent
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    L = torch.linalg.matrix_norm(D, 2) ** 2
    lam = float(lam0)
    for _ in range(steps):
        x = D.new_zeros(D.shape[1])
        for _ in range(2000):
            u = x - D.T @ (D @ x - b) / L
            x = torch.sign(u) * torch.relu(u.abs() - lam / L)
        on = x != 0
        A, slope = D[:, on], torch.zeros_like(x)
        slope[on] = -torch.linalg.solve(A.T @ A, torch.sign(x[on]))
        gradient = float((D_val @ x - b_val) @ (D_val @ slope))
        lam = lam * math.exp(lr * lam * gradient)
    return lam

# %% wrong: no-half
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    L = torch.linalg.matrix_norm(D, 2) ** 2
    lam = float(lam0)
    for _ in range(steps):
        x = D.new_zeros(D.shape[1])
        for _ in range(2000):
            u = x - D.T @ (D @ x - b) / L
            x = torch.sign(u) * torch.relu(u.abs() - lam / L)
        on = x != 0
        A, slope = D[:, on], torch.zeros_like(x)
        slope[on] = -torch.linalg.solve(A.T @ A, torch.sign(x[on]))
        gradient = 2 * float((D_val @ x - b_val) @ (D_val @ slope))
        lam = lam * math.exp(-lr * lam * gradient)
    return lam

# %% wrong: mean-loss
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    L = torch.linalg.matrix_norm(D, 2) ** 2
    lam = float(lam0)
    for _ in range(steps):
        x = D.new_zeros(D.shape[1])
        for _ in range(2000):
            u = x - D.T @ (D @ x - b) / L
            x = torch.sign(u) * torch.relu(u.abs() - lam / L)
        on = x != 0
        A, slope = D[:, on], torch.zeros_like(x)
        slope[on] = -torch.linalg.solve(A.T @ A, torch.sign(x[on]))
        gradient = float((D_val @ x - b_val) @ (D_val @ slope)) / len(b_val)
        lam = lam * math.exp(-lr * lam * gradient)
    return lam

# %% wrong: mean-squared-loss
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    L = torch.linalg.matrix_norm(D, 2) ** 2
    lam = float(lam0)
    for _ in range(steps):
        x = D.new_zeros(D.shape[1])
        for _ in range(2000):
            u = x - D.T @ (D @ x - b) / L
            x = torch.sign(u) * torch.relu(u.abs() - lam / L)
        on = x != 0
        A, slope = D[:, on], torch.zeros_like(x)
        slope[on] = -torch.linalg.solve(A.T @ A, torch.sign(x[on]))
        gradient = 2 * float((D_val @ x - b_val) @ (D_val @ slope)) / len(b_val)
        lam = lam * math.exp(-lr * lam * gradient)
    return lam

# %% wrong: returns-log
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    L = torch.linalg.matrix_norm(D, 2) ** 2
    lam = float(lam0)
    for _ in range(steps):
        x = D.new_zeros(D.shape[1])
        for _ in range(2000):
            u = x - D.T @ (D @ x - b) / L
            x = torch.sign(u) * torch.relu(u.abs() - lam / L)
        on = x != 0
        A, slope = D[:, on], torch.zeros_like(x)
        slope[on] = -torch.linalg.solve(A.T @ A, torch.sign(x[on]))
        gradient = float((D_val @ x - b_val) @ (D_val @ slope))
        lam = lam * math.exp(-lr * lam * gradient)
    return math.log(lam)

# %% wrong: one-step-short
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    L = torch.linalg.matrix_norm(D, 2) ** 2
    lam = float(lam0)
    for _ in range(steps - 1):
        x = D.new_zeros(D.shape[1])
        for _ in range(2000):
            u = x - D.T @ (D @ x - b) / L
            x = torch.sign(u) * torch.relu(u.abs() - lam / L)
        on = x != 0
        A, slope = D[:, on], torch.zeros_like(x)
        slope[on] = -torch.linalg.solve(A.T @ A, torch.sign(x[on]))
        gradient = float((D_val @ x - b_val) @ (D_val @ slope))
        lam = lam * math.exp(-lr * lam * gradient)
    return lam

# %% wrong: unfinished -- implicit at an unfinished iterate
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    L = torch.linalg.matrix_norm(D, 2) ** 2
    lam = float(lam0)
    for _ in range(steps):
        x = D.new_zeros(D.shape[1])
        for _ in range(15):
            u = x - D.T @ (D @ x - b) / L
            x = torch.sign(u) * torch.relu(u.abs() - lam / L)
        on = x != 0
        A, slope = D[:, on], torch.zeros_like(x)
        slope[on] = -torch.linalg.solve(A.T @ A, torch.sign(x[on]))
        gradient = float((D_val @ x - b_val) @ (D_val @ slope))
        lam = lam * math.exp(-lr * lam * gradient)
    return lam

# %% wrong: history
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    L = torch.linalg.matrix_norm(D, 2) ** 2
    lam, history = float(lam0), []
    for _ in range(steps):
        x = D.new_zeros(D.shape[1])
        for _ in range(2000):
            u = x - D.T @ (D @ x - b) / L
            x = torch.sign(u) * torch.relu(u.abs() - lam / L)
        on = x != 0
        A, slope = D[:, on], torch.zeros_like(x)
        slope[on] = -torch.linalg.solve(A.T @ A, torch.sign(x[on]))
        gradient = float((D_val @ x - b_val) @ (D_val @ slope))
        lam = lam * math.exp(-lr * lam * gradient)
        history.append(lam)
    return history

# %% wrong: scikit-learn-scale
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    L = torch.linalg.matrix_norm(D, 2) ** 2
    lam = float(lam0)
    for _ in range(steps):
        x = D.new_zeros(D.shape[1])
        for _ in range(2000):
            u = x - D.T @ (D @ x - b) / L
            x = torch.sign(u) * torch.relu(u.abs() - len(b) * lam / L)
        on = x != 0
        A, slope = D[:, on], torch.zeros_like(x)
        slope[on] = -torch.linalg.solve(A.T @ A, torch.sign(x[on]))
        gradient = float((D_val @ x - b_val) @ (D_val @ slope))
        lam = lam * math.exp(-lr * lam * gradient)
    return lam

# %% wrong: first-gradient-only
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    L = torch.linalg.matrix_norm(D, 2) ** 2
    lam = float(lam0)
    for _ in range(1):
        x = D.new_zeros(D.shape[1])
        for _ in range(2000):
            u = x - D.T @ (D @ x - b) / L
            x = torch.sign(u) * torch.relu(u.abs() - lam / L)
        on = x != 0
        A, slope = D[:, on], torch.zeros_like(x)
        slope[on] = -torch.linalg.solve(A.T @ A, torch.sign(x[on]))
        gradient = float((D_val @ x - b_val) @ (D_val @ slope))
        lam = lam * math.exp(-steps * lr * lam * gradient)
    return lam

# %% wrong: unfinished -- unrolled through too few steps
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    s = torch.tensor(math.log(lam0), dtype=D.dtype)
    for _ in range(steps):
        s = s.detach().requires_grad_(True)
        x = D.new_zeros(D.shape[1])
        for _ in range(10):
            u = x - t * D.T @ (D @ x - b)
            x = torch.relu(u - t * s.exp()) - torch.relu(-u - t * s.exp())
        loss = 0.5 * ((D_val @ x - b_val) ** 2).sum()
        s = s - lr * torch.autograd.grad(loss, s)[0]
    return s.exp().item()

# %% half: no-active-column
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    L = torch.linalg.matrix_norm(D, 2) ** 2
    lam = float(lam0)
    for _ in range(steps):
        x = D.new_zeros(D.shape[1])
        for _ in range(2000):
            u = x - D.T @ (D @ x - b) / L
            x = torch.sign(u) * torch.relu(u.abs() - lam / L)
        on = x != 0
        if not on.any():
            raise ValueError('everything is zero')
        A, slope = D[:, on], torch.zeros_like(x)
        slope[on] = -torch.linalg.solve(A.T @ A, torch.sign(x[on]))
        gradient = float((D_val @ x - b_val) @ (D_val @ slope))
        lam = lam * math.exp(-lr * lam * gradient)
    return lam

# %% wrong: fits-held-out
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    D, b = D_val, b_val
    L = torch.linalg.matrix_norm(D, 2) ** 2
    lam = float(lam0)
    for _ in range(steps):
        x = D.new_zeros(D.shape[1])
        for _ in range(2000):
            u = x - D.T @ (D @ x - b) / L
            x = torch.sign(u) * torch.relu(u.abs() - lam / L)
        on = x != 0
        A, slope = D[:, on], torch.zeros_like(x)
        slope[on] = -torch.linalg.solve(A.T @ A, torch.sign(x[on]))
        gradient = float((D_val @ x - b_val) @ (D_val @ slope))
        lam = lam * math.exp(-lr * lam * gradient)
    return lam

# %% right: the optimiser of torch in log lam
from gradlab.maths import lasso

def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    rho = torch.tensor(math.log(lam0), dtype=D.dtype, requires_grad=True)
    opt = torch.optim.SGD([rho], lr=lr)
    for _ in range(steps):
        opt.zero_grad()
        lam = rho.exp()
        x = lasso.lasso_solution(D, b, lam.item())
        A = x != 0
        DA = D[:, A]
        s = torch.sign(x[A])
        xa = torch.linalg.solve(DA.T @ DA, DA.T @ b - lam * s)
        (0.5 * ((D_val[:, A] @ xa - b_val) ** 2).sum()).backward()
        opt.step()
    return rho.exp().item()

# %% right: a recursion
from gradlab.maths import lasso

def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    if steps <= 0:
        return lam0
    x = lasso.lasso_solution(D, b, lam0)
    A = x != 0
    if A.sum() == 0:
        return lam0
    d = torch.linalg.lstsq(D[:, A].T @ D[:, A], -torch.sign(x[A])[:, None]).solution[:, 0]
    g = torch.dot(D_val @ x - b_val, D_val[:, A] @ d).item()
    return tune_lam(D, b, D_val, b_val, lam0 * math.exp(-lr * lam0 * g), steps - 1, lr)

# %% right: numpy
from gradlab.maths import lasso

def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    d, y, dv, yv = (a.detach().numpy() for a in (D, b, D_val, b_val))
    loglam = np.log(lam0)
    for _ in range(int(steps)):
        lam = np.exp(loglam)
        x = lasso.lasso_solution(D, b, float(lam)).numpy()
        a = x != 0
        dx = np.zeros_like(x)
        if a.any():
            dx[a] = -np.linalg.solve(d[:, a].T @ d[:, a], np.sign(x[a]))
        loglam -= lr * lam * (dv @ x - yv) @ (dv @ dx)
    return np.exp(loglam)

# %% wrong: first-solution-only
from gradlab.maths import lasso

def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    lam = float(lam0)
    x = lasso.lasso_solution(D, b, lam); A = x != 0
    s = torch.zeros_like(x)
    if A.any(): s[A] = -torch.linalg.solve(D[:, A].T @ D[:, A], torch.sign(x[A]))
    g = float((D_val.T @ (D_val @ x - b_val)) @ s)
    for _ in range(steps):
        lam = lam * math.exp(-lr * lam * g)
    return lam

# %% wrong: return-in-loop
from gradlab.maths import lasso

def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    lam = float(lam0)
    for _ in range(steps):
        x = lasso.lasso_solution(D, b, lam); A = x != 0
        s = torch.zeros_like(x)
        if A.any(): s[A] = -torch.linalg.solve(D[:, A].T @ D[:, A], torch.sign(x[A]))
        lam = lam * math.exp(-lr * lam * float((D_val.T @ (D_val @ x - b_val)) @ s))
        return lam

# %% wrong: exponential-cut-short
from gradlab.maths import lasso

def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    lam = float(lam0)
    for _ in range(steps):
        x = lasso.lasso_solution(D, b, lam); A = x != 0
        s = torch.zeros_like(x)
        if A.any(): s[A] = -torch.linalg.solve(D[:, A].T @ D[:, A], torch.sign(x[A]))
        lam = lam * (1 - lr * lam * float((D_val.T @ (D_val @ x - b_val)) @ s))
    return lam

# %% wrong: nothing-moved
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    return lam0

# %% wrong: all-columns
from gradlab.maths import lasso

def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    lam = float(lam0)
    for _ in range(steps):
        x = lasso.lasso_solution(D, b, lam)
        s = -torch.linalg.solve(D.T @ D, torch.sign(x))
        lam = lam * math.exp(-lr * lam * float((D_val.T @ (D_val @ x - b_val)) @ s))
    return lam

# %% wrong: signs-lost
from gradlab.maths import lasso

def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    lam = float(lam0)
    for _ in range(steps):
        x = lasso.lasso_solution(D, b, lam); A = x != 0
        s = torch.zeros_like(x)
        if A.any(): s[A] = -torch.linalg.solve(D[:, A].T @ D[:, A], torch.ones_like(x[A]))
        lam = lam * math.exp(-lr * lam * float((D_val.T @ (D_val @ x - b_val)) @ s))
    return lam

# %% wrong: one-step-more
from gradlab.maths import lasso

def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    lam = float(lam0)
    for _ in range(steps + 1):
        x = lasso.lasso_solution(D, b, lam); A = x != 0
        s = torch.zeros_like(x)
        if A.any(): s[A] = -torch.linalg.solve(D[:, A].T @ D[:, A], torch.sign(x[A]))
        lam = lam * math.exp(-lr * lam * float((D_val.T @ (D_val @ x - b_val)) @ s))
    return lam

# %% wrong: returned-none
from gradlab.maths import lasso

def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    lam = float(lam0)
    for _ in range(steps):
        x = lasso.lasso_solution(D, b, lam); A = x != 0
        s = torch.zeros_like(x)
        if A.any(): s[A] = -torch.linalg.solve(D[:, A].T @ D[:, A], torch.sign(x[A]))
        lam = lam * math.exp(-lr * lam * float((D_val.T @ (D_val @ x - b_val)) @ s))
    print(lam)


# %% right: scikit-learn's solution
from sklearn.linear_model import Lasso
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    lam = lam0
    for _ in range(steps):
        m = Lasso(alpha=lam/len(b), fit_intercept=False, tol=1e-15, max_iter=200000).fit(D.numpy(), b.numpy())
        x = torch.tensor(m.coef_)
        on = x != 0
        d = torch.zeros_like(x)
        if on.any(): d[on] = -torch.linalg.solve(D[:, on].T@D[:, on], x[on].sign())
        lam *= math.exp(-lr*lam*float((D_val.T@(D_val@x-b_val))@d))
    return lam
