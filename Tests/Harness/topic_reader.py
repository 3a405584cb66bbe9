"""What a foreign consumer finds in a topic."""

import struct
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One message; `value` is None for a tombstone, `key` for none."""

    partition: int
    offset: int
    key: bytes
    headers: tuple
    value: bytes

    def header(self, name):
        """The value of the first header of that name, as text; None without one."""
        for header, value in self.headers:
            if header == name:
                return value
        return None


def read_with_kcat(brokers, topic):
    """All messages of a topic, partition by partition, in the order of their offsets."""
    # Lengths come first, so that no byte of key or value can be taken for a separator. At the end of a
    # topic the broker would wait half a second for more.
    result = subprocess.run(
        ["kcat", "-C", "-q", "-e", "-b", brokers, "-t", topic, "-o", "beginning",
         "-X", "isolation.level=read_committed", "-X", "fetch.wait.max.ms=10", "-f", "%p %o %K %S %h\n%k%s\n"],
        capture_output=True, check=False)
    if result.returncode != 0:
        sys.exit(f"kcat failed: {result.stderr.decode()}")
    messages = list(_kcat_messages(result.stdout))
    messages.sort(key=lambda message: (message.partition, message.offset))
    return messages


def _kcat_messages(data):
    position = 0
    while position < len(data):
        end = data.index(b"\n", position)
        fields = data[position:end].decode().split(" ", 4)
        partition, offset, key_length, length = (int(field) for field in fields[:4])
        position = end + 1
        key = data[position:position + key_length] if key_length >= 0 else None
        position += max(0, key_length)
        value = data[position:position + length] if length >= 0 else None
        position += max(0, length) + 1
        yield Message(partition, offset, key, _headers(fields[4], "="), value)


def read_with_console_consumer(cluster, topic, idle_milliseconds=5000):
    """The same with Kafka's own consumer; for topics without line feeds in keys and values."""
    options = [word for name in ("partition", "offset", "headers", "key")
               for word in ("--formatter-property", f"print.{name}=true")]
    output = cluster.tool(
        "console-consumer", "--topic", topic, "--from-beginning",
        "--isolation-level", "read_committed", "--timeout-ms", str(idle_milliseconds),
        *options, check=False)
    messages = []
    for line in output.split(b"\n"):
        if not line:
            continue
        fields = line.split(b"\t", 4)
        partition, offset = (int(field.split(b":")[1]) for field in fields[:2])
        key, value = (None if field == b"null" else field for field in fields[3:5])
        messages.append(
            Message(partition, offset, key, _headers(fields[2].decode(), ":"), value))
    messages.sort(key=lambda message: (message.partition, message.offset))
    return messages


def _headers(text, separator):
    if not text or text == "NO_HEADERS":
        return ()
    return tuple(tuple(pair.split(separator, 1)) for pair in text.split(","))


def partition_of(key, partitions):
    """Where a Java client puts a message with this key: murmur2, as Kafka defines it."""
    mask, multiplier = 0xFFFFFFFF, 0x5BD1E995
    value = (0x9747B28C ^ len(key)) & mask
    whole = len(key) // 4
    for word in struct.unpack_from(f"<{whole}I", key):
        word = word * multiplier & mask
        word = (word ^ word >> 24) * multiplier & mask
        value = (value * multiplier & mask) ^ word
    rest = key[whole * 4:]
    if rest:
        value = (value ^ int.from_bytes(rest, "little")) * multiplier & mask
    value = (value ^ value >> 13) * multiplier & mask
    value ^= value >> 15
    return (value & 0x7FFFFFFF) % partitions
