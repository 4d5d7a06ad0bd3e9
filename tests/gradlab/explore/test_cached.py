import pytest
import torch

from gradlab.explore import cached

CALLS = []


def helper(x):
    return 2 * x


def compute(n, name="a"):
    CALLS.append(n)
    return {"value": torch.arange(float(n)), "name": name, "more": (helper(n), None, True)}


@pytest.fixture(autouse=True)
def forget_calls():
    CALLS.clear()


def test_a_result_comes_back_whole_without_computing(tmp_path):
    first = cached(compute, tmp_path)(n=3, name="b")
    again = cached(compute, tmp_path)(n=3, name="b")
    assert CALLS == [3]
    assert torch.equal(first["value"], again["value"])
    assert again["name"] == "b" and again["more"] == (6, None, True)


def test_other_parameters_are_computed(tmp_path):
    remembered = cached(compute, tmp_path)
    remembered(n=3, name="a")
    assert remembered(n=4, name="a")["value"].shape == (4,)
    assert CALLS == [3, 4]


def test_another_code_is_computed(tmp_path):
    def make(source):
        names = {"__name__": "lesson"}
        exec(source, names)
        return names["compute"]

    def result(source):
        return cached(make(source), tmp_path)(n=2)

    assert result("def compute(n): return n + 1") == 3
    assert result("def compute(n): return n + 2") == 4
    assert result("K = 5\ndef compute(n): return n + K") == 7
    assert result("K = 6\ndef compute(n): return n + K") == 8
    assert result("def f(n): return n * 10\ndef compute(n): return f(n)") == 20
    assert result("def f(n): return n * 20\ndef compute(n): return f(n)") == 40


def test_a_folder_that_cannot_be_written_costs_the_memory_only(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    remembered = cached(compute, blocked / "cache")
    assert remembered(n=2, name="a")["name"] == "a" == remembered(n=2, name="a")["name"]
    assert CALLS == [2, 2]


def test_what_cannot_be_kept_is_named(tmp_path):
    with pytest.raises(TypeError, match="found ndarray"):
        cached(lambda n: torch.ones(n).numpy(), tmp_path)(n=2)
