"""What the stubs promise is what is there, and the types carry a real program."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typed_sample

import streamtable
from streamtable import _operations, _streamtable, exceptions

PACKAGE = Path(streamtable.__file__).parent
PROJECT = Path(__file__).parent.parent


def classes_of(stub: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse((PACKAGE / stub).read_text())
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def functions_of(node: ast.AST) -> dict[str, ast.FunctionDef]:
    return {child.name: child for child in ast.iter_child_nodes(node) if isinstance(child, ast.FunctionDef)}


def parameters_of(function: ast.FunctionDef) -> list[tuple[str, bool]]:
    """Keyword parameters and whether each must be given."""
    arguments = function.args
    keywords = [(argument.arg, default is None) for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    assert [argument.arg for argument in arguments.args] == ["self"]
    return keywords


def test_every_operation_has_the_signature_of_its_stub() -> None:
    stubs = functions_of(classes_of("_operations.pyi")["Operations"])
    operations = {info["method"]: info for info in _streamtable._operations()}
    assert set(stubs) == set(operations)
    for name, stub in stubs.items():
        runtime = inspect.signature(getattr(_operations.Operations, name))
        expected = [
            (parameter.name, parameter.default is inspect.Parameter.empty)
            for parameter in runtime.parameters.values()
            if parameter.kind is inspect.Parameter.KEYWORD_ONLY
        ]
        assert parameters_of(stub) == expected, name


def test_the_methods_for_asyncio_have_the_same_stubs() -> None:
    same = ast.parse((PACKAGE / "_aio_operations.pyi").read_text().replace("async def", "def").replace("class AsyncOperations", "class Operations"))
    [awaited] = [node for node in same.body if isinstance(node, ast.ClassDef)]
    assert ast.dump(awaited) == ast.dump(classes_of("_operations.pyi")["Operations"])


def test_every_answer_has_the_members_of_its_stub() -> None:
    classes = classes_of("_operations.pyi")
    stubs = functions_of(classes["Operations"])
    for info in _streamtable._operations():
        returns = stubs[info["method"]].returns
        assert isinstance(returns, ast.Name)
        members = [
            node.target.id for node in classes[returns.id].body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        ]
        assert members == [name for name, *_ in info["output"]]


def test_the_native_module_is_what_its_stub_says() -> None:
    tree = ast.parse((PACKAGE / "_streamtable.pyi").read_text())
    stubbed = {node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    stubbed |= {node.target.id for node in tree.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)}
    there = {name for name in dir(_streamtable) if not name.startswith("__") or name == "__version__"}
    assert there == stubbed
    for name, node in classes_of("_streamtable.pyi").items():
        kind = getattr(_streamtable, name)
        own = {member for member in vars(kind) if member not in ("__doc__", "__module__", "__weakref__", "__new__", "__repr__")}
        # Ordering comparisons come with equality, and answer that there is no order.
        own -= {"__lt__", "__le__", "__gt__", "__ge__", "__ne__"}
        stubbed_members = set(functions_of(node)) - {"__new__"}
        hidden = {"__hash__"} if "__hash__" not in stubbed_members else set()
        assert own - hidden == stubbed_members, name
        for member, stub in functions_of(node).items():
            runtime: Any = getattr(kind, member)
            if member.startswith("__") or not callable(runtime):
                continue
            names = [argument.arg for argument in stub.args.posonlyargs + stub.args.args]
            assert list(inspect.signature(runtime).parameters) == names, (name, member)


def test_every_exception_has_a_stub() -> None:
    stubs = set(classes_of("exceptions.pyi")) - {"StreamtableError"}
    assert stubs == {code for code, _ in _streamtable.ERROR_CODES} == set(exceptions.__all__) - {"StreamtableError", "from_code"}


def test_the_package_says_that_it_is_typed() -> None:
    assert (PACKAGE / "py.typed").exists()
    for name in streamtable.__all__:
        assert getattr(streamtable, name) is not None


def test_the_sample_program_runs() -> None:
    assert typed_sample.program()[:2] == ["ConditionalCheckFailedException", "1815"]


def test_the_type_checker_takes_the_package_and_the_sample() -> None:
    pytest.importorskip("mypy")
    result = subprocess.run([sys.executable, "-m", "mypy"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
