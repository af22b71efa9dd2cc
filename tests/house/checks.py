"""The checks of the house rules: each takes a path and a text, and yields its complaints."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("schemas", "streams", "agents")
NOT_OURS = {".git", ".venv", ".cache", ".hypothesis", "dist", "__pycache__"}
LONGEST_FILE = 300
LONGEST_FUNCTION = 60
GUARD = Path("agents/guard.py")

EMPTY_NAMES = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}
IMPURE_CALLS = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "hash",
    "input",
    "open",
    "os.urandom",
    "print",
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid1",
    "uuid4",
}
MACHINE_PATH = re.compile(r"(?<![\w.$}{/-])/(?:home|root|Users|work|private|tmp)/\w")
SILENCER = re.compile(
    r"#\s*(?:noqa|type:\s*ignore)"
    r"(?P<codes>:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|\[[\w\s,-]+\])?"
    r"(?P<reason>.*)"
)
REASON = re.compile(r"[a-z]{3,}")

Check = Callable[[Path, str], Iterator[str]]


def sources(*folders: str) -> Iterator[tuple[Path, str]]:
    """Yields every Python file under these folders: its path from the root, and its text."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")


def texts() -> Iterator[tuple[Path, str]]:
    """Yields every text file of the project that is no by-product and no secret."""
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT)
        named = NOT_OURS.intersection(inside.parts) or inside.name == ".env"
        cache = any(part.endswith("_cache") for part in inside.parts)
        if path.is_file() and not named and not cache:
            try:
                yield inside, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def breaches(check: Check, found: Iterator[tuple[Path, str]]) -> list[str]:
    """Runs one check over files and gives all of its sentences."""
    return [sentence for path, text in found for sentence in check(path, text)]


def catch_alls(path: Path, text: str) -> Iterator[str]:
    """Only agents/guard.py may catch everything; elsewhere an error has a name."""
    if path == GUARD:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ExceptHandler) and _is_everything(node.type):
            yield f"{path}:{node.lineno}: catches everything; only {GUARD} may."
        if isinstance(node, ast.Call) and _suppresses_everything(node):
            yield f"{path}:{node.lineno}: suppresses everything; only {GUARD} may catch all."


def _suppresses_everything(call: ast.Call) -> bool:
    """Tells whether this is contextlib.suppress of everything."""
    return _name(call.func).endswith("suppress") and any(map(_is_everything, call.args))


def _is_everything(kind: ast.expr | None) -> bool:
    """Tells whether an except clause names Exception, BaseException, or nothing."""
    if isinstance(kind, ast.Tuple):
        return any(_is_everything(element) for element in kind.elts)
    return kind is None or _name(kind) in {"Exception", "BaseException"}


def long_files(path: Path, text: str) -> Iterator[str]:
    """A file has 300 lines at most."""
    lines = len(text.splitlines())
    if lines > LONGEST_FILE:
        yield f"{path}: has {lines} lines; {LONGEST_FILE} is the most."


def long_functions(path: Path, text: str) -> Iterator[str]:
    """A function has 60 lines at most."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                most = LONGEST_FUNCTION
                yield f"{path}:{node.lineno}: {node.name} has {lines} lines; {most} is the most."


def busy_package_files(path: Path, text: str) -> Iterator[str]:
    """An __init__.py holds a docstring and nothing else."""
    if path.name != "__init__.py":
        return
    tree = ast.parse(text)
    if ast.get_docstring(tree) is None:
        yield f"{path}: has no docstring."
    if len(tree.body) > 1:
        yield f"{path}:{tree.body[1].lineno}: holds more than a docstring."


def empty_names(path: Path, text: str) -> Iterator[str]:  # noqa: ARG001 - the form of all checks
    """A file's name says what is in it."""
    for part in (*path.parent.parts, path.stem):
        if part in EMPTY_NAMES:
            yield f"{path}: `{part}` says nothing about what is in it."


def impure_calls(path: Path, text: str) -> Iterator[str]:
    """Streams ask no clock, throw no dice, read no file, print nothing, and hash by no seed."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = ".".join(_name(node.func).split(".")[-2:])
            if name in IMPURE_CALLS:
                yield f"{path}:{node.lineno}: calls {name}; in streams everything is data."


def silent_silencers(path: Path, text: str) -> Iterator[str]:
    """A checker is silenced for one code, with the reason on the same line."""
    for number, line in enumerate(text.splitlines(), start=1):
        for found in SILENCER.finditer(line):
            if not found["codes"] or not REASON.search(found["reason"]):
                yield f"{path}:{number}: silences a checker without code or reason."


def machine_paths(path: Path, text: str) -> Iterator[str]:
    """No file knows where it lies on somebody's machine."""
    for number, line in enumerate(text.splitlines(), start=1):
        if MACHINE_PATH.search(line):
            yield f"{path}:{number}: names an absolute path of one machine."


def _name(node: ast.expr) -> str:
    """Gives the dotted name of an expression, with `?` for what has none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return "?"
