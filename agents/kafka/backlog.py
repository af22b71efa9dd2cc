"""How many records wait in the inboxes: what was appended less what their groups have read."""

from confluent_kafka import Consumer, KafkaException, TopicPartition

from agents.kafka import clients, names
from agents.kafka.committed import NOT_YET
from agents.settings import Kafka
from schemas.topics import INBOXES

ANSWER_S = 5.0


class Backlog:
    """Asks the broker each time; transaction markers make it a few too high at rest.

    Open transactions are not waited for: a killed agent's stays open for seconds, and whoever asks
    has live leads to take meanwhile.
    """

    def __init__(self, kafka: Kafka) -> None:
        """Connects with the first question."""
        self._kafka = kafka
        self._consumers: dict[str, Consumer] = {}

    def __call__(self) -> int | None:
        """Records in all inboxes that no agent has decided yet; None: the broker cannot tell now.

        Raises `KafkaException` for any other answer.
        """
        try:
            return sum(self._waiting(topic.name, topic.consumers[0]) for topic in INBOXES)
        except KafkaException as error:
            if error.args[0].code() in NOT_YET:
                return None
            raise

    def _waiting(self, topic: str, stage: str) -> int:
        name = names.topic(self._kafka.prefix, topic)
        consumer = self._consumer(names.group_of(self._kafka.prefix, stage))
        numbers = consumer.list_topics(name, timeout=ANSWER_S).topics[name].partitions
        places = [TopicPartition(name, number) for number in numbers]
        return sum(self._behind(consumer, one) for one in consumer.committed(places, ANSWER_S))

    def _behind(self, consumer: Consumer, committed: TopicPartition) -> int:
        low, high = clients.watermarks(consumer, committed.topic, committed.partition, ANSWER_S)
        return high - max(low, committed.offset)

    def _consumer(self, group: str) -> Consumer:
        if group not in self._consumers:
            self._consumers[group] = clients.reader(self._kafka, group, committed=False)
        return self._consumers[group]
