"""Where the faults are tried: a cluster, a table with enough rows, projects over them."""

import random
import re
import sqlite3
from pathlib import Path

from history import History
from items import Items, SQLiteItems
from kafka_cluster import KafkaCluster, run_until, wait_until
from sluice_project import SluiceProject
from topic_reader import read_with_kcat

# Enough for a fault to come in the middle of a first sync.
ROWS = 150_000
ROWS_OF_SMALL_TABLE = 5_000
# Far beyond what a loaded machine needs: a run that is still there then hangs.
SECONDS_MAX = 900
DELIVERIES = ("at_least_once", "exactly_once")


class Wrong(Exception):
    """What a fault was answered with is not what it should be."""


class Skipped(Exception):
    """This machine cannot do what the fault needs."""


def expect(is_right, what):
    """Raises where something is not as it should be."""
    if not is_right:
        raise Wrong(what)


def memory_and_threads(process):
    """What a running process holds now: resident MiB, threads."""
    status = dict(line.split(":", 1) for line in
                  Path(f"/proc/{process.pid}/status").read_text().splitlines() if ":" in line)
    return int(status["VmRSS"].split()[0]) // 1024, int(status["Threads"])


class Stage:
    """What all faults share: a cluster and two tables, one of them `small`, that do not change."""

    def __init__(self, folder, seed):
        self.folder = Path(folder)
        self.delivery = DELIVERIES[0]
        self.kafka = KafkaCluster(self.folder / "kafka")
        self.table = self._table("items.db", seed, ROWS)
        self.small = self._table("small.db", seed, ROWS_OF_SMALL_TABLE)
        self._other = None

    def _table(self, name, seed, rows):
        table = SQLiteItems(self.folder / name)
        table.replace([], Items(random.Random(seed), rows).rows.values())
        return table

    def other_cluster(self):
        """A second cluster, whose broker creates topics that somebody names."""
        if self._other is None:
            self._other = KafkaCluster(
                self.folder / "other", settings=["auto.create.topics.enable=true"])
        return self._other

    def remove(self):
        """Stops the clusters."""
        for cluster in filter(None, (self._other, self.kafka)):
            cluster.remove()

    def trial(self, name, kafka=None, table=None, select="SELECT * FROM items", topic=True,
              timeouts="{connect: 60s, delivery: 15min}", **config):
        """A project with the sync `name` over a topic of its own."""
        return Trial(self, name, kafka or self.kafka, table or self.table, select, topic,
                     timeouts, config)


class Trial:
    """One sync, the commands on it and what its topic holds."""

    def __init__(self, stage, name, kafka, table, select, topic, timeouts, config):
        self.delivery = stage.delivery
        self.name = name = f"{name}_{self.delivery}"
        self.kafka, self.table = kafka, table
        self.folder = stage.folder / name
        if topic:
            kafka.create_topic(name, **config)
        self.project = SluiceProject(
            self.folder, {"source": table.source}, kafka.brokers, timeouts)
        self.project.add_sync(
            name, f"-- ---\n-- primary_key: id\n{table.front_matter}-- ---\n{select}\n",
            f"topic: {name}\nkey: {{column: id}}\ndelivery: {self.delivery}\n")
        self.state = self.project.state(name)

    def start(self):
        """A run in the background."""
        return self.project.start("run", self.name)

    def start_and_wait_for_progress(self):
        """A run in the background of which Kafka has acknowledged something, but not all."""
        process = self.start()
        is_under_way = wait_until(
            lambda: self.batches("live") >= 1 or process.poll() is not None, SECONDS_MAX)
        expect(is_under_way and process.poll() is None,
               f"the run ended too early or never began ({process.poll()})")
        return process

    def end(self, process, code):
        """Waits for the end of a run and insists on its exit code."""
        expect(run_until(SECONDS_MAX, process),
               f"the run is still there after {SECONDS_MAX} s")
        expect(process.returncode == code,
               f"exit code {process.returncode}, not {code}: {self.last_words()}")

    def run(self, code=0, *words):
        """Runs to the end; exit code and every one of `words` in what it says are insisted on."""
        actual, output, errors = self.project.call("run", self.name, "--output", "json")
        expect(actual == code, f"exit code {actual}, not {code}: {errors.strip()[-300:]}")
        for word in words:
            expect(re.search(word, errors), f"'{word}' is not in: {errors.strip()[-300:]}")
        return output

    def last_words(self):
        """The last lines that runs in the background wrote."""
        return (self.folder / "log").read_text()[-300:].strip()

    def batches(self, state):
        """How many batches of this kind the state has; none while it cannot be read."""
        try:
            with sqlite3.connect(f"file:{self.state}?mode=ro", uri=True) as connection:
                query = "SELECT count(*) FROM batch WHERE state = ?"
                return connection.execute(query, (state,)).fetchone()[0]
        except sqlite3.Error:
            return 0

    def messages(self):
        """Everything in the topic."""
        return read_with_kcat(self.kafka.brokers, self.name)

    def expect_topic_equals(self, contents=None):
        """Folds the topic, insists that it is the table; the number of repeated messages."""
        history = History(self.messages())
        contents = self.table.contents() if contents is None else contents
        history.compare(contents)
        expect(not history.faults,
               f"{len(history.faults)} faults, such as {(history.faults or [''])[0][:300]}")
        expect(self.delivery == "at_least_once" or history.repeated == 0,
               f"{history.repeated} messages came twice")
        return history.repeated
