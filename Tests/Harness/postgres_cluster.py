"""A private Postgres for a script: made by initdb in a folder, removed at the end."""

import glob
import os
import pwd
import shutil
import socket
import subprocess
import sys
from pathlib import Path


class PostgresCluster:
    """One server on a free port of 127.0.0.1 with the database `postgres`."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.programs = _programs()
        self.folder.mkdir(mode=0o755, parents=True)
        # Postgres refuses to run as root: the user of Debian's package does it then.
        self.owner = pwd.getpwnam("postgres") if os.getuid() == 0 else None
        if self.owner:
            os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)
        self._run("initdb", "-D", self.folder / "data", "-U", "postgres", "--auth=trust",
                  "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
        self.port = _free_port()
        self.start()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self):
        """Starts the server and waits until it answers."""
        options = (f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off "
                   f"-c unix_socket_directories=''")
        self._run("pg_ctl", "-D", self.folder / "data", "-l", self.folder / "server.log",
                  "-w", "-t", "60", "-o", options, "start")

    def kill(self):
        """Stops the server without a word to its clients."""
        self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop")

    def remove(self):
        """Stops the server and deletes its data."""
        self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop",
                  check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def execute(self, sql):
        """Runs statements (bytes or text; COPY data may follow in them); their output in bytes."""
        data = sql.encode() if isinstance(sql, str) else sql
        result = subprocess.run(
            [self.programs / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.url],
            input=data, capture_output=True, check=False,
            env={**os.environ, "PGCLIENTENCODING": "UTF8"})
        if result.returncode != 0:
            sys.exit(f"psql failed: {result.stderr.decode()}")
        return result.stdout

    def _run(self, program, *arguments, check=True):
        credentials = {}
        if self.owner:
            credentials = {"user": self.owner.pw_uid, "group": self.owner.pw_gid,
                           "extra_groups": []}
        result = subprocess.run(
            [self.programs / program, *arguments], cwd="/", stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT, check=False, **credentials)
        if check and result.returncode != 0:
            log = self.folder / "server.log"
            text = log.read_text()[-2000:] if log.exists() else ""
            sys.exit(f"{program} failed: {(result.stdout or b'').decode()}{text}")


def copy_text(value):
    """A value as a field of a COPY text line; None is NULL."""
    if value is None:
        return "\\N"
    text = str(value)
    for character, escape in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(character, escape)
    return text


def _programs():
    candidates = [os.environ.get("PGBIN", "")]
    candidates += sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
    for candidate in candidates:
        if candidate and os.access(Path(candidate) / "initdb", os.X_OK):
            return Path(candidate)
    sys.exit("no initdb found; install Debian's postgresql package or set PGBIN")


def _free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
