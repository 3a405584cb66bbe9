"""A table of keyed rows that changes at random, and what a topic of it should hold.

The rows have a surrogate, a natural key and two columns that are a key together. They come, change,
change back, go, come back under another surrogate, are loaded again as a whole, and are broken for
a while, so that no message can be made of them.
"""

import json
import sqlite3

DEFINITION = "id bigint, tenant bigint, code text, region text, doc text"
PRIMARY_KEYS = {"surrogate": ["id"], "natural": ["code"], "composite": ["tenant", "code"]}
REGIONS = ("eu", "us")
ROWS_MAX = 400


class KeyedRows:
    """The rows as they should be, identity -> row, and the SQL of what happened to them."""

    def __init__(self, dice, kind):
        self.dice = dice
        self.columns = PRIMARY_KEYS[kind]
        self.rows = {}
        self.former = {}
        self.gone = []
        self.next_id = 1
        self.version = 0
        self.statements = []

    def step(self):
        """One random change."""
        action = self.dice.random()
        if action < 0.25 or not self.rows:
            self._insert()
        elif action < 0.55:
            self._update()
        elif action < 0.65:
            self._revert()
        elif action < 0.82:
            self._delete()
        elif action < 0.94:
            self._come_back()
        elif action < 0.95:
            self._reload()
        else:
            self._mend()

    def mend_all(self):
        """Makes every row one that can be sent."""
        for row in self.rows.values():
            if row["broken"]:
                self._store({**row, "broken": False})

    def take_statements(self):
        """The SQL of what happened since the last call."""
        taken, self.statements = self.statements, []
        return taken

    def key(self, row):
        """The Kafka key of a row."""
        values = [row[name] for name in self.columns]
        return str(values[0]) if len(values) == 1 else json.dumps(values, separators=(",", ":"))

    @staticmethod
    def document(row):
        """The message of a row; not JSON where it is broken."""
        if row["broken"]:
            return "{"
        return json.dumps({"row": f"{row['tenant']}.{row['code']}.{row['id']}",
                           "version": row["version"]}, separators=(",", ":"))

    def _next_version(self):
        self.version += 1
        return self.version

    def _insert(self):
        if len(self.rows) < ROWS_MAX:
            self._add({"tenant": self.dice.randint(1, 3), "code": f"c{self.dice.randrange(600)}",
                       "region": self.dice.choice(REGIONS), "version": self._next_version(),
                       "broken": self.dice.random() < 0.05})

    def _add(self, row):
        row = {**row, "id": row.get("id") or self.next_id}
        if self.key(row) in self.rows:
            return
        self.next_id = max(self.next_id, row["id"]) + 1
        self.rows[self.key(row)] = row
        self.statements.append(
            f"INSERT INTO t VALUES ({row['id']}, {row['tenant']}, '{row['code']}', "
            f"'{row['region']}', '{self.document(row)}')")

    def _any(self):
        return self.rows[self.dice.choice(list(self.rows))]

    def _update(self):
        row = self._any()
        self.former[self.key(row)] = row
        moves = self.dice.random() < 0.25
        self._store({**row, "version": self._next_version(),
                     "region": self.dice.choice(REGIONS) if moves else row["region"],
                     "broken": self.dice.random() < 0.05})

    def _revert(self):
        row = self._any()
        old = self.former.get(self.key(row))
        if old:
            self.former[self.key(row)] = row
            self._store({**old, "id": row["id"]})

    def _store(self, row):
        self.rows[self.key(row)] = row
        self.statements.append(
            f"UPDATE t SET region = '{row['region']}', doc = '{self.document(row)}' "
            f"WHERE id = {row['id']}")

    def _delete(self):
        row = self._any()
        del self.rows[self.key(row)]
        self.gone.append(row)
        self.statements.append(f"DELETE FROM t WHERE id = {row['id']}")

    def _come_back(self):
        if self.gone:
            row = self.gone.pop(self.dice.randrange(len(self.gone)))
            self._add({**row, "id": row["id"] if self.columns == ["id"] else None})

    def _reload(self):
        """The table is emptied and loaded again, some rows changed, all under new surrogates."""
        if self.columns == ["id"]:
            return
        rows = list(self.rows.values())
        self.dice.shuffle(rows)
        self.rows = {}
        self.statements.append("DELETE FROM t")
        for row in rows:
            changed = self.dice.random() < 0.25
            self._add({**row, "id": None,
                       "version": self._next_version() if changed else row["version"]})

    def _mend(self):
        broken = [row for row in self.rows.values() if row["broken"]]
        if broken:
            self._store({**self.dice.choice(broken), "broken": False})


class PostgresRows:
    """The table in a private Postgres."""

    name = "postgres"

    def __init__(self, server):
        self.server = server
        self.source = f"type: postgres, url: \"{server.url}\""

    def apply(self, statements):
        """Runs the statements in one transaction."""
        self.server.execute(";\n".join(["BEGIN", *statements, "COMMIT", ""]))

    def create(self):
        """Makes the table, in place of another one."""
        self.apply(["DROP TABLE IF EXISTS t", f"CREATE TABLE t ({DEFINITION})"])


class SQLiteRows:
    """The table in a SQLite database."""

    name = "sqlite"

    def __init__(self, path):
        self.source = f"type: sqlite, path: {path}"
        self.connection = sqlite3.connect(path, isolation_level=None)

    def apply(self, statements):
        """Runs the statements in one transaction."""
        self.connection.executescript(";\n".join(["BEGIN", *statements, "COMMIT", ""]))

    def create(self):
        """Makes the table, in place of another one."""
        self.apply(["DROP TABLE IF EXISTS t", f"CREATE TABLE t ({DEFINITION})"])
