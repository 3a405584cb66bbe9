"""A real Kafka for a script: started in a folder, read from, broken on purpose, removed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from create_topic import create_topic

REPOSITORY = Path(__file__).resolve().parents[2]
# A broker that lives for minutes compiles more than it computes, if it may.
BROKER_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:+UseSerialGC"


def kit_folder():
    """The kit with Kafka and its scripts; None where this machine has none."""
    place = Path(os.environ.get("KAFKA_KIT") or REPOSITORY.parent / "shared" / "kafka")
    return place if os.access(place / "bin" / "kafka-up", os.X_OK) else None


def require_kit(name):
    """Ends the script with 0, saying that `name` is skipped, where there is no kit."""
    if kit_folder() is None:
        print(f"SKIPPED {name}: no real Kafka here (KAFKA_KIT or ../shared/kafka)")
        sys.exit(0)


class KafkaCluster:
    """One node (or more) in `folder`; settings are broker settings, `KEY=VALUE`."""

    def __init__(self, folder, settings=(), brokers=1):
        self.folder = Path(folder)
        self.kit = kit_folder()
        self.start(*[word for setting in settings for word in ("--set", setting)],
                   "--brokers", str(brokers))
        self.brokers = self.variable("KAFKA_BOOTSTRAP")

    def start(self, *arguments):
        """Starts what is not running; data, ports and settings stay."""
        self.script("kafka-up", *arguments)

    def kill(self, *arguments):
        """Kills the brokers as kill -9 does; `--node K` only one of them."""
        self.script("kafka-down", "--kill", *arguments)

    def pause(self):
        """The broker keeps its connections open and answers nothing."""
        self.script("kafka-pause")

    def resume(self):
        """Ends a pause."""
        self.script("kafka-resume")

    def remove(self):
        """Stops the cluster and deletes its data."""
        self.script("kafka-down", "--kill", "--wipe", check=False)

    def script(self, name, *arguments, check=True):
        """Runs a script of the kit on this cluster; its output is shown where it fails."""
        result = subprocess.run(
            [self.kit / "bin" / name, self.folder, *arguments],
            env={"KAFKA_OPTS": BROKER_OPTIONS, **os.environ},
            capture_output=True, text=True, check=False)
        if check and result.returncode != 0:
            sys.exit(f"{name} failed: {result.stdout}{result.stderr}")

    def variable(self, name):
        """A variable of the cluster's `env` file."""
        return subprocess.run(
            ["bash", "-c", 'source "$1/env"; printf %s "${!2}"', "-", self.folder, name],
            capture_output=True, text=True, check=True).stdout

    def tool(self, *arguments, check=True):
        """Runs one of Kafka's own tools (`topics`, `console-consumer` …); its output in bytes."""
        result = subprocess.run(
            ["bash", "-c", 'source "$1/env"; shift; exec "$@"', "-", self.folder,
             self.kit / "bin" / "kafka", *arguments], capture_output=True, check=False)
        if check and result.returncode != 0:
            sys.exit(f"kafka {' '.join(arguments)} failed: {result.stderr.decode()}")
        return result.stdout

    def create_topic(self, name, partitions=3, **config):
        """Creates a topic; `max_message_bytes=1000` sets `max.message.bytes`."""
        settings = {key.replace("_", "."): str(value) for key, value in config.items()}
        create_topic(self.brokers, name, partitions, settings)

    def topics(self):
        """Names of all topics but Kafka's own."""
        names = self.tool("topics", "--list").decode().split()
        return {name for name in names if not name.startswith("__")}


def run_until(deadline, process):
    """Waits for `process` at most `deadline` seconds; then kills it. True when it ended itself."""
    try:
        process.wait(timeout=deadline)
        return True
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return False


def wait_until(condition, seconds, step=0.01):
    """Asks `condition` again and again; whether it came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(step)
    return False
