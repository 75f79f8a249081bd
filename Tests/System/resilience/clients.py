# SPDX-License-Identifier: Apache-2.0
"""Clients that mean harm, each a coroutine for one connection, and the process in which a crowd of them runs."""

import asyncio
import collections
import itertools
import os
import random
import socket
import struct

import programs

CROWD = {}
"""How many of each attack at once."""

GET = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
LOOPBACK = itertools.cycle(f"127.0.0.{host}" for host in range(2, 250))


def attack(count):
    """Puts an attack into the crowd."""

    def put(function):
        CROWD[function] = count
        return function

    return put


class Line:
    """A connection, from one of many addresses so that ports do not run out."""

    def __init__(self, loop, tally):
        self.loop, self.tally, self.socket = loop, tally, socket.socket()
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT
        self.socket.bind((next(LOOPBACK), 0))

    async def open(self, port):
        await self.loop.sock_connect(self.socket, ("127.0.0.1", port))
        self.tally["connections"] += 1

    async def send(self, data, requests=1):
        await self.loop.sock_sendall(self.socket, data)
        self.tally["requests"] += requests

    async def read(self, size=65536):
        return await self.loop.sock_recv(self.socket, size)

    async def status(self):
        """The status of the next answer, whose rest may be lost with the connection."""
        head = await self.read()
        self.tally[head[9:12].decode(errors="replace") or "closed"] += 1
        return head

    async def drain(self):
        while await self.read():
            pass

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@attack(4000)
async def idle(line):
    """Says nothing until it is shown out."""
    await line.read()


@attack(600)
async def slowloris(line):
    """Sends a head that never ends, a field a second."""
    await line.send(b"GET /metrics HTTP/1.1\r\n")
    while True:
        await asyncio.sleep(1)
        await line.send(b"X-a: b\r\n", 0)


@attack(200)
async def slow_reader(line):
    """Asks for the large page and reads it a few bytes a second."""
    line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    await line.send(GET)
    while await line.read(64):
        await asyncio.sleep(1)


@attack(100)
async def slow_body(line):
    """Sends a body a byte a second."""
    await line.send(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await asyncio.sleep(1)
        await line.send(b"1\r\nx\r\n", 0)


@attack(8)
async def deaf(line):
    """Asks for a thousand pages at once and reads none."""
    await line.send(GET * 1000, 1000)
    await asyncio.sleep(5)


@attack(8)
async def pipeline(line):
    """Asks for many small answers at once and reads them all."""
    ask = b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n"
    await line.send(ask * 200 + b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 201)
    await line.drain()


@attack(8)
async def vanish(line):
    """Asks and is gone with a reset."""
    await line.send(GET)
    line.reset()


@attack(8)
async def oversize(line):
    """Sends heads beyond every limit: a long target, a long field, many fields."""
    await line.send(
        random.choice(
            [
                b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
                b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
                b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
                b"GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: " + b"a/b;q=0.1," * 2_500 + b"\r\n\r\n",
            ]
        )
    )
    await line.status()


SHAPES = [
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


@attack(16)
async def malformed(line):
    """Sends what no client should: smuggling shapes, other protocols, noise."""
    await line.send(random.choice([*SHAPES, os.urandom(2000)]))
    await line.status()


@attack(4)
async def upload(line):
    """Sends a body of 16 MB that nobody asked for."""
    await line.send(b"POST /-/reload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(16):
        await line.send(b"100000\r\n" + bytes(1 << 20) + b"\r\n", 0)


@attack(16)
async def scrape(line):
    """Scrapes as fast as it can, now compressed and now not."""
    for coding in [b"gzip", b"identity"] * 50:
        await line.send(b"GET /metrics HTTP/1.1\r\nHost: x\r\nAccept-Encoding: " + coding + b"\r\n\r\n")
        head = await line.status()
        length = int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
        left = length - len(head.partition(b"\r\n\r\n")[2])
        while left > 0 and (part := await line.read()):
            left -= len(part)


async def _repeat(function, port, tally):
    loop = asyncio.get_running_loop()
    while True:
        line = Line(loop, tally)
        with line.socket:
            try:
                async with asyncio.timeout(30):
                    await line.open(port)
                    await function(line)
            except (OSError, TimeoutError, ValueError):
                tally["cut or refused"] += 1
        await asyncio.sleep(0)


async def _run(port, seconds, tally):
    crowd = [function for function, count in CROWD.items() for _ in range(count)]
    # Each of them needs a socket: where fewer are allowed, every so many-th comes.
    crowd = crowd[:: -(-len(crowd) // (programs.allow_files() - 64))]
    await asyncio.wait([asyncio.create_task(_repeat(one, port, tally)) for one in crowd], timeout=seconds)


def siege(port, seconds, results):
    """Attacks for so many seconds, giving way to the others: an attacker has processors of his own."""
    os.nice(10)
    tally = collections.Counter()
    loop = asyncio.new_event_loop()
    loop.run_until_complete(_run(port, seconds, tally))
    results.send(tally)
    # Leaves the thousands of connections to the kernel, as a crowd that is gone does.
    os._exit(0)
