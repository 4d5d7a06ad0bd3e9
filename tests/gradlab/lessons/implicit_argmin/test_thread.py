"""What lesson 4 says of the thread's script and no cell of it runs."""

import torch

from gradlab.maths.networks import stored_theta, tanh_network


def test_script_that_never_clears_gradients_walks_to_175():
    f, theta = tanh_network(), stored_theta(2023).float()
    x = torch.zeros(1, requires_grad=True)
    adam = torch.optim.Adam([x], lr=0.5)
    for _ in range(350):
        f(x, theta).backward()
        adam.step()
    assert round(x.item()) == 175
