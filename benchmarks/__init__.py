"""Speed and scale, side by side with peers: `python -m benchmarks PART …`, or `make bench ARGS="PART …"`."""
