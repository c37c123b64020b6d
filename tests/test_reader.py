"""The learnt reader: what it says of sentences beside a question, and what the engine makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from index import load_settings, open_assistant, reader
from index.answer.confidence import confidence
from index.answer.evidence import Sentence, score_sentences, words_of
from index.answer.reading import MOST_READ, READ, read_sentences
from index.build import build
from index.errors import ModelError
from index.question import Question, analyse
from index.reader import UNREAD, Reader
from index.records import Passage
from index.windows import MOST_WORDS, Window
from tests.test_language import Corpus

TITLE = "Fire on a ferry"
SENTENCES = (
    "The ferry Morning Tern was built in Harsund in 1994.",
    "On Tuesday a fire broke out in its engine room.",
    "It carried 186 passengers.",
    "The weather had been fair all week.",
)
TEXT = " ".join(SENTENCES)


def passage(sentences: Sequence[str] = SENTENCES, chunk: int = 1) -> Passage:
    text, spans, at = " ".join(sentences), [], 0
    for sentence in sentences:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    same = (0.5,) * len(sentences)
    return Passage(
        chunk, "a", TITLE, None, None, None, text, 0, len(text), tuple(spans),
        score=1.0, lexical=5.0, dense=0.5, sentence_scores=same,
    )  # fmt: skip


def asked(text: str) -> Question:
    return analyse(text, Corpus(*TEXT.split(), *text.split()))


class Prefers:
    """Says of the sentences with a word that they answer, of others that they do not; keeps what it read."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.windows: list[Window] = []

    def __call__(self, question: str, windows: Sequence[Window]) -> list[list[float]]:
        self.windows += windows
        return [[8.0 if self.word in s else -8.0 for s in window.sentences] for window in windows]


@pytest.fixture(scope="module")
def model() -> Reader:
    return Reader()


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("How many passengers did the ship carry?", 2),
        ("Where did the fire break out?", 1),
        ("When was the vessel constructed?", 0),
    ],
)
def test_the_sentence_that_answers_is_the_likeliest(model: Reader, question: str, answers: int) -> None:
    (read,) = model(question, [Window(TITLE, SENTENCES)])
    assert read.index(max(read)) == answers


def test_other_windows_beside_it_change_nothing(model: Reader) -> None:
    window, question = Window(TITLE, SENTENCES), "Where did the blaze start?"
    alone, other = model(question, [window])[0], Window("", ("A cat sat on the mat.",) * 9)
    together = model(question, [other, window, Window("", ("Yes.",))])
    assert [len(odds) for odds in together] == [9, 4, 1]
    assert together[1] == pytest.approx(alone, abs=1e-4)


def test_what_does_not_fit_is_not_read(model: Reader) -> None:
    endless = "word " * 400
    (read,) = model("Where did the blaze start?" * 50, [Window(TITLE * 90, (endless, *SENTENCES))])
    assert read[1:] == [UNREAD] * 4
    assert read[0] > UNREAD
    assert model("Where?", []) == []
    assert model("", [Window("", ("",))]) == [[UNREAD]]


def test_an_altered_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "reader.onnx"
    copy.write_bytes(reader.READER.read_bytes()[:-1] + b"\x00\x01")
    monkeypatch.setattr(reader, "READER", copy)
    with pytest.raises(ModelError, match=r"not the file that was released.*Check out the file again"):
        Reader()


def test_what_the_reader_prefers_comes_first() -> None:
    question = asked("What happened on the ferry?")
    before = score_sentences(question, [passage()])
    after = read_sentences(question, before, Prefers("weather"))
    assert "weather" in after[0].text
    assert after[0].score > next(s for s in before if s.text == after[0].text).score
    assert after[0].features[READ] == 8.0
    assert {s.text for s in after} == {s.text for s in before}


def test_only_windows_round_the_best_sentences_are_read() -> None:
    long = tuple(
        f"Sentence {n} of the report tells of the ferry " + "and more " * 15 + "." for n in range(40)
    )
    question, reads = asked("What does the report tell of the ferry?"), Prefers("nothing")
    sentences = score_sentences(question, [passage(long), passage(SENTENCES, chunk=2)])
    after = read_sentences(question, sentences, reads)
    assert 0 < len(reads.windows) <= MOST_READ
    for window in reads.windows:
        assert sum(len(s.split()) for s in window.sentences) <= MOST_WORDS
        assert window.title == TITLE
    read = {s for window in reads.windows for s in window.sentences}
    assert {s.text for s in sentences[:MOST_READ]} <= read
    lowest = min(s.features[READ] for s in after if s.text in read)
    assert all(s.features[READ] < lowest for s in after if s.text not in read)


def test_a_question_longer_than_it_was_trained_on_is_not_read() -> None:
    question, reads = asked("What happened " + "and then " * 13 + "on the ferry?"), Prefers("weather")
    before = score_sentences(question, [passage()])
    assert read_sentences(question, before, reads) == before
    assert reads.windows == []


def test_a_reader_that_finds_nothing_makes_less_sure_and_none_says_nothing() -> None:
    question = asked("What happened on the ferry?")
    plain = score_sentences(question, [passage()])

    def sure(sentences: Sequence[Sentence]) -> float:
        return confidence(question, sentences, words_of(TEXT))

    found = sure(read_sentences(question, plain, Prefers("fire")))
    missed = sure(read_sentences(question, plain, Prefers("nothing")))
    assert missed < sure(plain) < found


def test_the_reader_is_used_and_can_be_switched_off(tmp_path: Path) -> None:
    article = tmp_path / "ferry.txt"
    article.write_text(TITLE + "\n\n" + TEXT, encoding="utf-8")
    data = tmp_path / "index"
    build([article], load_settings(data=data))
    sure = []
    for on in (True, False):
        with open_assistant(load_settings(data=data, reader=on)) as assistant:
            answer = assistant.answer("Where did the fire break out?")
            assert "engine room" in answer.text
            sure.append(answer.confidence)
    assert sure[0] != sure[1]
