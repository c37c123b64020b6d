"""What the weights of yes and no are fitted on, and that they tell what they were shown."""

from __future__ import annotations

from index.answer.verdict import says
from index.question import analyse
from index.reader import Reader
from index.support.entailment import Entailment
from training.fit_verdict import Row, Words, fit, signs_of

WHO = ("council", "mayor", "board", "court")
TEXT = "The council met on Monday. It approved the bridge. The ferry was not sold."


def test_signs_are_those_of_the_sentence_beside_its_article() -> None:
    entailment = Entailment(Reader())
    question = analyse("Did the council approve the bridge?", Words([TEXT]))
    signs = signs_of(question, "The council approved the bridge.", TEXT, "Harsund", entailment)
    assert signs is not None
    assert (signs["held"], signs["carried"], signs["same"], signs["against"]) == (1.0, 1.0, 1.0, 0.0)
    assert signs_of(question, "It rained in Kell all day.", TEXT, "Harsund", entailment) is None


def test_what_is_fitted_tells_yes_from_no() -> None:
    entailment = Entailment(Reader())
    asked = [
        (f"Did the {who} approve the {what}?", who, what)
        for who in WHO
        for what in ("bridge", "ferry", "pier")
    ]
    rows: list[Row] = []
    for text, who, what in asked:
        question = analyse(text, Words([TEXT]))
        for verdict, said in (
            ("yes", f"The {who} approved the {what}."),
            ("no", f"The {who} did not approve the {what}."),
            ("neither", f"The {who} may approve the {what}."),
        ):
            rows.append((who, verdict, signs_of(question, said, said, "Harsund", entailment)))
    fitted = fit(rows)
    told = [(verdict, says(signs, fitted)) for _, verdict, signs in rows if signs]
    assert len(told) == len(rows)
    assert all(said == (verdict if verdict != "neither" else None) for verdict, said in told)
