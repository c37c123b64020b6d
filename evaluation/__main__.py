"""`python -m evaluation …`: see docs/evaluation.md."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    try:
        from .cli import main
    except ModuleNotFoundError as error:
        # The assistant runs without what only its evaluation needs.
        print(f"Evaluation needs the package {error.name}: run `make setup`.", file=sys.stderr)
        sys.exit(2)
    sys.exit(main())
