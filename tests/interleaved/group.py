"""A consumer group in memory: who is in it, who should have a partition and who has it.

Cooperative: a partition goes to another member when the one before has given it back at a poll, or
has been put out because its session ran out. Members are known by name, as static ones are.
"""

from typing import Protocol

from tests.interleaved.memory_kafka import Place


class Joined(Protocol):
    """What a group knows of a member."""

    name: str
    client_id: str

    def memberid(self) -> str:
        """Who it is to the group."""


class Group:
    """The group's coordinator."""

    def __init__(self, places: list[Place]) -> None:
        """Nobody has joined."""
        self.places = places
        self.members: dict[str, Joined] = {}
        self.wanted: dict[Place, str] = {}
        """Who should have it."""
        self.held: dict[Place, str] = {}
        """Who has it, and has not given it back."""

    def join(self, member: Joined) -> None:
        """In place of whoever has the same name: what that one had is free."""
        self._free(member.name)
        self.members[member.name] = member
        self._level()

    def put_out(self, name: str) -> None:
        """The member's session has run out: what it had is free at once."""
        if self.members.pop(name, None) is not None:
            self._free(name)
            self._level()

    def move(self, place: Place, name: str) -> None:
        """A member should have it from now on."""
        if name in self.members:
            self.wanted[place] = name

    def gained(self, name: str, has: set[Place]) -> list[Place]:
        """What a member may take now, and has now."""
        free = [
            place
            for place in self.places
            if self.wanted.get(place) == name
            and place not in has
            and self.held.get(place) in (None, name)
        ]
        self.held |= dict.fromkeys(free, name)
        return free

    def lost(self, name: str, has: set[Place]) -> list[Place]:
        """What a member has to give back, and has not any more."""
        given = sorted(place for place in has if self.wanted.get(place) != name)
        for place in given:
            self.held.pop(place, None)
        return given

    def _free(self, name: str) -> None:
        self.held = {place: holder for place, holder in self.held.items() if holder != name}

    def _level(self) -> None:
        """Everybody has as many as anybody, and as few move as that takes."""
        if not self.members:
            self.wanted = {}
            return
        shares: dict[str, list[Place]] = {name: [] for name in sorted(self.members)}
        for place in self.places:
            poorest = min(shares, key=lambda name: len(shares[name]))
            wanted = self.wanted.get(place, "")
            shares[wanted if wanted in shares else poorest].append(place)
        while len(max(shares.values(), key=len)) - len(min(shares.values(), key=len)) > 1:
            min(shares.values(), key=len).append(max(shares.values(), key=len).pop())
        self.wanted = {place: name for name, places in shares.items() for place in places}
