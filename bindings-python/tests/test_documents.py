"""The examples of the documents: type checkers take each of them, as it stands, and a program with boto3-stubs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import streamtable

ROOT = Path(__file__).parent.parent.parent
PACKAGES = Path(streamtable.__file__).parent.parent


def examples() -> dict[str, str]:
    """Every block of Python of the documents, by file and line."""
    found: dict[str, str] = {}
    for document in [ROOT / "README.md", ROOT / "bindings-python/README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = document.read_text()
        for block in re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            line = text.count("\n", 0, block.start(1)) + 1
            found[f"{document.parent.name}_{document.stem}_{line}".replace("-", "_")] = block.group(1)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in examples().items():
        (tmp_path / f"{name}.py").write_text(text)
    assert len(list(tmp_path.iterdir())) > 10
    # Here boto3 has its types, which the configuration of the package leaves out.
    shutil.copy(Path(__file__).with_name("typed_boto3.py"), tmp_path)
    return tmp_path


def run(folder: Path, *command: str) -> str:
    environment = {**os.environ, "MYPYPATH": str(PACKAGES)}
    result = subprocess.run([sys.executable, "-m", *command], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return "" if result.returncode == 0 else result.stdout + result.stderr


def test_mypy_takes_the_examples(folder: Path) -> None:
    pytest.importorskip("mypy")
    assert run(folder, "mypy", "--strict", "--no-incremental", ".") == ""


def test_pyright_takes_the_examples(folder: Path) -> None:
    pytest.importorskip("pyright")
    if shutil.which("node") is None:
        pytest.skip("pyright runs on Node.js")
    # Not its mode "strict", which finds fault with the types of boto3 wherever those of some service are not installed.
    settings = {"typeCheckingMode": "standard", "extraPaths": [str(PACKAGES)]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    assert run(folder, "pyright", "--pythonpath", sys.executable, "--project", str(folder)) == ""
