"""Every metric by name, in the order in which they are shown. Pure.

`about` is what the report says of it, and docs/evaluation.md, whose table is generated from here.
"""

from __future__ import annotations

from . import measures
from .metrics import (
    Metric,
    aurc,
    declining,
    false_refusals,
    macro_f1,
    mean,
    of_confidence,
    percentile,
    ratio,
    verdict_given,
    verdict_right_if_given,
)
from .retrieval import CUT

_OVERALL = "Overall"
_QUOTES = "Quotes and citations"
_SILENCE = "Declining and confidence"
_VERDICTS = "Verdicts"
_WORDING = "Wording of the answer"
_RETRIEVAL = "Retrieval"
_JUDGED = "Judged by a model"
_COST = "Cost and errors"

_ALL = (
    Metric("right", "Right outcomes", _OVERALL,
           "Questions answered rightly, or declined where the articles do not say.", mean("right")),
    Metric("crag", "CRAG score", _OVERALL,
           "Mean of +1 for a right outcome, 0 for declining what has an answer, −1 for a wrong answer.",
           mean("crag"), is_share=False),
    Metric("answer_in_first_quote", "Answer in the first quote", _QUOTES,
           "Of the answerable questions, those whose first quote holds the answer; declined ones count as 0.",
           mean("answer_in_first_quote")),
    Metric("answer_in_three_quotes", "Answer in the first three quotes", _QUOTES,
           "The same for one of the first three quotes.", mean("answer_in_three_quotes")),
    Metric("answer_in_first_quote_if_answered", "… first quote, if answered", _QUOTES,
           "The same, of the questions that were answered only.",
           mean("answer_in_first_quote_if_answered")),
    Metric("answer_in_three_quotes_if_answered", "… first three, if answered", _QUOTES,
           "The same, of the questions that were answered only.",
           mean("answer_in_three_quotes_if_answered")),
    Metric("citation_precision", "Citation precision", _QUOTES,
           "Share of an answer’s quotes that show a gold passage or a `must_cite` string; mean over answers.",
           mean("citation_precision")),
    Metric("citation_recall", "Citation recall", _QUOTES,
           "Share of the gold passages that are quoted (of `must_cite`, one string is enough).",
           mean("citation_recall")),
    Metric("citation_article_precision", "Citations from gold articles", _QUOTES,
           "Share of an answer’s quotes that come from a gold article; mean over answers.",
           mean("citation_article_precision")),
    Metric("verbatim", "Quotes that are verbatim", _QUOTES,
           "Share of all quotes that stand in their article exactly where they say. Must be 100%.",
           ratio("quotes_verbatim", "quotes")),
    Metric("claims_cited", "Claims with sound citations", _QUOTES,
           "Share of all claims that cite something, and only what is there. Must be 100%.",
           ratio("claims_cited", "claims")),
    Metric("claims_verified", "Claims verified", _QUOTES,
           "Share of all claims that Dateline’s own check found carried by their quotes.",
           ratio("claims_verified", "claims")),
    Metric("decline_recall", "Unanswerable questions declined", _SILENCE,
           "Of the questions that the articles do not answer, those declined.", declining(1)),
    Metric("false_refusals", "Answerable questions declined", _SILENCE,
           "Of the questions that the articles answer, those declined: the price of the line above.",
           false_refusals, -1),
    Metric("decline_precision", "Rightly declined", _SILENCE,
           "Of the questions that were declined, those without an answer.", declining(0)),
    Metric("decline_f1", "F1 of declining", _SILENCE,
           "Harmonic mean of these two, precision and recall.", declining(2)),
    Metric("auroc", "AUROC of the confidence", _SILENCE,
           "How often an answerable question gets more confidence than an unanswerable one; 0.5 is chance.",
           of_confidence(measures.auroc), is_share=False),
    Metric("decline_recall_at_10", "Could be declined at 10% false refusals", _SILENCE,
           "Unanswerable questions declined by the threshold that refuses 10% of the answerable ones.",
           of_confidence(measures.recall_at_false_refusals)),
    Metric("aurc", "Area under risk-coverage", _SILENCE,
           "Share of wrong answers, averaged over giving only the surest, the next … all; lower is better.",
           aurc, -1, is_share=False),
    Metric("ece", "Expected calibration error", _SILENCE,
           "Distance of the confidence to the share that is answerable, over ten bins; lower is better.",
           of_confidence(measures.expected_calibration_error), -1, is_share=False),
    Metric("brier", "Brier score", _SILENCE,
           "Mean squared error of the confidence; 0.25 is what “always 0.5” gets; lower is better.",
           of_confidence(measures.brier), -1, is_share=False),
    Metric("verdict_right", "Verdicts right", _VERDICTS,
           "Of the yes/no questions, those with the right verdict; giving none counts as wrong.",
           mean("verdict_right")),
    Metric("verdict_given", "Verdicts given", _VERDICTS,
           "Of the yes/no questions, those with any verdict.", verdict_given, 0),
    Metric("verdict_right_if_given", "Verdicts right, of those given", _VERDICTS,
           "Of the verdicts given, those that are right.", verdict_right_if_given),
    Metric("verdict_macro_f1", "Macro-F1 of verdicts", _VERDICTS,
           "Mean F1 of yes, no and disputed, each counting the same however rare.", macro_f1),
    Metric("exact_match", "Exact match", _WORDING,
           "The answer’s text is a gold answer (SQuAD). Near 0 for an engine that answers in quotes.",
           mean("exact_match")),
    Metric("token_f1", "Token F1", _WORDING,
           "F1 of the words shared by the answer’s text and a gold answer (SQuAD).", mean("token_f1")),
    Metric("contains_answer", "Text contains the answer", _WORDING,
           "A gold answer stands in the answer’s text, word by word.", mean("contains_answer")),
    Metric("hit@1", "Hit@1", _RETRIEVAL, "The first article found is a gold article.", mean("hit@1")),
    Metric("hit@5", "Hit@5", _RETRIEVAL, "One of the first 5 is.", mean("hit@5")),
    Metric(f"hit@{CUT}", f"Hit@{CUT}", _RETRIEVAL, f"One of the first {CUT} is.", mean(f"hit@{CUT}")),
    Metric(f"mrr@{CUT}", f"MRR@{CUT}", _RETRIEVAL,
           "Mean of 1 / rank of the first gold article.", mean(f"mrr@{CUT}"), is_share=False),
    Metric(f"ndcg@{CUT}", f"nDCG@{CUT}", _RETRIEVAL,
           "Discounted gain of the gold articles, against the best order.", mean(f"ndcg@{CUT}"),
           is_share=False),
    Metric(f"recall@{CUT}", f"Recall@{CUT}", _RETRIEVAL,
           f"Share of the gold articles among the first {CUT}.", mean(f"recall@{CUT}")),
    Metric(f"all_evidence@{CUT}", f"All evidence@{CUT}", _RETRIEVAL,
           f"All gold articles are among the first {CUT}.", mean(f"all_evidence@{CUT}")),
    Metric("judged_correct", "Judged correct", _JUDGED,
           "A model finds the answer in agreement with the gold.", mean("judged_correct")),
    Metric("judged_faithful", "Judged faithful", _JUDGED,
           "A model finds everything in the answer carried by its quotes.", mean("judged_faithful")),
    Metric("errors", "Errors", _COST,
           "Questions that ended in an error; in no other number of this table.", mean("error"), -1),
    Metric("incomplete", "Incomplete answers", _COST,
           "Answers that were cut off; in no other number of this table.", mean("incomplete"), -1),
    Metric("answer_words", "Words in an answer", _COST,
           "Mean over the answers given.", mean("answer_words"), 0, is_share=False),
    Metric("latency_p50", "Latency p50, ms", _COST,
           "Half of the answers took no longer, with as many at once as the run asked.",
           percentile(0.5), -1, is_share=False, is_score=False),
    Metric("latency_p95", "Latency p95, ms", _COST,
           "19 of 20 answers took no longer.", percentile(0.95), -1, is_share=False, is_score=False),
)  # fmt: skip

METRICS: dict[str, Metric] = {metric.name: metric for metric in _ALL}

HEADLINES = (
    "right",
    "answer_in_first_quote",
    "answer_in_three_quotes",
    "decline_recall",
    "false_refusals",
    "verdict_right_if_given",
    "hit@1",
    "verbatim",
)
"""What is shown first, and by group."""
