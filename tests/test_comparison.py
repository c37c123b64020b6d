"""Verdicts on questions that hold several reports against each other: right, or none."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from index import Assistant, open_assistant
from index.build import build
from index.settings import load_settings

ARTICLES = [
    {"id": "times-bridge", "source": "Harbour Times", "published": "2024-05-01", "title": "Bridge over the Tarn",
     "text": "The council of Aldmoor closed the bridge over the Tarn because its cables had rusted. "
             "Engineers had warned of the rust for years."},
    {"id": "dawn-bridge", "source": "The Dawn", "published": "2024-05-08", "title": "Aldmoor bridge",
     "text": "Aldmoor will repair the bridge over the Tarn with money from the regional fund. "
             "The work begins in June."},
    {"id": "gazette-bridge", "source": "Valley Gazette", "published": "2024-05-20", "title": "Aldmoor bridge open",
     "text": "The council of Aldmoor opened the bridge over the Tarn, though its cables had rusted. "
             "Drivers cheered."},
    {"id": "dawn-ferry", "source": "The Dawn", "published": "2024-06-02", "title": "Ferry fares",
     "text": "Ferry fares between Aldmoor and Stennis doubled in the spring, the operator Norlink said. "
             "Passengers wrote to the ministry."},
    {"id": "times-mill", "source": "Harbour Times", "published": "2024-06-11", "title": "Paper mill of Stennis",
     "text": "The paper mill of Stennis was identified by the ministry as the source of the foam in the river. "
             "Its owner has thirty days to answer."},
    {"id": "post-hotel", "source": "Coast Post", "published": "2024-04-02", "title": "Grand Hotel of Fellness",
     "text": "The Grand Hotel of Fellness lost its licence after a fire in the kitchen. Guests left by bus."},
    {"id": "post-hotel-again", "source": "Coast Post", "published": "2024-07-09", "title": "Fellness after the fire",
     "text": "The Grand Hotel of Fellness, which lost its licence after a fire in the kitchen, was sold."},
    {"id": "gazette-school", "source": "Valley Gazette", "published": "2024-06-11", "title": "School of Carrick",
     "text": "The school of Carrick planted forty apple trees in its garden. Parents brought spades."},
]  # fmt: skip


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("outlets")
    path = folder / "news.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in ARTICLES), encoding="utf-8")
    settings = load_settings(data=folder / "data")
    build([path], settings)
    with open_assistant(settings) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "verdict", "cited"),
    [
        # Each report says its part.
        ("Does the Harbour Times article say that the council closed the bridge over the Tarn because of rusted "
         "cables, while The Dawn reports that ferry fares between Aldmoor and Stennis doubled?",
         "yes", {"times-bridge", "dawn-ferry"}),
        # One of them says the opposite of its part.
        ("Does the Harbour Times article fail to identify the paper mill of Stennis as the source of the foam in the "
         "river, while The Dawn reports that ferry fares between Aldmoor and Stennis doubled?",
         "no", {"times-mill", "dawn-ferry"}),
        # By their dates.
        ("Did the Harbour Times report on the closed bridge over the Tarn and its rusted cables before The Dawn "
         "reported on the doubled ferry fares?", "yes", {"times-bridge", "dawn-ferry"}),
        ("Did The Dawn report on the doubled ferry fares before the Harbour Times reported on the closed bridge over "
         "the Tarn and its rusted cables?", "no", {"times-bridge", "dawn-ferry"}),
        # About one matter, and not against each other.
        ("After the Harbour Times report on the bridge over the Tarn published on May 1, 2024, and The Dawn report on "
         "the bridge over the Tarn published on May 8, 2024, was the coverage of Aldmoor consistent?",
         "yes", {"times-bridge", "dawn-bridge"}),
        ("Between the Harbour Times report on the bridge over the Tarn published on May 1, 2024, and The Dawn report "
         "on the bridge over the Tarn published on May 8, 2024, was there inconsistency about Aldmoor?",
         "no", {"times-bridge", "dawn-bridge"}),
        ("Between the Harbour Times report on the bridge over the Tarn published on May 1, 2024, and The Dawn report "
         "on the bridge over the Tarn published on May 8, 2024, was there a change in the news about Aldmoor?",
         "yes", {"times-bridge", "dawn-bridge"}),
        # Of different things.
        ("Does the Harbour Times article discuss the closed bridge over the Tarn, while The Dawn article on doubled "
         "ferry fares has a different concern?", "yes", {"times-bridge", "dawn-ferry"}),
    ],
)  # fmt: skip
def test_a_verdict_with_a_quote_from_each_report(
    assistant: Assistant, question: str, verdict: str, cited: set[str]
) -> None:
    answer = assistant.answer(question)
    assert answer.verdict == verdict
    assert {citation.article_id for citation in answer.citations} == cited


@pytest.mark.parametrize(
    "question",
    [
        # One closed it, the other opened it: that is for the reader to judge.
        "After the Harbour Times report on the bridge over the Tarn published on May 1, 2024, and the Valley Gazette "
        "report on the bridge over the Tarn published on May 20, 2024, was the coverage of Aldmoor consistent?",
        # There is no such report.
        "After the Harbour Times report on the bridge over the Tarn published on May 1, 2024, and The Dawn report on "
        "the bridge over the Tarn published on May 9, 2024, was the coverage of Aldmoor consistent?",
        # Not what it says.
        "Does the Harbour Times article say that the mayor of Carrick closed the bridge over the Tarn because of "
        "rusted cables, while The Dawn reports that ferry fares between Aldmoor and Stennis doubled?",
        "Does the Harbour Times article describe the paper mill of Stennis as a victim of the foam in the river, "
        "while The Dawn reports that ferry fares between Aldmoor and Stennis doubled?",
        # A choice is answered by neither yes nor no.
        "Between the Harbour Times report on the bridge over the Tarn published on May 1, 2024, and The Dawn report "
        "on the bridge over the Tarn published on May 8, 2024, was the news about Aldmoor consistent or inconsistent?",
        "Does the Harbour Times article say that the council closed the bridge over the Tarn because of rusted cables, "
        "or does The Dawn report that ferry fares between Aldmoor and Stennis doubled?",
        # One of the two that may be meant came before, the other after.
        "Did the Coast Post report on the licence of the Grand Hotel of Fellness before the Harbour Times reported on "
        "the closed bridge over the Tarn and its rusted cables?",
        # Both on one day.
        "Did the Harbour Times report on the paper mill of Stennis as the source of the foam before the Valley Gazette "
        "reported on the apple trees of the school of Carrick?",
        # Of one thing, in much the same words: whether they differ is for the reader to judge.
        "Does the Harbour Times article discuss the closed bridge over the Tarn, while the Valley Gazette article on "
        "the opened bridge over the Tarn has a different concern?",
        # Not a yes or no question.
        "Which bridge was closed as reported by the Harbour Times on May 1, 2024, while The Dawn reports that ferry "
        "fares between Aldmoor and Stennis doubled?",
    ],
)
def test_no_verdict_where_it_is_not_sure(assistant: Assistant, question: str) -> None:
    assert assistant.answer(question).verdict is None
