"""A proxy in front of one broker that can hold producing requests back and let them go later.

Clients stay behind it: in every answer the broker's address is replaced by the proxy's.
"""

import socket
import struct
import threading

PRODUCE = 0


class KafkaProxy:
    """Listens on a free port of 127.0.0.1 and passes frames on to `broker`, a `HOST:PORT`."""

    def __init__(self, broker):
        host, port = broker.rsplit(":", 1)
        self._broker = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        own = self._listener.getsockname()[1]
        self.brokers = f"127.0.0.1:{own}"
        # Same length, so that no frame has to be built again.
        self._theirs = host.encode() + struct.pack(">i", int(port))
        self._ours = b"127.0.0.1" + struct.pack(">i", own)
        self._lock = threading.Lock()
        self._skip = None
        self._held = []
        self.late_answers = []
        threading.Thread(target=self._accept, daemon=True).start()

    def hold(self, after):
        """Holds back producing requests, and what follows them, after so many have passed."""
        with self._lock:
            self._skip = after

    @property
    def held(self):
        """How many producing requests are held back."""
        with self._lock:
            return sum(frame[4:6] == struct.pack(">h", PRODUCE) for _, frame in self._held)

    def pass_on(self):
        """Holds nothing back any more; what is held stays where it is."""
        with self._lock:
            self._skip = None

    def release(self):
        """Sends the broker what is held back; whether their clients still live does not matter."""
        with self._lock:
            held, self._held = self._held, []
        for connection, frame in held:
            connection.send_late(frame)
        return len(held)

    def close(self):
        """Takes no more connections."""
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                upstream = socket.create_connection(self._broker)
            except OSError:
                client.close()
                continue
            _Connection(self, client, upstream).start()

    def _keeps(self, connection, frame):
        """Whether the proxy keeps this frame for later."""
        with self._lock:
            is_produce = struct.unpack(">h", frame[4:6])[0] == PRODUCE
            if self._skip is not None and is_produce:
                if self._skip == 0:
                    connection.is_holding = True
                else:
                    self._skip -= 1
            if not connection.is_holding:
                return False
            self._held.append((connection, frame))
            return True

    def _rewritten(self, frame):
        return frame.replace(self._theirs, self._ours)


class _Connection:
    """One connection of a client, and the one to the broker that belongs to it."""

    def __init__(self, proxy, client, upstream):
        self._proxy, self._client, self._upstream = proxy, client, upstream
        self.is_holding = False
        self._late = set()

    def start(self):
        threading.Thread(target=self._requests, daemon=True).start()
        threading.Thread(target=self._answers, daemon=True).start()

    def send_late(self, frame):
        """Sends the broker a frame that was held back."""
        if struct.unpack(">h", frame[4:6])[0] == PRODUCE:
            self._late.add(frame[8:12])
        try:
            self._upstream.sendall(frame)
        except OSError:
            pass

    def _requests(self):
        while (frame := _read(self._client)) is not None:
            if not self._proxy._keeps(self, frame):
                try:
                    self._upstream.sendall(frame)
                except OSError:
                    break
        # What is held may still be sent after the client is gone.
        if not self.is_holding:
            _close(self._upstream)

    def _answers(self):
        while (frame := _read(self._upstream)) is not None:
            if frame[4:8] in self._late:
                self._proxy.late_answers.append(_produce_error(frame))
            try:
                self._client.sendall(self._proxy._rewritten(frame))
            except OSError:
                if not self.is_holding:
                    break
        _close(self._client)


def _produce_error(frame):
    """The error code of the first partition in a ProduceResponse (v3 to v8)."""
    length = struct.unpack(">h", frame[12:14])[0]
    start = 14 + length + 8
    return struct.unpack(">h", frame[start:start + 2])[0]


def _read(connection):
    """One frame with its length; None at the end."""
    head = _exactly(connection, 4)
    if head is None:
        return None
    body = _exactly(connection, struct.unpack(">i", head)[0])
    return None if body is None else head + body


def _exactly(connection, count):
    data = b""
    while len(data) < count:
        try:
            more = connection.recv(count - len(data))
        except OSError:
            return None
        if not more:
            return None
        data += more
    return data


def _close(connection):
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()
