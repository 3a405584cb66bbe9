"""What happens to processes: runs and databases. Each function is one fault."""

import random
import re
import shutil
import signal
import subprocess
import time

from items import Items, PostgresItems, SQLiteItems
from kafka_cluster import wait_until
from postgres_cluster import PostgresCluster
from stage import SECONDS_MAX, Skipped, expect


def second_run(stage):
    """A run is started while another one of the sync is in progress."""
    trial = stage.trial("second_run")
    process = trial.start_and_wait_for_progress()
    code, _, errors = trial.project.call("run", trial.name)
    expect(process.poll() is None, "the second run waited for the first, or came too late")
    waiting = trial.project.start("run", trial.name, "--wait", "10min")
    expect(code == 75, f"exit code {code}, not 75: {errors}")
    trial.end(process, 0)
    trial.end(waiting, 0)
    repeated = trial.expect_topic_equals()
    expect(repeated == 0, f"{repeated} messages came twice")
    return ("ended with 75 while the first continued, the first with 0, one with --wait with 0; "
            "topic equals table, nothing twice")


def signals(stage):
    """SIGTERM and SIGINT in the middle of a run."""
    # Slow enough to be in the middle of it: a little work for every row.
    select = ("SELECT items.*, (WITH RECURSIVE steps (n) AS (SELECT 1 UNION ALL SELECT n + 1 "
              "FROM steps WHERE n < 60 + 0 * id) SELECT max(n) FROM steps) AS steps FROM items")
    trial = stage.trial("signals", select=select)
    process = trial.start_and_wait_for_progress()
    process.send_signal(signal.SIGTERM)
    trial.end(process, 143)
    before = trial.batches("live")
    process = trial.start()
    expect(wait_until(lambda: trial.batches("live") > before or process.poll() is not None,
                      SECONDS_MAX)
           and process.poll() is None, "the second run ended too early")
    process.send_signal(signal.SIGINT)
    trial.end(process, 130)
    trial.run(0)
    contents = {key: {**row, "steps": "60"} for key, row in trial.table.contents().items()}
    repeated = trial.expect_topic_equals(contents)
    return ("ended with 143 and with 130; the next run ended with 0, "
            f"topic equals table, {repeated} messages again")


def side_by_side(stage):
    """Eight syncs at once, four at a time, while other commands read their states."""
    trial = stage.trial("side_by_side", table=stage.small)
    names = [trial.name] + [f"{trial.name}_{number}" for number in range(1, 8)]
    model = (trial.folder / "models" / f"{trial.name}.sql").read_text()
    sync = (trial.folder / "syncs" / f"{trial.name}.yml").read_text().split("\n", 1)[1]
    for name in names[1:]:
        stage.kafka.create_topic(name)
        trial.project.add_sync(name, model, sync.replace(trial.name, name))
    readings = 0
    for _ in range(2):
        process = trial.project.start("run", "--jobs", "4")
        while process.poll() is None:
            for command in (["status"], ["errors", names[3]], ["messages", names[4]],
                            ["runs", names[5]], ["inspect", names[6]]):
                code, output, errors = trial.project.call(*command)
                # Before the first run of a sync there is nothing to read.
                expect(code == 0 or re.search("no state|empty|no run", output + errors),
                       f"{' '.join(command)} ended with {code}: {errors[-300:]}")
                readings += 1
        trial.end(process, 0)
    contents = stage.small.contents()
    for name in names:
        trial.name = name
        repeated = trial.expect_topic_equals(contents)
        expect(repeated == 0, f"{repeated} messages came twice in {name}")
    return (f"two runs of eight syncs, four at a time, and {readings} readings of their states "
            "meanwhile ended with 0; every topic equals the table, nothing twice")


def stopped_process(stage):
    """A run is stopped for some seconds (SIGSTOP) and continues."""
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
    server = PostgresCluster(stage.folder / f"postgres-{stage.delivery}")
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
        # Its query is under way; it needs three seconds of rest at least.
        asks = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY%'"
        expect(wait_until(lambda: server.execute(asks).strip() != b"0" or process.poll() is not None,
                          SECONDS_MAX) and process.poll() is None, "the second run ended too early")
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


def stopped_past_its_transaction(stage):
    """A run is stopped (SIGSTOP) until the broker has ended its transaction."""
    if stage.delivery != "exactly_once":
        raise Skipped("at least once there is no transaction")
    trial = stage.trial("stopped_past_its_transaction")
    process = trial.start_and_wait_for_progress()
    process.send_signal(signal.SIGSTOP)
    # What the broker does by itself after the transaction timeout of 60 s.
    names = stage.kafka.tool("transactions", "list").decode()
    ended = 0
    for line in names.split("\n"):
        if line.startswith("sluice.") and "Ongoing" in line:
            stage.kafka.tool("transactions", "forceTerminateTransaction",
                             "--transactionalId", line.split()[0])
            ended += 1
    process.send_signal(signal.SIGCONT)
    trial.end(process, 0)
    trial.expect_topic_equals()
    return (f"the broker ended {ended} open transactions; the run went on with a new producer "
            "and ended with 0, topic equals table, nothing twice")


def clock_set_back(stage):
    """The clock goes back a day between runs, and forward again."""
    compiler = shutil.which("cc") or shutil.which("clang")
    if not compiler:
        raise Skipped("no C compiler here to change what a process sees of the clock")
    shim = stage.folder / "clock.so"
    if not shim.exists():
        source = stage.folder / "clock.c"
        source.write_text(CLOCK)
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", shim, source, "-ldl"], check=True)
    items = Items(random.Random(3), 3_000)
    table = SQLiteItems(stage.folder / f"clock-{stage.delivery}.db")
    table.replace([], items.rows.values())
    trial = stage.trial("clock_set_back", table=table)
    for environment in ({}, {"LD_PRELOAD": str(shim)}, {}):
        code, _, errors = trial.project.call("run", trial.name, environment=environment)
        expect(code == 0, f"exit code {code}: {errors[-300:]}")
        touched = items.burst()
        table.replace(touched, [items.rows[key] for key in touched if key in items.rows])
    code, output, _ = trial.project.call("runs", trial.name)
    expect(code == 0 and len(output.split("\n")) > 3, f"`runs` says {output}")
    trial.run(0)
    repeated = trial.expect_topic_equals()
    expect(repeated == 0, f"{repeated} messages came twice")
    return "four runs, one of them a day earlier, ended with 0; topic equals table, nothing twice"


# What a process sees of the wall clock, a day back.
CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
#define DAY 86400

int clock_gettime(clockid_t clock, struct timespec *time) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
  int code = real(clock, time);
  if (code == 0 && clock == CLOCK_REALTIME) time->tv_sec -= DAY;
  return code;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}
"""

FAULTS = (second_run, side_by_side, signals, stopped_process, stopped_past_its_transaction, database_killed,
          clock_set_back)
