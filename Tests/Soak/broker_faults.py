"""What brokers and topics can do to a run. Each function is one fault; it returns what it saw."""

import signal
import time

from items import SQLiteItems
from kafka_cluster import KafkaCluster, wait_until
from stage import SECONDS_MAX, Skipped, expect, memory_and_threads

# Buffers of a run over 150,000 rows: pages, batches, what librdkafka may hold (32 MiB).
MEBIBYTES_MAX = 256
# Of Sluice six; librdkafka has one a broker and two more, for each producer.
THREADS_MAX = 32


def broker_paused(stage):
    """The broker hangs in the middle of a run, then continues."""
    trial = stage.trial("broker_paused")
    process = trial.start_and_wait_for_progress()
    stage.kafka.pause()
    try:
        time.sleep(2)
        before = memory_and_threads(process)
        time.sleep(4)
        waits = process.poll() is None
        after = memory_and_threads(process)
    finally:
        stage.kafka.resume()
    expect(waits, f"the run gave up at once: {trial.last_words()}")
    trial.end(process, 0)
    repeated = trial.expect_topic_equals()
    expect(repeated == 0, f"{repeated} messages came twice though no run was broken off")
    # The buffers are full by then: waiting longer takes no more of anything.
    expect(after[0] <= MEBIBYTES_MAX and after[0] - before[0] < 16 and after[1] <= THREADS_MAX,
           f"{before} and then {after} MiB and threads")
    return (f"the run waited 6 s with {after[0]} MiB and {after[1]} threads and ended with 0, "
            "topic equals table, nothing twice")


def broker_paused_too_long(stage):
    """The broker hangs for longer than the delivery timeout."""
    trial = stage.trial("broker_paused_too_long", timeouts="{connect: 5s, delivery: 5s}")
    process = trial.start_and_wait_for_progress()
    stage.kafka.pause()
    try:
        trial.end(process, 1)
        trial.run(1)
    finally:
        stage.kafka.resume()
    trial.run(0)
    repeated = trial.expect_topic_equals()
    return ("ended with 1 while the broker hung, a run against the hanging broker "
            f"too; the next run ended with 0, topic equals table, {repeated} messages again")


def broker_paused_and_stopped(stage):
    """The broker hangs, and then somebody ends the run with SIGTERM."""
    # Only the signal can end it before the test gives up.
    trial = stage.trial("broker_paused_and_stopped", timeouts="{connect: 10s, delivery: 1h}")
    process = trial.start_and_wait_for_progress()
    stage.kafka.pause()
    try:
        process.send_signal(signal.SIGTERM)
        trial.end(process, 143)
    finally:
        stage.kafka.resume()
    trial.run(0)
    repeated = trial.expect_topic_equals()
    return ("ended with 143 while the broker hung; the next run ended with 0, topic equals table, "
            f"{repeated} messages again")


def broker_killed(stage):
    """The broker dies in the middle of a run and comes back."""
    trial = stage.trial("broker_killed")
    process = trial.start_and_wait_for_progress()
    stage.kafka.kill()
    stage.kafka.start()
    trial.end(process, 0)
    repeated = trial.expect_topic_equals()
    return f"the run ended with 0, topic equals table, {repeated} messages again"


def broker_down(stage):
    """Nobody listens where the brokers should be."""
    trial = stage.trial("broker_down", table=stage.small, timeouts="{connect: 3s, delivery: 3s}")
    file = trial.folder / "sluice.yml"
    right = file.read_text()
    file.write_text(right.replace(stage.kafka.brokers, "127.0.0.1:9"))
    trial.run(1, "127.0.0.1:9")
    file.write_text(right)
    trial.run(0)
    trial.expect_topic_equals()
    return "ended with 1 and the address; the next run delivered everything"


def topic_missing(stage):
    """The topic does not exist, and the broker would create it."""
    cluster = stage.other_cluster()
    trial = stage.trial("topic_missing", kafka=cluster, table=stage.small, topic=False)
    before = cluster.topics()
    for _ in range(2):
        trial.run(1, trial.name)
        created = cluster.topics() - before
        expect(not created, f"topics were created: {created}")
    cluster.create_topic(trial.name)
    trial.run(0)
    repeated = trial.expect_topic_equals()
    expect(repeated == 0, f"{repeated} messages came twice")
    return "two runs ended with 1 and created nothing; with the topic, topic equals table"


def message_too_large(stage):
    """One row is larger than the topic takes."""
    table = SQLiteItems(stage.folder / f"large-{stage.delivery}.db")
    rows = {number: (number, f"row {number}", "1.50", None, True) for number in range(3_000)}
    rows[1_234] = (1_234, "x" * 5_000, None, None, None)
    table.replace([], rows.values())
    trial = stage.trial("message_too_large", table=table, max_message_bytes=1000)
    for _ in range(2):
        trial.run(2)
        contents = table.contents()
        del contents["1234"]
        repeated = trial.expect_topic_equals(contents)
        expect(repeated == 0, f"{repeated} messages came twice")
    code, output, errors = trial.project.call("errors", trial.name)
    expect(code == 0 and "1234" in output, f"`errors` does not name it: {output}{errors}")
    table.replace([1_234], [(1_234, "short", None, None, None)])
    trial.run(0)
    trial.expect_topic_equals()
    return ("ended with 2 twice, all rows but one arrived, `errors` names it; "
            "made smaller it arrived")


def another_cluster(stage):
    """Another cluster stands under the same name."""
    cluster = stage.other_cluster()
    trial = stage.trial("another_cluster", table=stage.small)
    trial.run(0)
    cluster.create_topic(trial.name)
    file = trial.folder / "sluice.yml"
    file.write_text(file.read_text().replace(stage.kafka.brokers, cluster.brokers))
    trial.run(1, "another cluster", f"recover {trial.name} --adopt")
    trial.kafka = cluster
    expect(not trial.messages(), "something was sent to the other cluster")
    code, output, errors = trial.project.call("recover", trial.name, "--adopt")
    expect(code == 0, f"`recover --adopt` ended with {code}: {output}{errors}")
    trial.run(0)
    expect(not trial.messages(), "adopting a cluster sent the rows again")
    return "ended with 1, named `recover --adopt`, sent nothing; adopted, the run ended with 0"


def node_killed(stage):
    """Of three brokers one after the other dies: leaders and coordinators move."""
    cluster = KafkaCluster(stage.folder / f"three-{stage.delivery}", brokers=3)
    try:
        trial = stage.trial("node_killed", kafka=cluster)
        for node in ("1", "2", "3"):
            process = trial.start()
            time.sleep(0.4)
            cluster.kill("--node", node)
            trial.end(process, 0)
            cluster.start()
            stage.table.connection.execute("UPDATE items SET name = name || ?", (node,))
            stage.table.connection.commit()
        trial.run(0)
        repeated = trial.expect_topic_equals()
    finally:
        cluster.remove()
    return ("each of three runs lost another of three brokers and ended with 0; "
            f"topic equals table, {repeated} messages again")


def group_deleted(stage):
    """Somebody deletes the group in which Kafka keeps what was committed."""
    if stage.delivery != "exactly_once":
        raise Skipped("at least once there is no group")
    trial = stage.trial("group_deleted")
    trial.run(0)
    _delete_groups(stage.kafka)
    trial.run(0)
    stage.table.connection.execute("UPDATE items SET flag = NOT flag WHERE flag IS NOT NULL")
    stage.table.connection.commit()
    process = trial.start()
    expect(wait_until(lambda: trial.batches("prepared") > 0 or process.poll() is not None,
                      SECONDS_MAX)
           and process.poll() is None, "the run ended too early")
    process.kill()
    process.wait()
    # What the process left open is ended by the next one; nobody may be in the group.
    live = trial.batches("live")
    _delete_groups(stage.kafka)
    trial.run(1, "no longer knows", f"recover {trial.name} --sent", "--not-sent")
    expect(trial.batches("live") == live, "batches became live without an answer")
    code, output, errors = trial.project.call("recover", trial.name, "--not-sent")
    expect(code == 0, f"`recover --not-sent` ended with {code}: {output}{errors}")
    trial.run(0)
    trial.delivery = "at_least_once"
    repeated = trial.expect_topic_equals()
    return ("with nothing waiting the run went on; with a batch waiting it ended with 1 and named "
            f"the choices; after --not-sent topic equals table, {repeated} messages again")


def topic_made_again(stage):
    """A topic is deleted and made again between runs."""
    trial = stage.trial("topic_made_again", table=stage.small)
    trial.run(0)
    stage.kafka.tool("topics", "--delete", "--topic", trial.name)
    wait_until(lambda: trial.name not in stage.kafka.topics(), SECONDS_MAX, step=0.5)
    stage.kafka.create_topic(trial.name)
    trial.run(1, "deleted and made again", f"recover {trial.name} --adopt")
    expect(not trial.messages(), "something was sent before anybody answered")
    for command in ("recover", trial.name, "--adopt"), ("backfill", trial.name):
        code, output, errors = trial.project.call(*command)
        expect(code == 0, f"`{' '.join(command)}` ended with {code}: {output}{errors}")
    repeated = trial.expect_topic_equals()
    expect(repeated == 0, f"{repeated} messages came twice")
    trial.run(0)
    return ("ended with 1 and named `recover --adopt`; after it and `backfill` topic equals "
            "table, nothing twice")


def _delete_groups(kafka):
    groups = kafka.tool("consumer-groups", "--list").decode().split()
    for group in groups:
        if group.startswith("sluice."):
            kafka.tool("consumer-groups", "--delete", "--group", group)


FAULTS = (broker_paused, broker_paused_too_long, broker_paused_and_stopped, broker_killed,
          broker_down, topic_missing, message_too_large, another_cluster, node_killed,
          group_deleted, topic_made_again)
