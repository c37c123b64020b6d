"""Whether the words quoted carry a claim. Pure, by rule, and fails closed; calls no model.

`check.py` has the check: a claim, or each part of it, against `units.py`, the sentences quoted for it.
`reading.py` reads both (`figures.py`, `days.py`), `matching.py` and `alike.py` find the words that they
share; `names.py`, `counts.py`, `quantities.py`, `senses.py`, `roles.py` and `speech.py` tell where they differ.
`planted.py` knows what is no report, but an order to whoever processes it.
"""

from .check import Finding, support
from .planted import is_struck
from .units import HE_OR_SHE, Quote, is_addressed

__all__ = ["HE_OR_SHE", "Finding", "Quote", "is_addressed", "is_struck", "support"]
