# SPDX-License-Identifier: Apache-2.0
"""One kept connection to a server, read with as little work as possible, to time what the server does."""

import re
import socket
from typing import NamedTuple


class Response(NamedTuple):
    """What came back: the status, the header in lower case, the bytes of the body as sent."""

    status: int
    header: bytes
    length: int


class Connection:
    """Requests one after the other; opens the connection anew where the server has closed it."""

    def __init__(self, port, context=None, fields=""):
        """Connects; `context` makes it TLS, `fields` are lines of the header, each with its line end."""
        self.port, self.context, self.fields = port, context, fields
        self.buffer = bytearray(4 << 20)
        self.connect()

    def connect(self):
        """Opens the connection."""
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.context:
            self.socket = self.context.wrap_socket(self.socket)

    def get(self, path, coding="identity", keep=None):
        """Asks for a path; the bytes of a body of known length are added to `keep`."""
        count = self.ask(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {coding}\r\n{self.fields}\r\n".encode())
        while (end := self.buffer.find(b"\r\n\r\n", 0, count)) < 0:
            count += self.socket.recv_into(memoryview(self.buffer)[count:])
        header = bytes(self.buffer[:end]).lower()
        sized = re.search(rb"\ncontent-length: *(\d+)", header)
        chunked = b"transfer-encoding: chunked" in header
        if sized:
            length = self.read_sized(int(sized[1]), end + 4, count, keep)
        else:
            length = self.read_unsized(chunked, end + 4, count)
        if b"connection: close" in header or header.startswith(b"http/1.0") or not (sized or chunked):
            self.connect()
        return Response(int(header.split()[1]), header, length)

    def ask(self, request):
        """Sends a request and receives the first bytes; a connection that was closed meanwhile is opened once more."""
        for _ in range(2):
            try:
                self.socket.sendall(request)
                if count := self.socket.recv_into(self.buffer):
                    return count
            except ConnectionError:
                pass
            self.connect()
        raise ConnectionError("the server closes every connection")

    def read_sized(self, length, start, count, keep):
        """Reads a body of known length, of which the buffer has a beginning."""
        received = count - start
        if keep is not None:
            keep += self.buffer[start:count]
        while received < length:
            count = self.socket.recv_into(self.buffer)
            if not count:
                raise ConnectionError("the server closed the connection within a body")
            received += count
            if keep is not None:
                keep += self.buffer[:count]
        return length

    def read_unsized(self, chunked, start, count):
        """Reads up to the last chunk, or to the end of the connection."""
        received, tail = count - start, bytes(self.buffer[max(start, count - 5):count])
        while not (chunked and tail.endswith(b"0\r\n\r\n")):
            count = self.socket.recv_into(self.buffer)
            if count == 0:
                break
            received += count
            tail = (tail + bytes(self.buffer[max(0, count - 5):count]))[-5:]
        return received
