#!/usr/bin/env python3
"""Creates a topic by Kafka's protocol: Kafka's own tool does the same and starts a JVM for it.

    Tests/Harness/create_topic.py HOST:PORT[,…] NAME PARTITIONS [KEY=VALUE…]

Returns when the broker shows every partition with a leader, which is some time after the answer. A topic
that is there already is left as it is; `create_topic` refuses it.
"""

import socket
import struct
import sys
import time

CREATE_TOPICS, METADATA = 19, 3
# The last version of both without tagged fields. Every Kafka since 2.4 has it.
VERSION = 4
TOPIC_ALREADY_EXISTS = 36
# Far beyond what a loaded machine needs.
SECONDS_MAX = 300
BROKER_DECIDES = -1


def text(value):
    """A string of the protocol."""
    data = value.encode()
    return struct.pack(">h", len(data)) + data


def creation(name, partitions, settings):
    """The body of a request that creates one topic."""
    configs = b"".join(text(key) + text(value) for key, value in settings.items())
    return (struct.pack(">i", 1) + text(name)
            + struct.pack(">ihii", partitions, BROKER_DECIDES, 0, len(settings)) + configs
            + struct.pack(">i?", SECONDS_MAX * 1000, False))


class Answer:
    """Reads values from the body of an answer, one after the other."""

    def __init__(self, data):
        self.data, self.place = data, 0

    def take(self, form):
        """One number."""
        value, = struct.unpack_from(">" + form, self.data, self.place)
        self.place += struct.calcsize(">" + form)
        return value

    def text(self):
        """A string, which may be null."""
        count = max(self.take("h"), 0)
        self.place += count
        return self.data[self.place - count:self.place].decode()

    def list(self, read):
        """What `read` makes of each element."""
        return [read() for _ in range(max(self.take("i"), 0))]


class Connection:
    """A connection in clear to the first broker of a list."""

    def __init__(self, brokers):
        host, port = brokers.split(",")[0].rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout=SECONDS_MAX)
        self.stream = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *reason):
        self.stream.close()
        self.socket.close()

    def ask(self, call, body):
        """The answer to one request."""
        request = struct.pack(">hhi", call, VERSION, 1) + text("create-topic") + body
        self.socket.sendall(struct.pack(">i", len(request)) + request)
        count, = struct.unpack(">i", self._read(4))
        # After the number of the request, which is the only one.
        return Answer(self._read(count)[4:])

    def _read(self, count):
        data = self.stream.read(count)
        if len(data) < count:
            raise ConnectionError("the broker closed the connection")
        return data

    def create(self, name, partitions, settings):
        """Asks for the topic; the broker's code and words."""
        answer = self.ask(CREATE_TOPICS, creation(name, partitions, settings))
        answer.take("i")
        return answer.list(lambda: (answer.text(), answer.take("h"), answer.text()))[0][1:]

    def is_shown(self, name, partitions):
        """Whether the broker knows the topic and its leaders. Never creates it."""
        body = struct.pack(">i", 1) + text(name) + struct.pack(">?", False)
        answer = self.ask(METADATA, body)
        answer.take("i")
        answer.list(lambda: (answer.take("i"), answer.text(), answer.take("i"), answer.text()))
        answer.text()
        answer.take("i")

        def partition():
            code = answer.take("h")
            answer.take("i"), answer.take("i")
            answer.list(lambda: answer.take("i")), answer.list(lambda: answer.take("i"))
            return code

        def topic():
            return answer.take("h"), answer.text(), answer.take("?"), answer.list(partition)

        (code, _, _, codes), = answer.list(topic)
        return code == 0 and len(codes) >= partitions and not any(codes)


def create_topic(brokers, name, partitions, settings=(), is_new=True):
    """Creates the topic and waits until it is shown; an error ends the script."""
    with Connection(brokers) as connection:
        code, words = connection.create(name, partitions, dict(settings))
        if code != 0 and (is_new or code != TOPIC_ALREADY_EXISTS):
            sys.exit(f"the topic {name} is not created: {words or code}")
        end = time.monotonic() + SECONDS_MAX
        while not connection.is_shown(name, partitions if code == 0 else 0):
            if time.monotonic() > end:
                sys.exit(f"the topic {name} is not shown after {SECONDS_MAX} s")
            time.sleep(0.02)


if __name__ == "__main__":
    words = sys.argv[1:]
    if len(words) < 3:
        sys.exit(__doc__)
    create_topic(words[0], words[1], int(words[2]), (word.split("=", 1) for word in words[3:]), is_new=False)
