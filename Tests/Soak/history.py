"""What must hold of the messages of a topic, whatever happened to those who sent them."""

from collections import Counter

from items import decoded


class History:
    """Folds a topic by key and remembers what should not have come."""

    def __init__(self, messages):
        self.messages = len(messages)
        self.faults = []
        self.folded = {}
        self.events = {}
        self.changes = Counter()
        once = {}
        for message in messages:
            key, change = message.key.decode(), message.header("change")
            self._fold(self.folded, key, change, message)
            if self._is_new(message, key, change):
                self.changes[change] += 1
                self._follow(once, key, change, message)
        self.repeated = self.messages - len(self.events)
        self.folded = {key: decoded(value) for key, value in self.folded.items()}
        if {key: decoded(value) for key, value in once.items()} != self.folded:
            self.faults.append("without the repeated events another table comes out")

    @staticmethod
    def _fold(rows, key, change, message):
        if change == "removed":
            rows.pop(key, None)
        else:
            rows[key] = message.value

    def _is_new(self, message, key, change):
        """Whether this event was not seen before; the same event must be the same change."""
        what = (key, change, message.value, message.partition)
        event = message.header("event-id")
        known = self.events.setdefault(event, what)
        if known != what:
            self.faults.append(f"{event} stands for {known} and for {what}")
        return known is what

    def _follow(self, rows, key, change, message):
        """Every new event must follow from the row as it was before."""
        before = rows.get(key)
        fits = {"added": before is None, "changed": before not in (None, message.value),
                "removed": before == message.value}
        if not fits.get(change, False):
            self.faults.append(
                f"{change} {message.value} at {message.partition}/{message.offset} "
                f"follows {before}")
        self._fold(rows, key, change, message)

    def compare(self, table):
        """Adds what differs between the folded topic and the table (key -> decoded row)."""
        for key in sorted(table.keys() | self.folded.keys()):
            if table.get(key) != self.folded.get(key):
                self.faults.append(
                    f"{key} is {self.folded.get(key)} in the topic, {table.get(key)} in the table")
