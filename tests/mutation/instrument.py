"""Finds the checks of a module, and makes each of them one that can be taken out. Holds no tests.

A check is: what `if`, `a if b else c` and the filter of a comprehension ask; each part of `and` and `or` in a
condition; each comparison, `not`, `any` and `all` whose value is kept or returned; an `except`; and a call made
for what it does, which is how things are closed, cancelled, counted and refused. Taken out, a guard never
stops anything, a filter lets all pass, an error goes on, a call is not made. Knows nothing of tests.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

_ABOUT_LOGS = ("log", "logger", "logging", "print")
_ONLY_BUILD = frozenset("append add extend insert update setdefault put write writelines sort".split())
"""Calls that make a value: without them there is none, which is no check."""


@dataclass(frozen=True)
class Mutant:
    """One check taken out, of `file` at `line`: `what` stood there, and becomes `instead`."""

    number: int
    file: str
    line: int
    what: str
    instead: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}  →  {self.instead}"


def instrumented(source: str, file: str, first: int) -> tuple[str, list[Mutant]]:
    """The source with a switch at each check, and its mutants, numbered from `first`."""
    tree = ast.parse(source)
    work = _Instrumenting(file, first)
    work.visit(tree)
    at = 1 if ast.get_docstring(tree) is not None else 0
    while at < len(tree.body) and isinstance(tree.body[at], ast.ImportFrom) and _is_future(tree.body[at]):
        at += 1
    tree.body.insert(at, ast.Import([ast.alias("_switch")]))
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n", work.mutants


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


class _Instrumenting(ast.NodeTransformer):
    def __init__(self, file: str, first: int) -> None:
        self.mutants: list[Mutant] = []
        self._file = file
        self._first = first
        self._returns_bool = [False]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        returns = node.returns
        self._returns_bool.append(isinstance(returns, ast.Name) and returns.id == "bool")
        node.body = [self.visit(statement) for statement in node.body]  # not its defaults and decorators
        self._returns_bool.pop()
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return node
        node.test = self._condition(node.test, *((False, True) if node.orelse else (False,)))
        node.body = [self.visit(statement) for statement in node.body]
        node.orelse = [self.visit(statement) for statement in node.orelse]
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        node.test = self._condition(node.test, False, True)
        node.body, node.orelse = self.visit(node.body), self.visit(node.orelse)
        return node

    def visit_While(self, node: ast.While) -> ast.AST:
        if isinstance(node.test, ast.BoolOp):
            node.test = self._parts(node.test)
        else:
            node.test = self.visit(node.test)
        node.body = [self.visit(statement) for statement in node.body]
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        node.iter = self.visit(node.iter)
        node.ifs = [self._condition(test, True) for test in node.ifs]
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        if node.value is not None:
            plain = self._returns_bool[-1] and not isinstance(node.value, ast.Constant)
            node.value = self._condition(node.value, False, True) if plain else self.visit(node.value)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        return self._condition(node, False, True)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        return (
            self._condition(node, False, True) if isinstance(node.op, ast.Not) else self.generic_visit(node)
        )

    def visit_Call(self, node: ast.Call) -> ast.AST:
        asks = isinstance(node.func, ast.Name) and node.func.id in {"any", "all"}
        return self._condition(node, False, True) if asks else self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        # `a or b` may stand for a default instead: then it is no condition.
        asks = all(isinstance(part, ast.Compare | ast.BoolOp | ast.UnaryOp) for part in node.values)
        return self._parts(node) if asks else self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.body = [self.visit(statement) for statement in node.body]
        caught = ast.unparse(node.type) if node.type else ""
        goes_on = isinstance(node.body[0], ast.Raise) and node.body[0].exc is None
        if not goes_on:
            number = self._mutant(node, f"except {caught}", "the error goes on")
            node.body.insert(0, ast.If(_asked("gone", ast.Constant(number)), [ast.Raise()], []))
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if not isinstance(call, ast.Call):
            return self.generic_visit(node)
        name = ast.unparse(call.func)
        if name.split(".")[0] in _ABOUT_LOGS or name.split(".")[-1] in _ONLY_BUILD:
            return node
        number = self._mutant(node, ast.unparse(node), "not called")
        return ast.If(
            ast.UnaryOp(ast.Not(), _asked("gone", ast.Constant(number))), [self.generic_visit(node)], []
        )

    def _condition(self, node: ast.expr, *instead: bool) -> ast.expr:
        numbers = [(self._mutant(node, ast.unparse(node), str(value)), value) for value in instead]
        inside = self._parts(node) if isinstance(node, ast.BoolOp) else self.generic_visit(node)
        return _asked("condition", inside, *(ast.Constant(pair) for pair in numbers))

    def _parts(self, node: ast.BoolOp) -> ast.BoolOp:
        """Each part can be taken out: as if it were true among `and`, false among `or`."""
        node.values = [self._condition(part, isinstance(node.op, ast.And)) for part in node.values]
        return node

    def _mutant(self, node: ast.AST, what: str, instead: str) -> int:
        line = node.type.lineno if isinstance(node, ast.ExceptHandler) and node.type else node.lineno
        number = self._first + len(self.mutants)
        self.mutants.append(Mutant(number, self._file, line, " ".join(what.split()), instead))
        return number


def _asked(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name("_switch", ast.Load()), name, ast.Load()), list(arguments), [])
