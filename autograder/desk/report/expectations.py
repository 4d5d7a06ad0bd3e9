"""What a class expected: the predictions that stand in the hand-ins, counted beside the truth. No names."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.notebooks.strangers_texts import with_few_signs
from gradlab.predictions import Prediction
from gradlab.predictions.kinds import NotReadable, Said
from gradlab.predictions.registry import predictions_of
from gradlab.predictions.typed import typed_predictions

MOST_SHOWN = 5  # different answers; the others are counted together


@dataclass(frozen=True)
class Expectation:
    """One prediction of a lesson, and what the students said who made it."""

    name: str
    prediction: Prediction
    said: tuple[Said, ...]

    @property
    def right(self) -> int:
        """How many were right."""
        return sum(self.prediction.compare(each)[0] for each in self.said)

    @property
    def truth(self) -> str:
        """What is, for people."""
        return self.prediction.write(self.prediction.answer)

    @property
    def answers(self) -> list[tuple[str, int]]:
        """The most frequent answers, and how many gave each; the rest together at the end."""
        counts = Counter(with_few_signs(self.prediction.write(each)) for each in self.said).most_common()
        shown, rest = counts[:MOST_SHOWN], counts[MOST_SHOWN:]
        return shown + ([(f"{len(rest)} other answers", sum(count for _, count in rest))] if rest else [])


def expectations(lesson: str, notebooks: Iterable[dict]) -> list[Expectation]:
    """The predictions of a lesson that somebody made, in the lesson's order; what is not of the kind asked for is left out."""
    asked = predictions_of(lesson)
    said: dict[str, list[Said]] = {name: [] for name in asked}
    for notebook in notebooks:
        for name, typed in typed_predictions(code_of(notebook)).items():
            if name in asked:
                try:
                    said[name].append(asked[name].read(typed))
                except NotReadable:
                    continue
    return [Expectation(name, asked[name], tuple(values)) for name, values in said.items() if values]


def code_of(notebook: dict) -> list[str]:
    """The texts of the code cells of a marked notebook, in which a cell's source may be a list of lines."""
    sources = [cell.get("source", "") for cell in notebook["cells"] if cell.get("cell_type") == "code"]
    return ["".join(map(str, source)) if isinstance(source, list) else str(source) for source in sources]
