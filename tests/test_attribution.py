"""Who says what a sentence says: named where the sentence names somebody, and nobody else ever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index import open_assistant
from index.attribution import speaker
from index.build import build
from index.cli_output import answer_text
from index.settings import Settings
from index.speaking import speaker_at
from index.spoken import said_on
from web.conversation import Exchange
from web.render import exchange_html

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
        # What stands before who speaks, and between him and the verb.
        ("In Tolvik, the skipper of the Anna, Wim Tolland, said he would have come.", "Wim Tolland"),
        ("Asked about the alarm, Mr. Ilding replied that he knew nothing.", "Ilding"),
        ("Speaking in Ardessa, Koffer warned that states pose a threat.", "Mira Koffer"),
        ("WICK, Feb. 6 (MWS) — Norrick Foods said on Tuesday that it had made an offer.", "Norrick Foods"),
        (
            "The mediator, Samira al-Khatim, a former minister of Zahrat, said that both agreed.",
            "Samira al-Khatim",
        ),
        ("“This is new,” Speaker Paul Rann said after the vote, noting that it was.", "Paul Rann"),
        ("The fire went out, but nobody was told, the fire service said.", "the fire service"),
        (
            "Work inside is slow, said the dive leader, Anneke van der Wesk: the deck has sunk.",
            "Anneke van der Wesk",
        ),
        ("It may be long, according to officials in Wick and Tolvik.", "officials in Wick and Tolvik"),
        ("It could be hit especially hard, advocates say.", "advocates"),
        # In a clause about him, or after another verb.
        ("The move helps the White House, which said Thursday that it was glad.", "the White House"),
        (
            "It answered Heshmat Falah, the representative of Gharb and member of a committee, who said that "
            "the constitution’s Article 146 “prohibits foreign bases”.",
            "Heshmat Falah",
        ),
        ("Senator Tammy Bald, however, objects to the bill, saying it “fails.”", "Tammy Bald"),
        ("In a statement, Tarrent called the ruling “a victory.”", "Ulf Tarrent"),
        ("The Shepherds’ Union opposed it and said that lambs would die.", "the Shepherds’ Union"),
        ("Senator Elizabeth Waren of Velmora, a lawyer, said that it held.", "Elizabeth Waren"),
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
        "Norland hits back at Sudland claims over its raids.",
        "In the hall, a volunteer read out each name the police confirmed.",
        "The company put the damage at 9 million crowns and said that it was insured.",
        "Otto Wied, who wrote music for horns and bells, has died.",
        "The board did not say whether it had been off.",
        "“Then the doctor said, ‘Go home,’ and Vance said nothing.”",
        "“This is what it is.”",
    ],
)
def test_nobody_is_named(sentence: str) -> None:
    assert speaker(sentence, ARTICLE) is None


def test_who_is_beside_a_speaker_is_not_the_speaker() -> None:
    assert speaker("The wife of President Tesk said that he slept.", ARTICLE) == "the wife of President Tesk"
    assert speaker("The man arrested by officer John Smit said that he was ill.", ARTICLE) != "John Smit"


@pytest.mark.parametrize(
    ("before", "sentence", "who"),
    [
        ("“We wait,” Ulf Tarrent said.", "“The water is cold.”", "Ulf Tarrent"),
        ("The ministry said that three took off.", "“The aircraft gave cover”.", "the ministry"),
        ("Ulf Tarrent said that it was late.", "He said the alarm had failed.", "Ulf Tarrent"),
        ("Ulf Tarrent said that it was late. “It is bad,” he added.", "“I am sorry.”", "Ulf Tarrent"),
        (
            "Ms. Koffer, a former mayor, won. She is to be sworn in on Monday.",
            "She said she was glad.",
            "Mira Koffer",
        ),
        (
            "The former prosecutors objected. “It is wrong,” the prosecutors wrote.",
            "“It is dear,” they wrote.",
            "the prosecutors",
        ),
        ("The commission said turnout was low.", "It said heat was the cause.", "the commission"),
        ("", "Mr. Tesk conceded at two. “The people answered,” he said.", "Radomir Tesk"),
        # An office of several, a house, or somebody else: nobody is named.
        ("The town said that it would pay.", "“It is dear,” he said.", None),
        ("Mr. Tesk’s wife, Margit, brought soup.", "“He has fished here,” she said.", None),
        ("Ulf Tarrent said that it was late. Turnout was 63 percent.", "He said it was the lowest.", None),
        ("Ulf Tarrent said that it was late.", "The cause is not known.", None),
        ("Ulf Tarrent said that it was late.", "His lawyer said that he was ill.", None),
        ("", "He said that it was over.", None),
    ],
)
def test_whom_the_sentences_before_name(before: str, sentence: str, who: str | None) -> None:
    text = f"{ARTICLE}\n\nIt rained.\n\n{before} {sentence}"
    assert speaker_at(text, len(text) - len(sentence), len(text)) == who


# The article is of Wednesday, 17 August 2016.
@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("Lavrov said on Tuesday that the flights will continue.", "2016-08-16"),
        ("“The flights will continue on Friday,” Lavrov told reporters in Moscow on Tuesday.", "2016-08-16"),
        ("“Nothing was violated,” said Sergei Lavrov on Wednesday.", "2016-08-17"),
        ("On Monday, the ministry said that three bombers had taken off.", "2016-08-15"),
        ("Lavrov on Tuesday said that nothing was violated.", "2016-08-16"),
        ("The minister denied yesterday that there had been talks.", "2016-08-16"),
        ("He said in a statement on 12 August that he would go.", "2016-08-12"),
        ("He said in an interview with the paper on Aug. 3, 2015, that he would go.", "2015-08-03"),
        # Of what is said, not of the saying:
        ("Lavrov said the flights on Tuesday were within the law.", None),
        ("Lavrov said that on Tuesday the flights were within the law.", None),
        ("Lavrov said flights that began on Tuesday would end.", None),
        ("“They said on Tuesday that it rained,” Lavrov said.", None),
        ("The man arrested on Tuesday said that he was ill.", None),
        ("Lavrov said Tuesday's flights were within the law.", None),
        ("The medical officer, said a warning on 12 August would have spared many.", None),
        ("Abe said in Tokyo following a Monday telephone call that they would meet.", None),
        ("The prime minister declared Friday a day of mourning.", None),
        # Not before the article; two days.
        ("He said on 20 August that he would go.", None),
        ("He said on Monday, and the ministry said on Tuesday, that he would go.", None),
        ("Lavrov said that the flights will continue.", None),
    ],
)
def test_on_which_day_a_speaker_spoke(sentence: str, day: str | None) -> None:
    assert said_on(sentence, "2016-08-17") == day


def test_without_the_articles_date_only_a_whole_date_tells_the_day() -> None:
    assert said_on("Lavrov said on Tuesday that it rained.", None) is None
    assert said_on("Lavrov said on 16 August 2016 that it rained.", None) == "2016-08-16"
    assert said_on("Lavrov said on 31 February 2016 that it rained.", None) is None


def test_the_day_stands_beside_the_speaker(articles: Path, settings: Settings) -> None:
    told = "The port of Wick will not be closed, Ulf Tarrent said on Tuesday."
    record = {"id": "wick", "text": told, "title": "Port", "published": "2016-08-17"}
    (articles / "a.jsonl").write_text(json.dumps(record), encoding="utf-8")
    build([articles], settings)
    with open_assistant(settings) as assistant:
        answer = assistant.answer("Will the port of Wick be closed?")
    (citation,) = answer.citations
    assert (citation.speaker, citation.said_on) == ("Ulf Tarrent", "2016-08-16")
    assert "said by Ulf Tarrent on 16 August 2016" in answer_text(answer)
    assert "Ulf Tarrent&#44; 16 August 2016&#58; <q>" in exchange_html(Exchange("Will it?", answer=answer))
