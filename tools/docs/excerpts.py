"""Cuts a program down to one statement and all that the statement needs."""

import ast


def excerpt(program: str, line: int) -> str:
    """Return the program without what one of its statements does not need.

    The excerpt has the statement, and the imports and definitions of the names that it uses. It
    therefore runs as it is, if the program does.

    Args:
        program: the source of the program.
        line: a line of the statement.
    """
    wanted, needed = list[ast.stmt](), set[str]()
    for statement in reversed(ast.parse(program).body):
        is_target = statement.lineno <= line <= (statement.end_lineno or line)
        if is_target or (wanted and _bound_names(statement) & needed):
            wanted.insert(0, statement)
            needed |= {
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
            }
    lines = program.splitlines()
    text, before = "", None
    for statement in wanted:
        if before:
            text += _separator(lines, before, statement)
        if isinstance(statement, ast.Import | ast.ImportFrom):
            statement.names = [each for each in statement.names if _alias(each) in needed]
            text += f"{ast.unparse(statement)}\n"
        else:
            text += "\n".join(lines[statement.lineno - 1 : statement.end_lineno]) + "\n"
        before = statement
    return text


def _separator(lines: list[str], before: ast.stmt, after: ast.stmt) -> str:
    """Return the blank lines between two statements of an excerpt, as a formatter would."""
    if isinstance(before, ast.FunctionDef) or isinstance(after, ast.FunctionDef):
        return "\n\n"
    return "\n" if "" in lines[before.end_lineno : after.lineno] else ""


def _bound_names(statement: ast.stmt) -> set[str]:
    """Return the names that a statement of a module defines."""
    match statement:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {_alias(each) for each in names}
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case _:
            nodes = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
            return {node.id for node in nodes if isinstance(node.ctx, ast.Store)}


def _alias(imported: ast.alias) -> str:
    return imported.asname or imported.name.partition(".")[0]
