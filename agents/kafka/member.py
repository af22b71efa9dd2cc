"""Who a worker is to a stage's group: a name that outlives restarts, and this start's own token."""

import secrets
import time
from typing import NamedTuple, Self

from confluent_kafka.admin import AdminClient, MemberDescription

from agents.clock import steady_s

ANSWER_S = 10.0
ASK_AGAIN_S = 0.3
JOINS_S = 4.0
"""Longer than a second worker of our name needs from fencing our transactions to joining."""
EXPIRY_S = 2.0
"""Longer than the broker needs to notice that a session has run out."""


class Member(NamedTuple):
    """A worker in a group. Two starts under one name differ in their token."""

    name: str
    token: str

    @classmethod
    def fresh(cls, name: str) -> Self:
        """This start under a name."""
        return cls(name, secrets.token_hex(8))

    @property
    def client_id(self) -> str:
        """What the group lists a member by."""
        return f"{self.name}/{self.token}"

    def has_namesake(
        self, admin: AdminClient, group: str, member_id: str, session_s: float
    ) -> bool:
        """Whether another start under our name lives in the group, where we are `member_id`.

        Waits for it to join, and then longer than a session lasts: a request of ours that the
        broker answered twice leaves a member behind that is nobody. Raises `KafkaException` where
        the broker cannot tell.
        """
        appears_s = steady_s() + JOINS_S
        seen: set[str] = set()
        while not seen and steady_s() < appears_s:
            seen = self._namesakes(admin, group, member_id)
            time.sleep(ASK_AGAIN_S)
        dead_s = steady_s() + session_s + EXPIRY_S
        while seen and steady_s() < dead_s:
            time.sleep(ASK_AGAIN_S)
            seen &= self._namesakes(admin, group, member_id)
        return bool(seen)

    def _namesakes(self, admin: AdminClient, group: str, member_id: str) -> set[str]:
        found = admin.describe_consumer_groups([group], request_timeout=ANSWER_S)[group].result()
        return {
            one.member_id
            for one in found.members
            if one.member_id != member_id and self._is_of_our_name(one)
        }

    def _is_of_our_name(self, listed: MemberDescription) -> bool:
        """By its static name; or else by its client, of which each start has its own.

        Who takes over a static name is listed with the client of whom it replaced.
        """
        if listed.group_instance_id:
            return bool(listed.group_instance_id == self.name)
        return listed.client_id != self.client_id and listed.client_id.startswith(f"{self.name}/")
