# SPDX-License-Identifier: Apache-2.0
"""The clients of the attack load, each a coroutine for one connection, and the process in which they run."""

import asyncio
import collections
import itertools
import os
import random
import resource
import socket
import struct

# How many of each kind of client run at once.
CLIENTS = {}

GET = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
LOOPBACK = itertools.cycle(f"127.0.0.{host}" for host in range(2, 250))


def client(count):
    """Adds a kind of client to the load, so many times."""

    def add(function):
        CLIENTS[function] = count
        return function

    return add


class Connection:
    """A connection from one of many loopback addresses, so that ports do not run out."""

    def __init__(self, loop, counts, random):
        self.loop, self.counts, self.random, self.socket = loop, counts, random, socket.socket()
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT
        self.socket.bind((next(LOOPBACK), 0))

    async def open(self, port):
        await self.loop.sock_connect(self.socket, ("127.0.0.1", port))
        self.counts["connections"] += 1

    async def send(self, data, requests=1):
        await self.loop.sock_sendall(self.socket, data)
        self.counts["requests"] += requests

    async def read(self, size=65536):
        return await self.loop.sock_recv(self.socket, size)

    async def status(self):
        """Counts the status of the next response and returns what was read of it."""
        head = await self.read()
        self.counts[head[9:12].decode(errors="replace") or "closed"] += 1
        return head

    async def drain(self):
        while await self.read():
            pass

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@client(4000)
async def idle(connection):
    """Sends nothing until the server closes the connection."""
    await connection.read()


@client(600)
async def slowloris(connection):
    """Sends a header that never ends, a field a second."""
    await connection.send(b"GET /metrics HTTP/1.1\r\n")
    while True:
        await asyncio.sleep(1)
        await connection.send(b"X-a: b\r\n", 0)


@client(200)
async def slow_reader(connection):
    """Requests the large page and reads 64 bytes of it a second."""
    connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    await connection.send(GET)
    while await connection.read(64):
        await asyncio.sleep(1)


@client(100)
async def slow_body(connection):
    """Sends a body, a byte a second."""
    await connection.send(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await asyncio.sleep(1)
        await connection.send(b"1\r\nx\r\n", 0)


@client(8)
async def no_reader(connection):
    """Requests a thousand pages at once and reads none."""
    await connection.send(GET * 1000, 1000)
    await asyncio.sleep(5)


@client(8)
async def pipeline(connection):
    """Requests many small pages at once and reads them all."""
    ask = b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n"
    await connection.send(ask * 200 + b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 201)
    await connection.drain()


@client(8)
async def reset(connection):
    """Requests a page and resets the connection."""
    await connection.send(GET)
    connection.reset()


@client(8)
async def oversize(connection):
    """Sends headers beyond every limit: a long target, a long field, many fields."""
    await connection.send(
        connection.random.choice(
            [
                b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
                b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
                b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
                b"GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: " + b"a/b;q=0.1," * 2_500 + b"\r\n\r\n",
            ]
        )
    )
    await connection.status()


MALFORMED = [
    b"GET / HTTP/1.0\r\n\r\n",
    b"BREW /metrics HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /metrics HTTP/1.1\nHost: x\n\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GET,
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 90\r\n\r\n" + GET,
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + GET,
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + GET,
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1048576\r\n\r\n",
    b"GET /%00%2e%2e/%ff?%zz HTTP/1.1\r\nHost: x\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
    b"\0" * 5000,
]


@client(16)
async def malformed(connection):
    """Sends what no client should: request smuggling, other protocols, random bytes."""
    await connection.send(connection.random.choice([*MALFORMED, connection.random.randbytes(2000)]))
    await connection.status()


@client(4)
async def upload(connection):
    """Sends a body of 16 MB to a route that takes none."""
    await connection.send(b"POST /-/reload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(16):
        await connection.send(b"100000\r\n" + bytes(1 << 20) + b"\r\n", 0)


@client(16)
async def scrape(connection):
    """Scrapes as fast as it can, every other time compressed."""
    for coding in [b"gzip", b"identity"] * 50:
        await connection.send(b"GET /metrics HTTP/1.1\r\nHost: x\r\nAccept-Encoding: " + coding + b"\r\n\r\n")
        head = await connection.status()
        length = int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
        left = length - len(head.partition(b"\r\n\r\n")[2])
        while left > 0 and (part := await connection.read()):
            left -= len(part)


async def repeat(function, port, counts, random):
    """Runs a kind of client again and again, each time over a new connection and for 30 s at most."""
    loop = asyncio.get_running_loop()
    while True:
        connection = Connection(loop, counts, random)
        with connection.socket:
            try:
                async with asyncio.timeout(30):
                    await connection.open(port)
                    await function(connection)
            except (OSError, TimeoutError, ValueError):
                counts["cut or refused"] += 1
        await asyncio.sleep(0)


async def run(port, seconds, counts, random):
    """Runs all clients, or every n-th where the limit of open files allows fewer."""
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, allowed))
    clients = [function for function, count in CLIENTS.items() for _ in range(count)]
    clients = clients[:: -(-len(clients) // (allowed - 64))]
    await asyncio.wait([asyncio.create_task(repeat(one, port, counts, random)) for one in clients], timeout=seconds)


def attack(port, seconds, seed, results):
    """Attacks a port for so many seconds and sends what was counted.

    Runs at a low priority, because a real attacker has processors of its own.
    """
    os.nice(10)
    counts = collections.Counter()
    asyncio.new_event_loop().run_until_complete(run(port, seconds, counts, random.Random(seed)))
    results.send(counts)
    # The kernel closes thousands of connections at once, as when attackers disappear.
    os._exit(0)
