import pytest

from gradlab.exercises.writing import names_used


def test_attributes_and_free_names_are_found():
    found = names_used("def f(x):\n    return np.sign(x.detach())\n", "f")
    assert {"np", ".sign", ".detach"} <= found


def test_comments_texts_and_local_names_do_not_count():
    source = 'def f(x):\n    "x.detach() is not allowed"\n    data = x  # .item()\n    return data\n'
    assert names_used(source, "f") == frozenset()


def test_lines_of_the_cell_that_the_answer_does_not_use_do_not_count():
    source = (
        "%matplotlib inline\ndef f(x):\n    g = 2 * x\n    return g\n\ng = f(torch.ones(1)).item()\nprint(g.detach())\n"
    )
    assert names_used(source, "f") == frozenset()


@pytest.mark.parametrize(
    "helper",
    ["def cut(x):\n    return x.detach()\n", "cut = lambda x: x.detach()\n", "class cut:\n    go = x.detach\n"],
)
def test_helpers_that_the_answer_uses_count(helper):
    assert ".detach" in names_used(helper + "def f(x):\n    return cut(x)\n", "f")
    assert ".detach" not in names_used(helper + "def f(x):\n    return x\n", "f")


def test_imports_count_by_what_they_import():
    source = "from torch import no_grad as quiet\ndef f(x):\n    with quiet():\n        return x\n"
    assert ".no_grad" in names_used(source, "f")


def test_getattr_counts_by_its_text_or_as_unreadable():
    assert ".detach" in names_used("def f(x):\n    return getattr(x, 'detach')()\n", "f")
    assert "getattr(…)" in names_used("def f(x):\n    return getattr(x, 'det' + 'ach')()\n", "f")


def test_every_word_counts_where_the_source_is_not_python():
    assert ".detach" in names_used("def f(x:\n    return x.detach()\n", "f")


def test_no_source_has_no_names():
    assert names_used("", "f") == frozenset()


def test_methods_and_attributes_of_own_classes_do_not_count():
    source = (
        "class Net:\n    def __init__(self, w):\n        self.data = w\n    def backward(self):\n        return self.data\n"
        "def f(w):\n    return Net(w).backward()\n"
    )
    assert not {".backward", ".data"} & names_used(source, "f")
    assert ".backward" in names_used(source.replace("Net(w)", "loss(w)").replace("class Net", "class Other"), "f")
