"""The rules that every source file keeps, each beside a sample that breaks it."""

from pathlib import Path

import pytest

from tests.house import checks
from tests.house.checks import PACKAGES, ROOT, Check, breaches, sources, texts

SAMPLE = Path("agents/sample.py")
LONG_FUNCTION = "def long() -> None:\n" + "    call()\n" * 60

CODE_CHECKS = [
    checks.catch_alls,
    checks.long_files,
    checks.long_functions,
    checks.busy_package_files,
    checks.empty_names,
    checks.silent_silencers,
]

BAD_SAMPLES: list[tuple[Check, Path, str]] = [
    (checks.catch_alls, SAMPLE, "try:\n    call()\nexcept Exception:\n    pass\n"),
    (checks.catch_alls, SAMPLE, "try:\n    call()\nexcept (OSError, BaseException):\n    pass\n"),
    (checks.catch_alls, SAMPLE, "try:\n    call()\nexcept:\n    pass\n"),
    (checks.catch_alls, SAMPLE, "with contextlib.suppress(Exception):\n    call()\n"),
    (checks.long_files, SAMPLE, "line = 1\n" * 301),
    (checks.long_functions, SAMPLE, LONG_FUNCTION),
    (checks.long_functions, SAMPLE, "async " + LONG_FUNCTION),
    (checks.busy_package_files, Path("agents/__init__.py"), '"""Agents."""\nimport os\n'),
    (checks.busy_package_files, Path("agents/__init__.py"), ""),
    (checks.empty_names, Path("agents/utils.py"), ""),
    (checks.empty_names, Path("streams/helpers/score.py"), ""),
    (checks.silent_silencers, SAMPLE, "call()  # " + "noqa\n"),
    (checks.silent_silencers, SAMPLE, "call()  # " + "noqa: S101\n"),
    (checks.silent_silencers, SAMPLE, "call()  # type: " + "ignore[arg-type]\n"),
    (checks.impure_calls, SAMPLE, "now = datetime.now(tz=UTC)\n"),
    (checks.impure_calls, SAMPLE, "now = datetime.datetime.now(tz=UTC)\n"),
    (checks.impure_calls, SAMPLE, "name = uuid4().hex\n"),
    (checks.impure_calls, SAMPLE, "place = hash(key) % 8\n"),
    (checks.impure_calls, SAMPLE, "with open(name) as file:\n    pass\n"),
    (checks.machine_paths, SAMPLE, 'jars = "/ho' + 'me/somebody/jars"\n'),
]

GOOD_SAMPLES: list[tuple[Check, Path, str]] = [
    (checks.catch_alls, checks.GUARD, "try:\n    call()\nexcept Exception:\n    pass\n"),
    (checks.catch_alls, SAMPLE, "try:\n    call()\nexcept OSError:\n    pass\n"),
    (checks.long_files, SAMPLE, "line = 1\n" * 300),
    (checks.long_functions, SAMPLE, LONG_FUNCTION.replace("    call()\n", "", 1)),
    (checks.busy_package_files, Path("agents/__init__.py"), '"""Agents."""\n'),
    (checks.silent_silencers, SAMPLE, "call()  # " + "noqa: S101 - a test asserts\n"),
    (checks.silent_silencers, SAMPLE, "call()  # type: " + "ignore[arg-type]  # stub is wrong\n"),
    (checks.impure_calls, SAMPLE, "when = datetime.fromtimestamp(now / 1000, tz=UTC)\n"),
    (checks.machine_paths, SAMPLE, 'health = "http://127.0.0.1:8080/ready"\n'),
]


@pytest.mark.parametrize("check", CODE_CHECKS, ids=lambda check: check.__name__)
def test_every_source_file_keeps_the_house_rules(check: Check) -> None:
    """Whatever the check looks for is in no file of ours."""
    assert breaches(check, sources(*PACKAGES, "tests")) == []


def test_streams_call_nothing_that_differs_from_run_to_run() -> None:
    """Promise of determinism: time, chance and files reach the steps as data only."""
    assert breaches(checks.impure_calls, sources("streams")) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    """A clone works wherever it lies."""
    assert breaches(checks.machine_paths, texts()) == []


@pytest.mark.parametrize(("check", "path", "text"), BAD_SAMPLES)
def test_a_check_finds_what_it_looks_for(check: Check, path: Path, text: str) -> None:
    """Twin of the tests above: each check fails on a sample that breaks its rule."""
    assert len(list(check(path, text))) == 1


@pytest.mark.parametrize(("check", "path", "text"), GOOD_SAMPLES)
def test_a_check_leaves_good_code_alone(check: Check, path: Path, text: str) -> None:
    """A check that finds fault with good code would be switched off soon."""
    assert list(check(path, text)) == []


def alerts_made(root: Path) -> list[str]:
    """Files of the steps that make an alert by hand."""
    files = sorted((root / "streams" / "steps").glob("*.py"))
    return [file.name for file in files if "Alert(" in file.read_text("utf-8")]


def test_alerts_are_made_in_one_place() -> None:
    """Each has desk, team and whose hand it was, and its subject is its key."""
    assert alerts_made(ROOT) == ["work.py"]


def test_the_twin_an_alert_made_elsewhere_is_found(tmp_path: Path) -> None:
    """In a step of its own."""
    steps = tmp_path / "streams" / "steps"
    steps.mkdir(parents=True)
    (steps / "sample.py").write_text("event = Alert(kind=kind)\n", "utf-8")
    assert alerts_made(tmp_path) == ["sample.py"]
