"""``python -m homecare`` is the command ``homecare``."""

from __future__ import annotations

from homecare.cli import main

if __name__ == "__main__":
    main()
