"""What can happen to a state file. Each function is one fault; it returns what it saw."""

import os
import shutil
import sqlite3
import subprocess

from stage import Skipped, Wrong, expect


def disk_full(stage):
    """The disk of the state has no room left in the middle of a run."""
    if os.getuid() != 0:
        raise Skipped("only root can make a small disk")
    trial = stage.trial("disk_full")
    folder = trial.folder / "state"
    folder.mkdir(mode=0o700)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "tmpfs", folder],
        capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        raise Skipped(f"no tmpfs here: {mounted.stderr.strip()}")
    try:
        trial.run(1, "(?i)full|space")
        trial.run(1, "(?i)full|space")
        subprocess.run(["mount", "-o", "remount,size=200m", folder], check=True)
        trial.run(0)
        repeated = trial.expect_topic_equals()
        integrity = sqlite3.connect(trial.state).execute("PRAGMA integrity_check").fetchone()[0]
        expect(integrity == "ok", integrity)
    finally:
        subprocess.run(["umount", "-l", folder], check=False)
    return ("two runs ended with 1 and said why; with room the next ended with 0, "
            f"topic equals table, {repeated} messages again, the state is sound")


def state_damaged(stage):
    """State files that are cut off, from the future, no database, another program's, unreadable."""
    trial = stage.trial("state_damaged", table=stage.small)
    trial.run(0)
    sent = len(trial.messages())
    good = trial.folder / "good.db"
    shutil.copyfile(trial.state, good)
    for what, spoil, words in SPOILED:
        shutil.copyfile(good, trial.state)
        spoil(trial.state)
        before = trial.state.read_bytes()
        try:
            trial.run(1, *words, str(trial.state))
        except Wrong as wrong:
            raise Wrong(f"{what}: {wrong}") from wrong
        expect(trial.state.read_bytes() == before, f"{what}: the file was changed")
        _remove_log(trial.state)
    expect(len(trial.messages()) == sent, "something was sent")
    shutil.copyfile(good, trial.state)
    trial.run(0)
    expect(len(trial.messages()) == sent, "the state put back was not enough")
    names = ", ".join(what for what, _, _ in SPOILED)
    return (f"{names}: ended with 1 and named the file, which stayed as it was; "
            "nothing was sent; put back, the run ended with 0")


def state_not_writable(stage):
    """The state file may only be read."""
    trial = stage.trial("state_not_writable", table=stage.small)
    trial.run(0)
    sent = len(trial.messages())
    trial.state.chmod(0o400)
    command = [trial.project.program, "run", trial.name, "-C", str(trial.folder)]
    if os.getuid() == 0:
        if not shutil.which("setpriv"):
            raise Skipped("root may write everything, and there is no setpriv")
        command = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", *command]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    expect(result.returncode == 1 and str(trial.state) in result.stderr,
           f"exit code {result.returncode}: {result.stderr}")
    trial.state.chmod(0o600)
    trial.run(0)
    expect(len(trial.messages()) == sent, "something was sent")
    return "ended with 1 and named the file; nothing was sent; writable again, ended with 0"


def state_locked(stage):
    """Another program holds the state file locked."""
    trial = stage.trial("state_locked", table=stage.small)
    trial.run(0)
    sent = len(trial.messages())
    other = sqlite3.connect(trial.state, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    trial.run(1, str(trial.state))
    other.execute("ROLLBACK")
    other.close()
    trial.run(0)
    expect(len(trial.messages()) == sent, "something was sent")
    return "ended with 1 and named the file; unlocked, ended with 0"


def state_missing(stage):
    """There is no state, and the sync requires one."""
    trial = stage.trial("state_missing", table=stage.small)
    file = trial.folder / "syncs" / f"{trial.name}.yml"
    right = file.read_text()
    file.write_text(right + "state: {required: true}\n")
    trial.run(1, "required")
    expect(not trial.messages(), "something was sent")
    file.write_text(right)
    trial.run(0)
    return "ended with 1 and sent nothing; without the demand the first sync began"


def _truncate(path):
    os.truncate(path, path.stat().st_size // 2)


def _from_the_future(path):
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def _no_database(path):
    path.write_bytes(b"these are no rows\n" * 10_000)


def _of_another_program(path):
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (precious)")
    connection.close()


def _remove_log(path):
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


SPOILED = (
    ("cut off", _truncate, ("(?i)damaged|malformed|corrupt",)),
    ("from the future", _from_the_future, ("newer",)),
    ("no database", _no_database, ("(?i)not a database|damaged",)),
    ("another program's", _of_another_program, ("not a state",)),
)

FAULTS = (disk_full, state_damaged, state_not_writable, state_locked, state_missing)
