"""A Sluice project in a folder of its own, and the program that runs it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from kafka_cluster import REPOSITORY


def sluice_program():
    """$SLUICE, else the newer one of the release and the debug build."""
    chosen = os.environ.get("SLUICE")
    if chosen:
        return str(Path(chosen).resolve())
    builds = [REPOSITORY / ".build" / kind / "sluice" for kind in ("release", "debug")]
    builds = [build for build in builds if os.access(build, os.X_OK)]
    if not builds:
        sys.exit("no sluice here; `make optimized`, or set SLUICE")
    return str(max(builds, key=lambda build: build.stat().st_mtime))


def temporary_folder(name):
    """A new folder that the server's user may enter too; SIGTERM ends a script tidily from now."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    folder = Path(tempfile.mkdtemp(prefix=f"sluice-{name}-"))
    folder.chmod(0o755)
    return folder


class SluiceProject:
    """Writes the files of a project and runs commands in it."""

    def __init__(self, folder, sources, brokers, timeouts="{connect: 60s, delivery: 15min}"):
        self.folder = Path(folder)
        self.program = sluice_program()
        for name in ("models", "syncs"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        lines = ["sources:", *(f"  {name}: {{{text}}}" for name, text in sources.items()),
                 "destinations:",
                 f"  events: {{type: kafka, brokers: \"{brokers}\", tls: false, "
                 f"timeouts: {timeouts}}}", ""]
        (self.folder / "sluice.yml").write_text("\n".join(lines))

    def add_sync(self, name, model, sync):
        """Adds a model and the sync of the same name."""
        (self.folder / "models" / f"{name}.sql").write_text(model)
        (self.folder / "syncs" / f"{name}.yml").write_text(f"model: {name}\n{sync}")

    def state(self, name):
        """Path of the state file of a sync."""
        return self.folder / "state" / f"{name}.db"

    def start(self, *arguments):
        """Starts a command and returns its process; what it says is kept in `log`."""
        with open(self.folder / "log", "ab") as log:
            return subprocess.Popen(
                [self.program, *arguments, "-C", str(self.folder)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def call(self, *arguments, environment=()):
        """Runs a command to its end: exit code, standard output and standard error."""
        result = subprocess.run(
            [self.program, *arguments, "-C", str(self.folder)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
            env={**os.environ, **dict(environment)})
        with open(self.folder / "log", "a", encoding="utf-8") as log:
            log.write(result.stderr)
        return result.returncode, result.stdout, result.stderr

    def run(self, name, *arguments, code=0):
        """Runs a sync, insists on its exit code, and returns its report."""
        actual, output, errors = self.call("run", name, "--output", "json", *arguments)
        if actual != code:
            sys.exit(f"sluice run {name} ended with {actual}, not {code}: {output}{errors}")
        return json.loads(output)["syncs"][0]


def examine_state(path):
    """What a state file that nobody has open holds: integrity check, batches a state.

    Works on a copy: opening the file itself would finish what SQLite left in the log, which is
    the work of the next run.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "state.db"
        for suffix in ("", "-wal", "-journal"):
            original = Path(f"{path}{suffix}")
            if original.exists():
                Path(f"{copy}{suffix}").write_bytes(original.read_bytes())
        if not copy.exists():
            return "ok", {}
        connection = sqlite3.connect(copy)
        try:
            integrity = connection.execute("PRAGMA integrity_check").fetchone()[0]
            has_batches = connection.execute(
                "SELECT count(*) FROM sqlite_schema WHERE name = 'batch'").fetchone()[0]
            batches = dict(connection.execute(
                "SELECT state, count(*) FROM batch GROUP BY state")) if has_batches else {}
        finally:
            connection.close()
    return integrity, batches
