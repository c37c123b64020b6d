"""Passages → draft claims. An engine proposes; `cite.py` disposes.

`quotes.py` is the engine that needs no model. Beside it: `evidence.py` scores sentences,
`verdict.py` says yes or no where that is likely enough, `followup.py` makes a question stand alone.
"""
