"""What happens to processes: runs and databases. Each function is one fault."""

import random
import signal
import time

from items import Items, PostgresItems
from kafka_cluster import wait_until
from postgres_cluster import PostgresCluster
from stage import expect


def second_run(stage):
    """A run is started while another one of the sync goes on."""
    trial = stage.trial("second_run")
    process = trial.start_and_wait_for_progress()
    started = time.monotonic()
    code, _, errors = trial.project.call("run", trial.name)
    seconds = time.monotonic() - started
    expect(process.poll() is None, "the first run ended too early")
    waiting = trial.project.start("run", trial.name, "--wait", "60s")
    expect(code == 75, f"exit code {code}, not 75: {errors}")
    expect(seconds < 2, f"it took {seconds:.1f} s to say so")
    trial.end(process, 0)
    trial.end(waiting, 0)
    repeated = trial.expect_topic_equals()
    expect(repeated == 0, f"{repeated} messages came twice")
    return (f"ended with 75 after {seconds:.2f} s, the first with 0, one with --wait with 0; "
            "topic equals table, nothing twice")


def signals(stage):
    """SIGTERM and SIGINT in the middle of a run."""
    trial = stage.trial("signals")
    process = trial.start_and_wait_for_progress()
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    trial.end(process, 143)
    seconds = time.monotonic() - started
    before = trial.batches("live")
    process = trial.start()
    expect(wait_until(lambda: trial.batches("live") > before or process.poll() is not None, 60)
           and process.poll() is None, "the second run ended too early")
    process.send_signal(signal.SIGINT)
    trial.end(process, 130)
    trial.run(0)
    repeated = trial.expect_topic_equals()
    return (f"ended with 143 after {seconds:.1f} s and with 130; the next run ended with 0, "
            f"topic equals table, {repeated} messages again")


def stopped_process(stage):
    """A run is stopped for some seconds (SIGSTOP) and goes on."""
    trial = stage.trial("stopped_process")
    process = trial.start_and_wait_for_progress()
    process.send_signal(signal.SIGSTOP)
    time.sleep(4)
    process.send_signal(signal.SIGCONT)
    trial.end(process, 0)
    repeated = trial.expect_topic_equals()
    expect(repeated == 0, f"{repeated} messages came twice")
    return "the run ended with 0, topic equals table, nothing twice"


def database_killed(stage):
    """Postgres dies in the middle of a scan, then is down."""
    server = PostgresCluster(stage.folder / "postgres")
    try:
        items = Items(random.Random(1), 30_000)
        table = PostgresItems(server)
        table.replace([], items.rows.values())
        # Slow enough to die within it: 300 rests of 10 ms.
        select = ("SELECT items.*, CASE WHEN id % 100 = 0 THEN pg_sleep(0.01)::text END AS rest "
                  "FROM items")
        trial = stage.trial("database_killed", table=table, select=select)
        process = trial.start_and_wait_for_progress()
        server.kill()
        trial.end(process, 1)
        server.start()
        trial.run(0)
        sent = len(trial.messages())
        touched = items.burst()
        table.replace(touched, [items.rows[key] for key in touched if key in items.rows])
        process = trial.start()
        time.sleep(1.5)
        expect(process.poll() is None, "the second run ended too early")
        server.kill()
        trial.end(process, 1)
        trial.run(1, "source")
        expect(len(trial.messages()) == sent, "a scan that broke off sent something")
        server.start()
        trial.run(0)
        contents = table.contents()
        for number, row in contents.items():
            row["rest"] = "" if int(number) % 100 == 0 else None
        repeated = trial.expect_topic_equals(contents)
    finally:
        server.remove()
    return ("died in a first sync and in a scan, then was down: ended with 1, the broken scan "
            f"sent nothing; back again, topic equals table, {repeated} messages again")


FAULTS = (second_run, signals, stopped_process, database_killed)
