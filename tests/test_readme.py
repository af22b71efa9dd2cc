"""README says what is so: each check takes its text and yields complaints, each has its twin."""

import ast
import re
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import pytest
from cyclopts import App

from agents import picture
from agents.command_line.program import program
from agents.settings import PUBLIC_SECRET, Edges, Identity, Kafka, Worker
from schemas.codec import Codec
from streams.pipeline import pipeline
from tests.agents.command_line.process import command
from tests.house.checks import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
TESTS_README = (ROOT / "tests" / "README.md").read_text(encoding="utf-8")
DECISIONS = sorted((ROOT / "deploy" / "decisions").glob("*.md"))
LEFT_OUT = "..."

Check = Callable[[str], Iterator[str]]


def missing_files(text: str) -> Iterator[str]:
    """Every link and every path of the project leads somewhere."""
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    paths = re.findall(r"(?<![\w./-])(?:schemas|streams|agents|tests|deploy)/[\w./-]*\w", text)
    for path in dict.fromkeys([*links, *paths]):
        if not (ROOT / path).exists():
            yield f"{path} is not there"


def missing_tests(text: str) -> Iterator[str]:
    """A link named like a test leads to the file that has it."""
    for name, path in re.findall(r"\[`(test_\w+)`\]\(([^)]+)\)", text):
        if name not in functions(ROOT / path):
            yield f"{path} has no {name}"


def functions(path: Path) -> set[str]:
    """The functions of a Python file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def missing_targets(text: str) -> Iterator[str]:
    """Every `make` target is one of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE):
        if not re.search(rf"^{target}:", makefile, re.MULTILINE):
            yield f"there is no target {target}"


def missing_modules(text: str) -> Iterator[str]:
    """Every module to be run with `python -m` is there."""
    for module in re.findall(r"python -m ((?:tests|agents|schemas)[\w.]*)", text):
        place = ROOT / Path(*module.split("."))
        if not (place.with_suffix(".py").is_file() or (place / "__main__.py").is_file()):
            yield f"there is no module {module}"


def commands() -> set[str]:
    """Every command of `leadstream`, with its group."""
    app = program()
    found: set[str] = set()
    for name in _names(app):
        inner = _names(app[name])
        found |= {f"{name} {each}" for each in inner} if inner else {name}
    return found


def _names(app: App) -> list[str]:
    return [name for name in app if not name.startswith("-")]


def untrue_commands(text: str) -> Iterator[str]:
    """Every command is mentioned, and what is called a command is one."""
    known = commands()
    plain = re.sub(r"\s+", " ", text)
    for name in sorted(known):
        if not re.search(rf"(?:leadstream |`){name}\b", plain):
            yield f"{name} is not mentioned"
    groups = {name.split()[0] for name in known}
    for first in re.findall(r"(?:`|\$ |^)leadstream ([a-z]+)", text, re.MULTILINE):
        if first not in groups:
            yield f"there is no command {first}"


def untrue_settings(text: str) -> Iterator[str]:
    """Every setting is in the table with its default, and nothing else is."""
    table = dict(re.findall(r"^\| `(LEADSTREAM_\w+)` \| (\S+) \|", text, re.MULTILINE))
    found = dict(settings())
    yield from (f"{name} is no setting" for name in table if name not in found)
    for name, default in found.items():
        if table.get(name) != default:
            yield f"{name} stands with {table.get(name)} instead of {default}"


def settings() -> Iterator[tuple[str, str]]:
    """The variables of all settings with their defaults, as the table writes them."""
    for group in (Kafka, Worker, Identity, Edges):
        for name, field in group.model_fields.items():
            default = field.default
            text = str(default).lower() if isinstance(default, bool) else str(default)
            shown = "none" if default in (None, "") else f"`{text}`"
            yield f"LEADSTREAM_{name.upper()}", shown


def missing_rules(text: str) -> Iterator[str]:
    """Every file of streams/rules answers a question of the table."""
    rows = [line for line in text.splitlines() if line.startswith("|") and "test_" in line]
    for path in sorted((ROOT / "streams" / "rules").glob("[a-z]*.py")):
        link = f"(streams/rules/{path.name})"
        if not any(link in row for row in rows):
            yield f"{path.stem} is in no row"


def missing_decisions(text: str) -> Iterator[str]:
    """Every decision is linked under its own title."""
    for path in DECISIONS:
        title = path.read_text(encoding="utf-8").splitlines()[0].split(" ", 2)[2]
        if f"(deploy/decisions/{path.name}) {title}" not in text:
            yield f"{path.name} is not linked as {title!r}"


def other_picture(text: str) -> Iterator[str]:
    """The picture is the one that the pipeline draws."""
    if picture.block() not in text:
        yield "the picture is another: run python -m agents.picture README.md"


CHECKS: list[tuple[Check, str, str]] = [
    (missing_files, "streams/rules/territory.py", "streams/rules/provinces.py"),
    (missing_tests, "`test_contributions_sum_to_the_score`", "`test_scores_are_nice`"),
    (missing_targets, "`make lint`", "`make love`"),
    (missing_modules, "tests.bench.codec", "tests.bench.modem"),
    (untrue_commands, "`leadstream policy schema`", "`leadstream --help`"),
    (untrue_commands, "leadstream explain", "leadstream whatif"),
    (untrue_settings, "| `LEADSTREAM_DATA` | `.leadstream`", "| `LEADSTREAM_DATA` | `data`"),
    (untrue_settings, "`LEADSTREAM_LOG_LEVEL`", "`LEADSTREAM_LOUDNESS`"),
    (missing_rules, "(streams/rules/pool.py)", "(streams/steps/place_lead.py)"),
    (missing_decisions, "0004-strings-not-enums.md", "0003-input-travels-as-bytes.md"),
    (other_picture, "| enrich ", "| enrage "),
]


@pytest.mark.parametrize("check", dict.fromkeys(check for check, _, _ in CHECKS))
def test_readme_is_true(check: Check) -> None:
    """Issue 3, README: whatever it names is there, and what must be named is."""
    assert list(check(README)) == []


@pytest.mark.parametrize(("check", "right", "wrong"), CHECKS)
def test_an_untrue_readme_would_be_noticed(check: Check, right: str, wrong: str) -> None:
    """Twin: one wrong word in README and its check complains."""
    assert right in README
    assert list(check(README.replace(right, wrong))) != []


@pytest.mark.parametrize("check", [missing_files, missing_targets, missing_modules])
def test_the_tests_own_readme_is_true(check: Check) -> None:
    """What tests/README.md names is there, too."""
    assert list(check(TESTS_README)) == []


def test_the_tests_own_readme_names_every_folder() -> None:
    """A folder of tests that nobody explains is not found."""
    folders = [path.name for path in (ROOT / "tests").iterdir() if any(path.glob("*.py"))]
    assert [name for name in sorted(folders) if f"`tests/{name}/`" not in TESTS_README] == []


def test_another_pipeline_has_another_picture() -> None:
    """The picture comes from the stages' data, not from a text about them."""
    stages = pipeline(PUBLIC_SECRET.encode(), Codec())
    drawn = picture.picture(stages)
    assert all(f"| {stage.name} " in drawn for stage in stages)
    assert all(topic in drawn for stage in stages for topic in (*stage.sources, *stage.writes))
    assert picture.picture([stage for stage in stages if stage.name != "enrich"]) != drawn


def test_a_file_without_marks_is_not_drawn_into() -> None:
    """A drawing in the wrong place would be worse than none."""
    assert picture.redrawn(README) == README
    with pytest.raises(ValueError, match="write them where the picture belongs"):
        picture.redrawn("# title\n")


def test_decisions_are_numbered_and_complete() -> None:
    """Numbers without a gap; context, decision and consequence, one line each."""
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for path in DECISIONS:
        title, _, *lines = path.read_text(encoding="utf-8").splitlines()
        heads = [line.split("**")[1] for line in lines]
        assert title.startswith(f"# {path.name[:4]} ")
        assert heads == ["Context.", "Decision.", "Consequence."], path.name


def shown(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """Each command of the console blocks, and the lines shown below it."""
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for part in re.split(r"^\$ leadstream ", block, flags=re.MULTILINE)[1:]:
            line, *output = part.rstrip("\n").split("\n")
            yield line.split(), output


def not_said(said: list[str], output: list[str]) -> list[str]:
    """The first piece of what is shown that was not said in this order; pieces end at `...`."""
    position = 0
    for left_out, piece in groupby(output, LEFT_OUT.__eq__):
        lines = [] if left_out else list(piece)
        ends = [
            start + len(lines)
            for start in range(position, len(said) - len(lines) + 1)
            if said[start : start + len(lines)] == lines
        ]
        if not ends:
            return lines
        position = ends[0]
    return []


def test_the_journey_is_what_the_commands_print(tmp_path: Path) -> None:
    """Issue 3, README: real output, trimmed only where three dots say so."""
    (tmp_path / "deploy").symlink_to(ROOT / "deploy")
    journey = list(shown(README))
    assert [words[0] for words, _ in journey] == ["simulate", "explain", "explain"]
    for words, output in journey:
        ran = command(tmp_path, *words)
        assert (ran.code, ran.err) == (0, "")
        assert not_said([line.rstrip() for line in ran.out.splitlines()], output) == []


@pytest.mark.parametrize(
    ("output", "missing"),
    [
        (["a", "b", "c", "d"], []),
        (["a", LEFT_OUT, "c", "d"], []),
        ([LEFT_OUT, "b", LEFT_OUT], []),
        (["a", "c"], ["a", "c"]),
        (["c", LEFT_OUT, "b"], ["b"]),
        (["x"], ["x"]),
    ],
)
def test_another_output_would_be_noticed(output: list[str], missing: list[str]) -> None:
    """Twin: a line that was not said, said elsewhere, or left out without dots."""
    assert not_said(["a", "b", "c", "d"], output) == missing
