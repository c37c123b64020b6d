"""Whether the words quoted carry a claim. By rule, with the learnt reader beside the rules, and fails closed.

`check.py` has the check: a claim, or each part of it (`clauses.py`), against `units.py`, the sentences quoted
for it. `reading.py` reads both (`figures.py`, `days.py`), `matching.py` and `alike.py` find the words that they
share; `meaning.py` and `entailment.py` what is said in other words, if they are given the vectors of an
embedding model and the learnt reader; `names.py`, `counts.py`, `quantities.py`, `senses.py` (with `cues.py`),
`roles.py` and `speech.py` tell where they differ.
`planted.py` knows what is no report, but an order to whoever processes it.
"""

from .check import Finding, support
from .entailment import Entailment
from .meaning import Meaning, ReadPieces
from .planted import is_struck
from .units import HE_OR_SHE, Quote, is_addressed

__all__ = [
    "HE_OR_SHE",
    "Entailment",
    "Finding",
    "Meaning",
    "Quote",
    "ReadPieces",
    "is_addressed",
    "is_struck",
    "support",
]
