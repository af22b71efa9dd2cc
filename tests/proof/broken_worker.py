"""A worker with promise 1 broken, for the oracle's twin: input offsets outside the transaction.

Runs the product's own agents; only the order of two commits is changed, here and not there. In one
stage's first batch that says something it dies between them, as a crash would have it. Batches that
say nothing (a policy's activation) are passed: to decide those twice would harm nobody.
"""

import os
from collections.abc import Iterable

from confluent_kafka import TopicPartition

from agents.command_line.main import main
from agents.ledger import membership
from agents.ledger.book import Book
from agents.ledger.transaction import Outcome, Production
from tests.agents.ledger.faulty_commits import says
from tests.agents.ledger.toy import trusting

DIES_IN = os.environ.get("BROKEN_DIES_IN", "")
DIED = 9


def run_apart(
    book: Book, production: Iterable[Production], offsets: list[TopicPartition], metadata: object
) -> Outcome:
    """Commits what was decided first and the offsets after it: together no more."""
    del metadata
    records = list(production)
    outcome = book.transactions.run(records, [], None)
    if offsets and says(records) and book.stage.name == DIES_IN:
        os._exit(DIED)
    if offsets:
        book._membership._consumer.commit(offsets=offsets, asynchronous=False)
    return outcome


if __name__ == "__main__":
    setattr(Book, "_run", run_apart)  # noqa: B010 - breaking it is the purpose; no type allows it
    setattr(membership, "start", trusting)  # noqa: B010 - as above
    main()
