"""Evaluation: how good are the answers, how sure are we of that, and what changed since last time.

Data flows one way through the modules of this package:

    gold → ask → run → marks → metrics → bootstrap → summary → report, compare

Pure are `gold`, `wording`, `retrieval`, `marks`, `measures`, `metrics`, `bootstrap`, `summary`. `ask` is the
only module that talks to the assistant, `folder` the only one that writes a run. docs/evaluation.md is
the user's guide. Nothing in `index/` knows that this package exists.
"""
