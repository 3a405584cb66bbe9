"""A table that changes at random, in Postgres or in SQLite, and what it should hold."""

import json
import sqlite3

from postgres_cluster import copy_text

COLUMNS = ("id", "name", "amount", "note", "flag")
WORDS = ("gravel", "gold", "", "a\tb", "l\nf", "\\N", "\"q\"", "né 漢 🪙", "x" * 300)
DEFINITION = "id bigint PRIMARY KEY, name text, amount {number}, note text, flag boolean"


class Items:
    """The rows as they should be, id -> values, and how they change."""

    def __init__(self, dice, rows):
        self.dice = dice
        self.rows = {number: self._values(number) for number in range(rows)}
        self.next = rows
        self.former = {}
        # The table stays about as large as it was, so that runs stay as short.
        self.rows_max = 2 * rows

    def burst(self):
        """Changes the rows; the ids of those that are new, differ or are gone."""
        # From one to thousands, so that kills land in every part of a run.
        size = self.dice.choice((1, 50, 2_000, 5_000, 8_000, 12_000))
        touched = set()
        for _ in range(size):
            action = self.dice.random()
            if (action < 0.12 and len(self.rows) < self.rows_max) or len(self.rows) < 1_000:
                # Some come back under the id of one that was removed.
                gone = action < 0.05 and self.former
                number = self.dice.choice(list(self.former)[:50]) if gone else self.next
                if number in self.rows:
                    continue
                self.next = max(self.next, number + 1)
                self.rows[number] = self._values(number)
            else:
                number = self.dice.randrange(self.next)
                if number not in self.rows:
                    continue
                if action < 0.22:
                    self.former[number] = self.rows.pop(number)
                else:
                    self._update(number)
            touched.add(number)
        return touched

    def _update(self, number):
        old = self.rows[number]
        # Two of five updates bring back what the row was before.
        if number in self.former and self.dice.random() < 0.4:
            new = self.former[number]
        else:
            new = self._values(number)
        self.former[number], self.rows[number] = old, new

    def _values(self, number):
        dice = self.dice
        amount = dice.choice((None, f"{dice.randrange(1000)}.{dice.randrange(100):02}", "0", "0.0"))
        note = dice.choice((None, *WORDS))
        return (number, f"item {number} {dice.randrange(5)}", amount, note,
                dice.choice((None, True, False)))


class PostgresItems:
    """The table in a private Postgres."""

    name = "postgres"
    front_matter = ""

    def __init__(self, server):
        self.server = server
        self.source = f"type: postgres, url: \"{server.url}\""
        server.execute(f"CREATE TABLE items ({DEFINITION.format(number='numeric')})")

    def replace(self, keys, rows):
        """Deletes the rows with these ids and inserts `rows`, in one transaction."""
        lines = ["BEGIN;", "CREATE TEMPORARY TABLE gone (id bigint) ON COMMIT DROP;",
                 "COPY gone FROM STDIN;", *map(str, keys), "\\.",
                 "DELETE FROM items USING gone WHERE gone.id = items.id;",
                 "COPY items FROM STDIN;",
                 *("\t".join(map(copy_text, row)) for row in rows), "\\.", "COMMIT;", ""]
        self.server.execute("\n".join(lines))

    def contents(self):
        """id -> the row as a message shows it, numbers as their text."""
        output = self.server.execute("SELECT id, to_json(items) FROM items ORDER BY id")
        pairs = (line.split("|", 1) for line in output.decode().split("\n") if line)
        return {number: decoded(body) for number, body in pairs}


class SQLiteItems:
    """The table in a SQLite database."""

    name = "sqlite"
    front_matter = "-- types: {amount: numeric, flag: boolean}\n"

    def __init__(self, path):
        self.source = f"type: sqlite, path: {path}"
        self.connection = sqlite3.connect(path)
        self.connection.execute(f"CREATE TABLE items ({DEFINITION.format(number='text')})")

    def replace(self, keys, rows):
        """Deletes the rows with these ids and inserts `rows`, in one transaction."""
        with self.connection:
            self.connection.executemany(
                "DELETE FROM items WHERE id = ?", ((key,) for key in keys))
            self.connection.executemany("INSERT INTO items VALUES (?, ?, ?, ?, ?)", rows)

    def contents(self):
        """id -> the row as a message shows it, numbers as their text."""
        found = {}
        for number, name, amount, note, flag in self.connection.execute("SELECT * FROM items"):
            found[str(number)] = {
                "id": str(number), "name": name, "amount": amount, "note": note,
                "flag": None if flag is None else bool(flag)}
        return found


def decoded(text):
    """A JSON body with numbers as their text, so that 1.0 and 1.00 differ."""
    return json.loads(text, parse_float=str, parse_int=str)
