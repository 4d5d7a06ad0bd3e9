import torch
from torch import nn

from gradlab.lessons.layers_that_solve.digits import accuracy, digits, fit


def test_pictures_are_all_there_once_and_in_range():
    train, test = digits()
    assert (len(train.pixels), len(test.pixels)) == (1300, 497)
    pixels = torch.cat([train.pixels, test.pixels])
    assert pixels.shape == (1797, 64) and pixels.min() == 0 and pixels.max() == 1
    assert torch.equal(digits().test.digit, test.digit)


def test_a_linear_model_learns_them():
    torch.manual_seed(0)
    model, data = nn.Linear(64, 10), digits()
    before = accuracy(model, data.test)
    fit(model, data.train, epochs=3)
    assert before < 0.3 < 0.8 < accuracy(model, data.test)
