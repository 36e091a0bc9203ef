"""Every notebook runs from top to bottom at small settings, and is kept without outputs."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))
SMALL = {"AREA": "Rutland", "SCALE": "0.4", "WEEKS": "4", "SEEDS": "2"}


def test_there_are_notebooks():
    assert [path.name for path in NOTEBOOKS][0] == "01-what-if.ipynb"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell for cell in code if cell.outputs or cell.execution_count is not None] == []
    assert "Synthetic: for differences, not forecasts." in "".join(cell.source for cell in notebook.cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, tmp_path, monkeypatch):
    for name, value in SMALL.items():
        monkeypatch.setenv(f"HOMECARE_NOTEBOOK_{name}", value)
    monkeypatch.setenv("PYTHONPATH", str(path.parent.parent / "sim"))
    notebook = nbformat.read(path, as_version=4)
    place = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources=place).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    said = "".join(output.get("text", "") for output in outputs)
    assert "Quality of life (SCRQoL):" in said and "most deprived three tenths" in said
    figures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(figures) == 2
