"""The table `packages` in Postgres and in SQLite, with the types that each of them has."""

import json
import sqlite3

from package_index import BOOLEANS, INTEGERS
from postgres_cluster import copy_text

POSTGRES_TYPES = {
    **{column: "bigint" for column in INTEGERS}, **{column: "boolean" for column in BOOLEANS},
    "tags": "text[]", "ratio": "numeric", "sha256": "bytea", "other": "jsonb",
}
SQLITE_CASTS = {
    **{column: "boolean" for column in BOOLEANS},
    "tags": "json", "ratio": "numeric", "other": "json",
}


class PostgresTable:
    """The table in a private Postgres."""

    name = "postgres"
    front_matter = ""

    def __init__(self, server, columns):
        self.server = server
        self.columns = columns
        self.source = f"type: postgres, url: \"{server.url}\""
        definitions = ", ".join(
            f"{column} {POSTGRES_TYPES.get(column, 'text')}" for column in columns)
        server.execute(f"CREATE TABLE packages ({definitions}, PRIMARY KEY (id))")

    def replace(self, keys, rows):
        """Deletes the rows with these keys and inserts `rows`, in one transaction."""
        lines = ["BEGIN;"]
        if keys:
            lines += ["CREATE TEMPORARY TABLE gone (id text) ON COMMIT DROP;",
                      "COPY gone FROM STDIN;", *map(copy_text, keys), "\\.",
                      "DELETE FROM packages USING gone WHERE gone.id = packages.id;"]
        lines.append("COPY packages FROM STDIN;")
        for row in rows:
            lines.append("\t".join(copy_text(_postgres_value(row[column]))
                                   for column in self.columns))
        lines += ["\\.", "COMMIT;", ""]
        self.server.execute("\n".join(lines))


class SQLiteTable:
    """The table in a SQLite database."""

    name = "sqlite"

    def __init__(self, path, columns):
        self.columns = columns
        self.source = f"type: sqlite, path: {path}"
        casts = ", ".join(f"{column}: {cast}" for column, cast in SQLITE_CASTS.items())
        self.front_matter = f"-- types: {{{casts}}}\n"
        self.connection = sqlite3.connect(path)
        self.connection.execute(f"CREATE TABLE packages ({', '.join(columns)})")
        self.connection.execute("CREATE UNIQUE INDEX packages_id ON packages (id)")

    def replace(self, keys, rows):
        """Deletes the rows with these keys and inserts `rows`, in one transaction."""
        places = ", ".join("?" for _ in self.columns)
        with self.connection:
            self.connection.executemany(
                "DELETE FROM packages WHERE id = ?", [(key,) for key in keys])
            self.connection.executemany(
                f"INSERT INTO packages VALUES ({places})",
                ([_sqlite_value(row[column]) for column in self.columns] for row in rows))


def _postgres_value(value):
    if isinstance(value, list):
        escaped = (word.replace("\\", "\\\\").replace('"', '\\"') for word in value)
        return "{" + ",".join(f'"{word}"' for word in escaped) + "}"
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    return json.dumps(value) if isinstance(value, dict) else value


def _sqlite_value(value):
    return json.dumps(value, indent=1) if isinstance(value, (list, dict)) else value
