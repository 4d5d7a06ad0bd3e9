import torch

from gradlab.lessons.implicit_argmin.outer_loss import outer_loss


def test_picture_shows_the_losses_and_the_three_signals():
    noisy, clean, found = torch.randn(3, 6)
    left, right = outer_loss([3.0, 2.0, 1.5], noisy, clean, found).axes
    assert list(left.lines[0].get_ydata()) == [3.0, 2.0, 1.5]
    shown = [torch.as_tensor(line.get_ydata()) for line in right.lines]
    assert all(torch.equal(a, b) for a, b in zip(shown, (noisy, clean, found)))
