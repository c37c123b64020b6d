"""Who says what a sentence says: named where the sentence names somebody, and nobody else ever."""

from __future__ import annotations

import pytest

from index.attribution import speaker

ARTICLE = "Ulf Tarrent led the search. Republican Mira Koffer spoke. Angela H. Vance came. Radomir Tesk is president."


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("Nobody was inside, said the night manager, Tomasz Grell.", "Tomasz Grell"),
        ("“We wait,” the governor, Aurelia Voss-Hamel, said.", "Aurelia Voss-Hamel"),
        ("The board’s chairwoman, Dr. Imke Rossum, said that all schools would answer.", "Imke Rossum"),
        ("His lawyer, Edith Calloran, said that he knew of none.", "Edith Calloran"),
        ("“The water is cold,” said Lt. Ulf Tarrent, who leads the search.", "Ulf Tarrent"),
        ("“The misuse poses challenges,” said Angela H. Vance, deputy administrator.", "Angela H. Vance"),
        ("Koffer told the station she was certain.", "Mira Koffer"),
        ("“We will be ready,” Press Secretary Sarah Sander told reporters on Tuesday.", "Sarah Sander"),
        ("The end began on Tuesday, Rep. Hakeem Jeffer, a Democrat, told VOA.", "Hakeem Jeffer"),
        ("NEW CARRICK — North Velmora said Friday that it was willing to talk.", "North Velmora"),
        (
            "A spokesman for Mr. Tesk, in office since 2012, said nothing had changed.",
            "a spokesman for Mr. Tesk",
        ),
        ("The Justice Department said it had no comment.", "the Justice Department"),
        ("The attacks go on, according to a U.S. official.", "a U.S. official"),
        (
            "Though the mayor ruled for one, its effect is wide, said Blaine Booker, a director.",
            "Blaine Booker",
        ),
    ],
)
def test_the_speaker(sentence: str, who: str) -> None:
    assert speaker(sentence, ARTICLE) == who


@pytest.mark.parametrize(
    "sentence",
    [
        "The four countries accounted for 35 percent of asylum claims filed in March.",
        "On Thursday, the palace released a letter Tesk wrote to Vance saying: “I was looking forward to it.”",
        "The couple complained to the commission and later sued the baker.",
        "The suspects have not said who ordered the theft.",
        "She said the decision was not the final word.",
        "His lawyer said that he knew of none.",
        "“This is what it is.”",
    ],
)
def test_nobody_is_named(sentence: str) -> None:
    assert speaker(sentence, ARTICLE) is None
