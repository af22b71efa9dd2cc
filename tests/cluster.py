"""Three Kafka brokers on 127.0.0.1, each partition on all of them: one may be killed."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from tests.broker import START_TIMEOUT_S, Broker, free_ports, silent
from tests.broker_process import JavaProcess, cluster_id, wait_until

BROKERS = 3
REPLICATED = {
    "offsets.topic.replication.factor": "3",
    "transaction.state.log.replication.factor": "3",
    "transaction.state.log.min.isr": "2",
    "share.coordinator.state.topic.replication.factor": "3",
    "share.coordinator.state.topic.min.isr": "2",
    "min.insync.replicas": "2",
}


class Cluster:
    """Brokers that are controllers too; `bootstrap` names all of them."""

    def __init__(self, folder: Path) -> None:
        """Prepares them; nothing runs yet."""
        ports = free_ports(2 * BROKERS)
        clients, controllers = ports[:BROKERS], ports[BROKERS:]
        voters = ",".join(f"{n}@127.0.0.1:{port}" for n, port in enumerate(controllers, 1))
        name = cluster_id()
        self.processes = []
        for number, (client, controller) in enumerate(zip(clients, controllers, strict=True), 1):
            own = {"node.id": str(number), "controller.quorum.voters": voters}
            process = JavaProcess(
                folder / str(number),
                client,
                controller,
                quick=True,
                changes=REPLICATED | own,
                cluster=name,
            )
            self.processes.append(process)
        self.brokers = [Broker(*each) for each in zip(self.processes, clients, strict=True)]
        self.bootstrap = ",".join(broker.bootstrap for broker in self.brokers)

    def start(self) -> None:
        """Starts all of them and waits until each knows of the others.

        Raises:
            BrokerUnavailableError: one ended, or they did not find together in time.
        """
        for process in self.processes:
            process.start()
        for _ in wait_until(START_TIMEOUT_S, self.processes[0]):
            if self._are_complete():
                return

    def leader_of(self, topic: str, partition: int) -> Broker:
        """The broker that leads a partition now."""
        listed = AdminClient({"bootstrap.servers": self.bootstrap}).list_topics(topic, timeout=5)
        return self.brokers[listed.topics[topic].partitions[partition].leader - 1]

    def _are_complete(self) -> bool:
        client = AdminClient({"bootstrap.servers": self.bootstrap}, logger=silent())
        try:
            return len(client.list_topics(timeout=5).brokers) == BROKERS
        except KafkaException:
            return False

    def close(self) -> None:
        """Ends them and removes their data."""
        for process in self.processes:
            process.close()


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Runs three brokers for the time of a `with` block.

    Raises:
        BrokerUnavailableError: Kafka's jars cannot be had, or Java.
    """
    with tempfile.TemporaryDirectory(prefix="leadstream-cluster-") as scratch:
        cluster = Cluster(Path(scratch))
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.close()
