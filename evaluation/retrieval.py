"""How well the right articles were found: ranking metrics, from ir-measures. Pure.

Ranks are of articles, in the order in which their first passage was retrieved. Knows no passages,
answers or citations.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

CUT = 10
"""The depth to which rankings are read."""

NAMES = ("hit@1", "hit@5", f"hit@{CUT}", f"mrr@{CUT}", f"ndcg@{CUT}", f"recall@{CUT}", f"all_evidence@{CUT}")


def ranking_marks(
    rankings: Sequence[Sequence[str]], golds: Sequence[Sequence[str]]
) -> list[dict[str, float]]:
    """Of each ranking of article ids, best first, against its gold article ids (at least one each):

    - `hit@k`: 1 if a gold article is among the first k (ir-measures `Success@k`);
    - `mrr@10`: 1 / rank of the first gold article, 0 beyond 10 (`RR@10`; Voorhees 1999, TREC-8);
    - `ndcg@10`: discounted gain over the ideal one (`nDCG@10`; Järvelin and Kekäläinen 2002);
    - `recall@10`: share of the gold articles among the first 10 (`R@10`);
    - `all_evidence@10`: 1 if they are all there (Hits of MultiHop-RAG, Tang and Yang 2024, made strict).

    Mean reciprocal rank is the mean of `mrr@10` over questions, and so on.
    """
    import ir_measures

    # Question ids are positions here, so that neither odd nor repeated ids can do harm.
    relevant = {str(at): dict.fromkeys(gold, 1) for at, gold in enumerate(golds)}
    found = {str(at): _as_scores(ranking) for at, ranking in enumerate(rankings)}
    marks: list[dict[str, float]] = [dict.fromkeys(NAMES, 0.0) for _ in rankings]
    names = _measures()
    for value in ir_measures.iter_calc(list(names), relevant, found):
        marks[int(value.query_id)][names[value.measure]] = round(float(value.value), 6)
    for mark in marks:
        mark[f"all_evidence@{CUT}"] = float(mark[f"recall@{CUT}"] == 1)
    return marks


def _as_scores(ranking: Sequence[str]) -> dict[str, float]:
    unique = list(dict.fromkeys(ranking))
    return {article_id: float(len(unique) - rank) for rank, article_id in enumerate(unique)}


@cache
def _measures() -> dict[Any, str]:
    from ir_measures import RR, R, Success, nDCG

    return {
        Success @ 1: "hit@1",
        Success @ 5: "hit@5",
        Success @ CUT: f"hit@{CUT}",
        RR @ CUT: f"mrr@{CUT}",
        nDCG @ CUT: f"ndcg@{CUT}",
        R @ CUT: f"recall@{CUT}",
    }
