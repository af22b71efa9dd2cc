"""What a stranger gets with a clone: its top level, its lock file, and where packages come from."""

import re
import tomllib
from pathlib import Path

from tests.house.checks import NOT_OURS, ROOT, texts

TOP_LEVEL = {
    "CHANGELOG.md",
    "Makefile",
    "README.md",
    "agents",
    "deploy",
    "docker-compose.yml",
    "pyproject.toml",
    "schemas",
    "streams",
    "tests",
    "uv.lock",
}
PUBLIC_HOSTS = {"files.pythonhosted.org", "pypi.org"}
REGISTRY_SETTING = re.compile(
    r"--(?:extra-)?index-url|--find-links[= ]|find-links\s*=|index-url\s*="
)


def hosts(text: str) -> set[str]:
    """Gives the hosts of all addresses in a text."""
    return set(re.findall(r"https?://([^/\"'\s]+)", text))


def local_sources(lock: str) -> list[str]:
    """Names locked packages that come from a folder of one machine; our own project is `.`."""
    return [
        package["name"]
        for package in tomllib.loads(lock)["package"]
        if {"path", "directory", "editable", "virtual"}.intersection(package["source"])
        and package["source"] != {"editable": "."}
    ]


def test_the_top_level_holds_what_it_should_and_nothing_else() -> None:
    """A newcomer sees the parts of the product at a glance; tools hide behind a dot."""
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - NOT_OURS == TOP_LEVEL


def test_the_lock_file_names_the_public_index_only() -> None:
    """No private registry and no folder of the machine that made it leaks into uv.lock."""
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    assert hosts(lock) == PUBLIC_HOSTS
    assert local_sources(lock) == []


def test_a_private_index_or_folder_in_the_lock_file_would_be_noticed() -> None:
    """Twin: another host and a local folder are found."""
    lock = """
[[package]]
name = "leaked"
version = "1"
source = { path = "wheels/leaked.whl" }
url = "https://packages.example.test/simple"
"""
    assert hosts(lock) - PUBLIC_HOSTS == {"packages.example.test"}
    assert local_sources(lock) == ["leaked"]


def test_no_file_says_where_packages_come_from() -> None:
    """pip, uv and Maven keep to the settings of the machine that they run on."""
    here = Path(__file__).relative_to(ROOT)
    found = [
        f"{path}: {line.strip()}"
        for path, text in texts()
        for line in text.splitlines()
        if path != here and REGISTRY_SETTING.search(line)
    ]
    assert found == []
