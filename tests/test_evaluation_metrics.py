"""Metrics against examples worked by hand, against other libraries, and on what breaks averages."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from evaluation import measures
from evaluation.bootstrap import differences, estimates
from evaluation.gold import GoldPassage, GoldQuestion
from evaluation.marks import MARKS, mark_all
from evaluation.metric_list import METRICS
from evaluation.metrics import columns
from evaluation.outcome import Outcome, QuoteCheck
from evaluation.retrieval import ranking_marks
from evaluation.summary import summarise
from evaluation.wording import contains, exact_match, overlaps, squad_normalise, token_f1


def numbers(*values: float) -> Any:
    return np.array(values, dtype=float)


def gold(name: str = "q", **fields: Any) -> GoldQuestion:
    fields = {"kind": "span", "answerable": True, **fields}
    return GoldQuestion(id=name, question=f"{name}?", group=fields["kind"], **fields)


def outcome(
    name: str = "q",
    quotes: tuple[str, ...] = (),
    *,
    verdict: str | None = None,
    confidence: float = 0.9,
    articles: tuple[str, ...] = (),
    verbatim: bool = True,
) -> Outcome:
    """An answer in these quotes; without any, a refusal."""
    sources = articles or ("a",) * len(quotes)
    citations = [
        {"n": n, "article_id": key, "quote": quote, "start": 0, "end": len(quote)}
        for n, (key, quote) in enumerate(zip(sources, quotes, strict=True), 1)
    ]
    answer = {
        "status": "answered" if quotes else "not_in_corpus",
        "verdict": verdict,
        "confidence": confidence,
        "text": " ".join(f"{quote} [{n}]" for n, quote in enumerate(quotes, 1)) or "The articles do not say.",
        "claims": [{"text": q, "citations": [n], "support": "verified"} for n, q in enumerate(quotes, 1)],
        "citations": citations,
    }
    checks = tuple(QuoteCheck(verbatim) for _ in quotes)
    return Outcome(id=name, fingerprint="", answer=answer, ranking=("a", "b"), quotes=checks, milliseconds=5)


class TestWording:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("The  Eiffel-Tower!", "eiffeltower"),
            ("an U.S. army", "us army"),
            ("“Quoted” – it’s", "quoted its"),
        ],
    )
    def test_normalises_as_squad_does(self, text: str, expected: str) -> None:
        assert squad_normalise(text) == expected

    def test_exact_match_and_f1_by_hand(self) -> None:
        assert exact_match("The Beyoncé!", ["Jay-Z", "beyoncé"]) == 1
        # Shared: "cat sat" (2); said 3 words, gold 2: 2 * 2 / 5.
        assert token_f1("the black cat sat", ["cat sat"]) == pytest.approx(0.8)
        # A word that is said twice and wanted once counts once: 2 * 1 / 3.
        assert token_f1("yes yes", ["yes"]) == pytest.approx(2 / 3)
        assert token_f1("", ["a"]) == 1.0  # "a" is an article: both sides have no words
        assert token_f1("", ["word"]) == 0.0
        assert token_f1("word", []) == 0.0

    @pytest.mark.parametrize(
        ("text", "part", "expected"),
        [
            ("It did not breach it.", "no", False),
            ("No, it did not.", "no", True),
            ("It cost 1,000 crowns", "1", False),
            ("It cost 1,000 crowns", "1000", True),
            ("a rate of 3.5 percent", "5", False),
            ("a 63-day uprising", "63", True),
            ("他在北京工作", "北京", True),
            ("Die Straße ist gesperrt", "STRASSE", True),
            ("cafe\u0301 in Zürich", "café", True),
            ("seven\u00a0civilians have", "seven civilians", True),
            ("rose by 5%", "%", True),
            ("anything", "", False),
            ("anything", " ", False),
        ],
    )
    def test_contains_whole_words_of_any_script(self, text: str, part: str, expected: bool) -> None:
        assert contains(text, part) is expected

    def test_a_scrap_of_a_passage_is_no_evidence(self) -> None:
        passage = "The minister said that the bridge will open in May."
        assert overlaps("the bridge will open in May", passage)
        assert overlaps(f"On Monday. {passage} It rained.", passage)
        assert not overlaps("The minister said", passage)


class TestRetrieval:
    def test_by_hand(self) -> None:
        [mark] = ranking_marks([["x", "a", "x", "b"]], [["a", "b", "c"]])
        assert mark["hit@1"] == 0
        assert mark["hit@5"] == 1
        assert mark["mrr@10"] == 0.5
        assert mark["recall@10"] == pytest.approx(2 / 3, abs=1e-6)
        assert mark["all_evidence@10"] == 0
        ideal = 1 + 1 / math.log2(3) + 1 / math.log2(4)
        # "x" twice is one article: a at rank 2, b at rank 3.
        assert mark["ndcg@10"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(4)) / ideal, abs=1e-6)

    def test_nothing_found_is_0_and_deep_finds_do_not_count(self) -> None:
        deep = [str(n) for n in range(10)] + ["gold"]
        empty, late, all_there = ranking_marks([[], deep, ["b", "a"]], [["a"], ["gold"], ["a", "b"]])
        assert set(empty.values()) == {0}
        assert set(late.values()) == {0}
        assert set(all_there.values()) == {1}


class TestDeclining:
    def test_auroc_is_the_mann_whitney_statistic(self) -> None:
        confidence = numbers(0.9, 0.8, 0.8, 0.3, 0.8, 0.2, 0.1)
        answerable = numbers(1, 1, 1, 1, 0, 0, 0)
        u = mannwhitneyu(confidence[answerable == 1], confidence[answerable == 0]).statistic
        assert measures.auroc(confidence, answerable) == pytest.approx(u / 12)
        # By hand: of 12 pairs, 0.9 wins 3, each 0.8 wins 2 and ties 1, 0.3 wins 2.
        assert measures.auroc(confidence, answerable) == pytest.approx((3 + 2.5 + 2.5 + 2) / 12)

    def test_recall_at_ten_percent_false_refusals(self) -> None:
        good = [0.05, *[0.5] * 9]
        bad = [0.4, 0.5, 0.01, 0.6]
        table = numbers(*good, *bad), numbers(*[1] * 10, *[0] * 4)
        # One of ten may be refused (0.05), so the threshold is 0.5: 0.4 and 0.01 lie below it.
        assert measures.recall_at_false_refusals(*table) == 0.5
        assert measures.recall_at_false_refusals(*table, allowed=0.0) == 0.25

    def test_precision_recall_and_f1_by_hand(self) -> None:
        answered, answerable = numbers(0, 0, 0, 1, 1), numbers(0, 0, 1, 0, 1)
        assert measures.declining(answered, answerable) == pytest.approx((2 / 3, 2 / 3, 2 / 3))

    def test_never_declining_scores_0_not_nothing(self) -> None:
        precision, recall, f1 = measures.declining(numbers(1, 1), numbers(0, 1))
        assert math.isnan(precision)
        assert (recall, f1) == (0, 0)

    def test_risk_and_coverage_by_hand(self) -> None:
        coverage, risk = measures.risk_coverage(numbers(0.9, 0.5, 0.7, 0.5), numbers(0, 1, 1, 0))
        # 0.9 right; 0.7 wrong; the two of 0.5 come together.
        assert coverage.tolist() == [0.25, 0.5, 1]
        assert risk.tolist() == [0, 0.5, 0.5]
        assert measures.aurc(numbers(0.9, 0.5, 0.7, 0.5), numbers(0, 1, 1, 0)) == pytest.approx(0.375)

    def test_calibration_by_hand(self) -> None:
        confidence, answerable = numbers(0.95, 0.95, 0.05, 1.0), numbers(1, 0, 0, 1)
        # Top bin (three, 1.0 among them): 2.9 expected, 2 seen; bottom: 0.05 expected, 0 seen.
        assert measures.expected_calibration_error(confidence, answerable) == pytest.approx((0.9 + 0.05) / 4)
        assert measures.brier(confidence, answerable) == pytest.approx((0.0025 + 0.9025 + 0.0025) / 4)

    def test_macro_f1_counts_a_missing_verdict_against_recall_only(self) -> None:
        none, yes, no = 0, 1, 2
        matrix = measures.confusion(numbers(yes, none, no, yes), numbers(yes, yes, no, no), 4)
        # yes: 1 hit, 2 wanted, 2 given: 1/2; no: 1 hit, 2 wanted, 1 given: 2/3; disputed never occurs.
        assert measures.macro_f1(matrix) == pytest.approx((1 / 2 + 2 / 3) / 2)

    @pytest.mark.parametrize("kind", [[], [1, 1], [0, 0]])
    def test_one_sided_sets_are_undefined_and_raise_nothing(self, kind: list[int]) -> None:
        confidence, answerable = numbers(*[0.5] * len(kind)), numbers(*kind)
        assert math.isnan(measures.auroc(confidence, answerable))
        assert math.isnan(measures.recall_at_false_refusals(confidence, answerable))


class TestMarks:
    def test_must_cite_outranks_a_stray_answer_string(self) -> None:
        question = gold(answers=("nine",), must_cite=("seven killed and nine wounded",))
        stray, true = mark_all(
            [question] * 2,
            [outcome(quotes=("Nine lives.",)), outcome(quotes=("Seven killed and nine wounded.",))],
        )
        assert (stray["answer_in_first_quote"], true["answer_in_first_quote"]) == (0, 1)

    def test_first_quote_and_first_three(self) -> None:
        quotes = ("One.", "Two.", "It was blue.", "It was red.")
        third, fourth = mark_all(
            [gold(answers=("blue",)), gold(answers=("red",))],
            [outcome(quotes=quotes), outcome(quotes=quotes)],
        )
        assert (third["answer_in_first_quote"], third["answer_in_three_quotes"], third["right"]) == (0, 1, 1)
        assert (fourth["answer_in_three_quotes"], fourth["right"], fourth["crag"]) == (0, 0, -1)

    def test_a_wrong_verdict_is_wrong_whatever_is_quoted(self) -> None:
        question = gold(kind="yesno", verdict="yes", must_cite=("It did",))
        wrong, none = mark_all(
            [question] * 2, [outcome(quotes=("It did so.",), verdict="no"), outcome(quotes=("It did so.",))]
        )
        assert (wrong["right"], none["right"]) == (0, 1)

    def test_declining_counts_0_where_there_is_an_answer_and_1_where_there_is_none(self) -> None:
        answerable, unanswerable = mark_all(
            [gold(answers=("x",)), gold(kind="unanswerable", answerable=False)], [outcome(), outcome()]
        )
        assert (answerable["right"], answerable["crag"], answerable["answer_in_first_quote"]) == (0, 0, 0)
        assert answerable["answer_in_first_quote_if_answered"] is None
        assert (unanswerable["right"], unanswerable["crag"]) == (1, 1)

    def test_citations_against_passages(self) -> None:
        question = gold(
            gold_passages=(GoldPassage("a", "The dam broke at noon."), GoldPassage("b", "Two died."))
        )
        [mark] = mark_all(
            [question], [outcome(quotes=("So: The dam broke at noon.", "It rained all day long."))]
        )
        assert (mark["citation_precision"], mark["citation_recall"]) == (0.5, 0.5)

    def test_without_gold_citations_there_is_no_mark(self) -> None:
        [mark] = mark_all([gold(verdict="yes", kind="yesno")], [outcome(quotes=("It did.",), verdict="yes")])
        for name in ("citation_precision", "citation_article_precision", "answer_in_first_quote", "hit@1"):
            assert mark[name] is None
        assert mark["right"] == 1

    def test_errors_are_neither_right_nor_wrong(self) -> None:
        failed = Outcome(id="q", fingerprint="", error="Boom.")
        [mark] = mark_all([gold(answers=("x",))], [failed])
        assert set(mark) == set(MARKS)
        assert (mark["error"], mark["right"], mark["answer_in_first_quote"], mark["hit@1"]) == (
            1,
            None,
            None,
            None,
        )

    def test_an_altered_quote_and_a_missing_citation_show(self) -> None:
        bad = outcome(quotes=("One.", "Two."), verbatim=False)
        assert bad.answer is not None
        bad.answer["claims"][0]["citations"] = [7]
        bad.answer["claims"][1]["citations"] = []
        [mark] = mark_all([gold(answers=("x",))], [bad])
        assert (mark["quotes"], mark["quotes_verbatim"], mark["claims_cited"]) == (2, 0, 0)


class TestSummaries:
    @pytest.mark.parametrize(
        ("questions", "outcomes"),
        [
            ([gold(kind="unanswerable", answerable=False)] * 3, [outcome()] * 3),  # nothing answerable
            ([gold(answers=("x",))] * 3, [outcome()] * 3),  # all declined
            ([gold(answers=("x",))] * 2, [Outcome("q", "", error="Boom.")] * 2),  # all failed
            ([gold()], [outcome(quotes=("One.",))]),  # no gold at all, and one question only
        ],
    )
    def test_lopsided_runs_have_a_summary(self, questions: Any, outcomes: Any) -> None:
        summary = summarise(questions, mark_all(questions, outcomes), resamples=50)
        for name, estimate in summary["metrics"].items():
            assert estimate["value"] is None or math.isfinite(estimate["value"]), name
        assert set(summary["metrics"]) == set(METRICS)

    def test_intervals_hold_the_value_and_come_out_the_same_twice(self) -> None:
        questions = [gold(f"q{n}", answers=("x",)) for n in range(40)]
        outcomes = [outcome(f"q{n}", ("x." if n % 4 else "y.",)) for n in range(40)]
        table = columns(mark_all(questions, outcomes))
        chosen = {"right": METRICS["right"]}
        first = estimates(table, chosen, resamples=400)["right"]
        assert first == estimates(table, chosen, resamples=400)["right"]
        assert first.value == 0.75
        assert first.low is not None
        assert first.high is not None
        # The normal approximation: 0.75 ± 1.96 * sqrt(0.75 * 0.25 / 40).
        assert first.low == pytest.approx(0.616, abs=0.05)
        assert first.high == pytest.approx(0.884, abs=0.05)

    def test_the_interval_of_a_difference_is_paired(self) -> None:
        questions = [gold(f"q{n}", answers=("x",)) for n in range(60)]
        a = [outcome(q.id, ("y." if n % 2 else "x.",)) for n, q in enumerate(questions)]
        b = [outcome("q0", ("y.",)), *a[1:]]
        tables = (columns(mark_all(questions, run)) for run in (a, b))
        found = differences(*tables, {"right": METRICS["right"]}, resamples=400, swaps=50)["right"]
        # One question of sixty differs. Unpaired, the interval would reach ±0.18.
        assert found.low is not None
        assert found.high is not None
        assert -0.1 < found.low <= found.high == 0

    def test_a_difference_of_chance_and_a_real_one(self) -> None:
        questions = [gold(f"q{n}", answers=("x",)) for n in range(60)]

        def table(wrong: set[int]) -> Any:
            outcomes = [outcome(q.id, ("y." if n in wrong else "x.",)) for n, q in enumerate(questions)]
            return columns(mark_all(questions, outcomes))

        chosen = {"right": METRICS["right"]}
        real = differences(table(set()), table(set(range(20))), chosen, resamples=400)["right"]
        chance = differences(table({1, 2, 3}), table({4, 5, 6, 7}), chosen, resamples=400)["right"]
        assert real.difference == pytest.approx(-1 / 3, abs=1e-5)
        assert real.p is not None
        assert real.p < 0.01
        assert real.high is not None
        assert real.high < 0
        assert chance.p is not None
        assert chance.p > 0.3
