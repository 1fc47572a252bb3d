# SPDX-License-Identifier: MIT
# Runs tickit (arguments: its own) with one fault of its repaired: its stream sockets connect to themselves as well, so that
# some messages go there instead of to the client.
import sys

import aiozmq
import tickit.adapters.io.zeromq_push_io as stream
import zmq
from tickit.cli import main


async def bound(host, port):
    return await aiozmq.create_zmq_stream(zmq.PUSH, bind=f"tcp://{host}:{port}")


stream.ZeroMqPushIo.__init__.__defaults__ = ("127.0.0.1", 5555, bound)
sys.argv[0] = "tickit"
main()
