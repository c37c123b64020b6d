"""Whether the words quoted carry a claim. Pure, by rule, and fails closed; calls no model.

`support` is the check. `reading.py` reads a sentence (words, `figures.py`, `days.py`), `names.py`,
`senses.py` and `roles.py` compare what a claim and a quote say, `check.py` puts it together.
"""

from .check import Finding, Quote, support

__all__ = ["Finding", "Quote", "support"]
