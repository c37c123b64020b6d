"""Training of the learnt reader: articles → questions → a small cross-encoder → int8 ONNX. See README.md.

Runs in an environment of its own (requirements.txt); nothing of `index/` imports it.
"""
