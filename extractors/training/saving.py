"""Where trained models are written, and what is said meanwhile."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

MODELS = Path(__file__).parent.parent / "models"


def save(name: str, data: dict[str, Any], folder: Path | None = None) -> None:
    """Write a model as `NAME.json` into a folder; if none is given, `CARTOGRAPH_MODELS` or the packaged ones'."""
    folder = folder or Path(os.environ.get("CARTOGRAPH_MODELS", MODELS))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(
        json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )


def say(line: str) -> None:
    """Tell how well a model learned, on the standard error stream."""
    sys.stderr.write(line + "\n")
