"""Releasing: the author's text stays, and other data than those of the release are refused."""

import json
import re

import pytest

from streams.policy import foreign
from streams.policy.compiled import compile_policy
from streams.policy.document import Calendar
from streams.policy.foreign import expand
from streams.policy.loading import load
from streams.policy.problems import ForeignData, PolicyError
from streams.policy.release import release, unreleased
from tests.streams.policy.sample import SAMPLE, broken

RELEASED = release(SAMPLE)


def test_the_authors_text_stays_byte_for_byte() -> None:
    """Comments included; taking the release away gives the text back."""
    assert RELEASED.startswith(SAMPLE)
    assert unreleased(RELEASED) == SAMPLE
    assert unreleased(SAMPLE) == SAMPLE


def test_releasing_twice_changes_nothing() -> None:
    """A released text gets a new section instead of a second one."""
    assert release(RELEASED) == RELEASED


def test_an_old_release_in_the_middle_of_the_text_is_replaced() -> None:
    """Only its own lines go."""
    section = RELEASED.removeprefix(SAMPLE)
    moved = SAMPLE.replace("scoring:\n", f"{section}scoring:\n").replace('"2026-01-01"', '"2026"')
    assert release(moved) == RELEASED


def test_holidays_are_spelt_out_for_the_countries_and_years_in_use() -> None:
    """Only the countries that teams keep, every year of the calendar, ascending."""
    document = load(RELEASED)
    assert document.release is not None
    dates = document.release.holidays
    assert list(dates) == ["US"]
    assert {"2026-11-26", "2030-07-04", "2026-07-03"} <= set(dates["US"])
    assert list(dates["US"]) == sorted(set(dates["US"]))
    assert {day[:4] for day in dates["US"]} == {str(year) for year in range(2025, 2031)}


def test_a_holiday_of_next_year_may_be_observed_in_this_one() -> None:
    """New Year 2022 was a Saturday, so the last day of 2021 was off."""
    assert "2021-12-31" in expand(["US"], Calendar(first_year=2021, last_year=2021))["US"]


def test_released_and_unreleased_decide_the_same() -> None:
    """`simulate` may take the author's text as it is."""
    one, other = compile_policy(SAMPLE, 1), compile_policy(RELEASED, 1)
    assert one.team_calendar("smb") == other.team_calendar("smb")
    assert load(RELEASED).model_copy(update={"release": None}) == load(SAMPLE)


@pytest.mark.parametrize("name", ["time_zones", "holidays", "public_suffixes", "holiday_dates"])
def test_other_data_are_refused_at_their_line(name: str) -> None:
    """Each fingerprint is compared with this machine's."""
    text = re.sub(rf'    {name}: ".*"', f'    {name}: "other"', RELEASED)
    with pytest.raises(ForeignData, match=f"released with {name} other") as caught:
        compile_policy(text, 1)
    line = text.split("\n").index(f'    {name}: "other"') + 1
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [(line, 5)]


def test_another_version_on_this_machine_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same the other way round: a worker with an older package refuses the policy."""
    here = foreign.versions()
    monkeypatch.setattr(foreign, "versions", lambda: {**here, "time_zones": "2020.1"})
    with pytest.raises(ForeignData, match=r"but here it is 2020\.1"):
        compile_policy(RELEASED, 1)


def test_dates_edited_by_hand_are_noticed() -> None:
    """The hash of the dates does not fit any more; a country taken out is named."""
    with pytest.raises(ForeignData, match="holiday_dates"):
        compile_policy(RELEASED.replace('"2026-11-26"', '"2026-11-27"'), 1)
    with pytest.raises(ForeignData, match="the dates of US are missing"):
        compile_policy(RELEASED.replace("    US:", "    CA:"), 1)


def test_a_bad_policy_is_not_released() -> None:
    """The same problems as without."""
    with pytest.raises(PolicyError, match="no rep is called"):
        release(broken("manager: rep-1", "manager: rep-9"))


def test_a_missing_line_break_at_the_end_is_added() -> None:
    """The only thing that is ever done to the author's text."""
    assert release(SAMPLE.rstrip("\n")) == RELEASED


def test_nothing_is_written_behind_the_end_of_a_document() -> None:
    """Behind `...` a section would be another document."""
    with pytest.raises(PolicyError, match="nothing can be added"):
        release(SAMPLE + "...\n")


def test_a_policy_on_one_line_is_not_torn() -> None:
    """JSON can be checked and simulated, but a section cannot be written behind it."""
    document = load(SAMPLE).model_dump(exclude_unset=True, mode="json")
    del document["teams"]["smb"]["waiting"], document["reps"]["rep-2"]["hours"]
    text = json.dumps(document)
    assert compile_policy(text, 1).document.name == "sample"
    with pytest.raises(PolicyError, match="one key a line"):
        release(text)


def test_a_release_with_windows_line_ends_keeps_them() -> None:
    """Byte for byte, whatever the line ends are."""
    text = SAMPLE.replace("\n", "\r\n")
    released = release(text)
    assert released.startswith(text)
    assert release(released) == released
