import pytest
from IPython.core import inputtransformer2

from gradlab.exercises.writing import MOST_WORK, bound_names_of, names_used, python_text, text_of


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


def test_what_is_no_python_did_not_run_and_counts_for_nothing():
    assert names_used("def f(x:\n    return x.detach()\n", "f") == frozenset()


@pytest.mark.parametrize(
    "line",
    ["%time 1 + 1", "    %time x", "!ls", "f?", "?f", "files = !ls", "r = %timeit -n1 -r1 1", "# a\x0cb detach numpy"],
)
@pytest.mark.parametrize("place", ["before", "after"])
def test_lines_that_only_ipython_reads_and_comments_hide_nothing_and_add_no_word_of_theirs(line, place):
    indented = line.startswith(" ")
    answer = "def f(x):\n    return x.detach()\n"
    cell = {"before": f"{line}\n{answer}", "after": f"{answer}{line}"}[place]
    if indented:
        cell = f"def f(x):\n{line}\n    return x.detach()\n"
    found = names_used(cell, "f")
    assert ".detach" in found and not {"numpy", "np", ".numpy"} & found


@pytest.mark.parametrize("magic", ["%%time", "%%capture out", "%%prun"])
def test_body_of_a_cell_magic_is_read(magic):
    assert ".detach" in names_used(f"{magic}\ndef f(x):\n    return x.detach()\n", "f")


def test_text_of_an_answer_is_its_last_definition_and_the_helpers_it_meets():
    cells = [
        "import numpy as np\ndef h(x):\n    return x.numpy()\n",
        "def f(x):\n    return h(x)\n",
        "def h(x):\n    return g(x)\ndef unrelated():\n    pass\n",
        "g = torch.relu\n",
        "def f(x):\n    return 2 * h(x)\nf = cached(f)\n",
        "broken(",
    ]
    text = text_of("f", cells)
    assert text == "def h(x):\n    return g(x)\ng = torch.relu\ndef f(x):\n    return 2 * h(x)\nf = cached(f)"


def test_thousands_of_names_take_no_longer_than_their_number():
    cells = ["\n".join(f"v{k} = v{k - 1}" for k in range(1, 4000)), "def f(x):\n    return x + v3999"]
    assert len(text_of("f", cells).split("\n")) == 4001


def test_line_of_many_statements_stands_in_the_text_once():
    names = [f"a{k}" for k in range(3000)]
    line = ";".join(f"{name}=1" for name in names)
    text = text_of("f", [line, f"def f(x):\n    return {' + '.join(names[:50])}"])
    assert text.count(line) == 1 and len(text) < 2 * len(line)


def tokens_read(cell: str, monkeypatch) -> int:
    """How many characters IPython reads, over and over, to turn a cell into Python."""
    read = []
    stock = inputtransformer2.make_tokens_by_line

    def counting(lines):
        read.append(sum(map(len, lines)))
        return stock(lines)

    monkeypatch.setattr(inputtransformer2, "make_tokens_by_line", counting)
    python_text(cell)
    return sum(read)


@pytest.mark.parametrize("line", ["a = !ls", "!ls", "f?", "%time x", "x = %pwd", "?f", "  !ls"])
def test_work_of_reading_lines_of_ipythons_own_is_bounded(line, monkeypatch):
    for count in (10, 100, 1000):
        cell = "\n".join([line] * count + ["x = 1"] * 20 * count + ["def f(x):", "    return x"])
        assert tokens_read(cell, monkeypatch) <= 40 * MOST_WORK
        assert "f" in bound_names_of(cell) or line.startswith(" ")


@pytest.mark.parametrize("word", ["0x" + "f" * 20_000, "a" * 20_000, "a" + ".b" * 10_000, "a" + "[0]" * 7000])
@pytest.mark.parametrize("line", ["{};f?", "'';{};f?", "x = {}?", "%time {}"])
def test_long_line_of_ipythons_own_is_not_searched(word, line, monkeypatch):
    cell = line.format(word) + "\ndef f(x):\n    return x"
    assert tokens_read(cell, monkeypatch) == 0


def test_number_of_thousands_of_digits_is_no_name():
    assert "getattr(…)" in names_used(f"def f(x):\n    return getattr(x, 0x{'f' * 5000})", "f")


def test_no_source_has_no_names():
    assert names_used("", "f") == frozenset()


def test_methods_and_attributes_of_own_classes_do_not_count():
    source = (
        "class Net:\n    def __init__(self, w):\n        self.data = w\n    def backward(self):\n        return self.data\n"
        "def f(w):\n    return Net(w).backward()\n"
    )
    assert not {".backward", ".data"} & names_used(source, "f")
    assert ".backward" in names_used(source.replace("Net(w)", "loss(w)").replace("class Net", "class Other"), "f")
