"""What only a broker says to a broker: the mark that ends a producer's transaction in a partition.

A coordinator asks for it, and asks again where it is not sure; such a request may be carried out
late. No client library has it, so its two requests are written out here (Kafka's protocol: API 61
`DescribeProducers` version 0, API 27 `WriteTxnMarkers` version 1).
"""

import socket
import struct
from typing import NamedTuple

DESCRIBE, MARK = 61, 27
NO_TAGS = b"\x00"
ONE = b"\x02"
"""The length of an array with one element, plus 1."""
ANSWER_S = 10.0


class Epoch(NamedTuple):
    """Whom a partition takes records from: a producer, as often as it has begun anew."""

    producer_id: int
    epoch: int


def latest(broker: str, topic: str) -> Epoch:
    """The producer that wrote to a topic's partition 0, which has had no other."""
    answer = _asked(broker, DESCRIBE, 0, ONE + _text(topic) + ONE_PARTITION + NO_TAGS * 2)
    # Throttle, one topic with its name, one partition with its number, error and no message.
    at = 4 + 1 + len(_text(topic)) + 1 + 4
    (error,) = struct.unpack_from(">h", answer, at)
    assert error == 0, error
    producer_id, epoch = struct.unpack_from(">qi", answer, at + 2 + 1 + 1)
    return Epoch(producer_id, epoch)


def abort(broker: str, topic: str, whose: Epoch) -> int:
    """Asks for the mark of an aborted transaction in partition 0; gives the broker's error code."""
    head = struct.pack(">qh?", *whose, False)  # noqa: FBT003 - the protocol's: no commit
    coordinator_epoch = struct.pack(">i", 0)
    body = ONE + head + ONE + _text(topic) + ONE_PARTITION + NO_TAGS + coordinator_epoch
    answer = _asked(broker, MARK, 1, body + NO_TAGS * 2)
    # One marker with its producer, one topic with its name, one partition with its number.
    at = 1 + 8 + 1 + len(_text(topic)) + 1 + 4
    (error,) = struct.unpack_from(">h", answer, at)
    return int(error)


ONE_PARTITION = ONE + struct.pack(">i", 0)


def _text(text: str) -> bytes:
    length = len(text) + 1
    assert length < 128, "a longer name has a longer length"
    return bytes([length]) + text.encode()


def _asked(broker: str, api: int, version: int, body: bytes) -> bytes:
    """The body of the broker's answer, behind its header."""
    host, port = broker.split(":")
    head = struct.pack(">hhihx", api, version, 1, -1)
    with socket.create_connection((host, int(port)), ANSWER_S) as connection:
        connection.sendall(struct.pack(">i", len(head) + len(body)) + head + body)
        with connection.makefile("rb") as answers:
            (length,) = struct.unpack(">i", answers.read(4))
            return answers.read(length)[4 + 1 :]
