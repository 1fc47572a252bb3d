# SPDX-License-Identifier: MIT
# PyTango's side of bench/client.ts: what it is told on its command line, as JSON; each line of standard input names a row,
# each line of standard output is the microseconds a turn of one round of it. Where PyTango can do a thing in two ways
# (threads, or its asynchronous calls), the faster one counts.
import ctypes
import json
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import tango

told = json.loads(sys.argv[1])
names = told["names"]
test = tango.DeviceProxy("sys/tg_test/1")
target = tango.DeviceProxy(told["target"])


def timed(job):
    def run(count):
        start = time.perf_counter()
        job(count)
        return (time.perf_counter() - start) * 1e6 / count

    return run


def fastest(*jobs):
    return lambda count: min(timed(job)(count) for job in jobs)


def each(job):
    def run(count):
        for _ in range(count):
            job()

    return run


def by_threads(width, job):
    def run(count):
        with ThreadPoolExecutor(width) as pool:
            list(pool.map(job, range(count)))

    return run


def asynchronous(count):
    for _ in range(0, count, 100):
        ids = [test.read_attribute_asynch("double_scalar") for _ in range(100)]
        for one in ids:
            test.read_attribute_reply(one, 0)


devices = [tango.DeviceProxy(name) for name in told["devices"]]


def devices_asynchronous(count):
    for _ in range(0, count, len(devices)):
        ids = [device.read_attributes_asynch(names) for device in devices]
        for device, one in zip(devices, ids):
            device.read_attributes_reply(one, 0)


class Burst:
    """A subscription kept between rounds: microseconds an event, and how many were lost in all."""

    def __init__(self):
        self.seen, self.lost, self.last = [], 0, 0
        self.done = threading.Event()
        self.source = tango.DeviceProxy(told["target"])
        self.source.set_timeout_millis(60000)
        self.source.subscribe_event("event_scalar", tango.EventType.CHANGE_EVENT, self.hear)
        time.sleep(0.5)

    def hear(self, event):
        if not event.err:
            self.seen.append(event.attr_value.value)
            if self.seen[-1] == self.last:
                self.done.set()

    def __call__(self, count):
        self.seen.clear()
        self.done.clear()
        self.last = count - 1
        start = time.perf_counter()
        self.source.command_inout("Burst", count)
        self.done.wait(10)
        spent = time.perf_counter() - start
        self.lost += count - len(self.seen)
        return spent * 1e6 / count

    def drain(self, count):
        """The same, when all of the burst waits already: this process holds still (and the interpreter's lock) meanwhile."""
        while True:
            self.seen.clear()
            self.done.clear()
            self.last = count - 1
            pushed = self.source.command_inout_asynch("Burst", count)
            ctypes.PyDLL(None).usleep(told["pause"] * 1000)
            early = len(self.seen)
            start = time.perf_counter()
            self.done.wait(10)
            spent = time.perf_counter() - start
            self.source.command_inout_reply(pushed, 0)
            # On a busy machine some come before it holds still.
            if early < count // 10:
                return spent * 1e6 / (count - early)


def connecting(count):
    for name in told["many"][:count]:
        tango.DeviceProxy(name)


burst = Burst()


def lost(count):
    before = burst.lost
    burst(count)
    return burst.lost - before


rows = {
    "one scalar read, awaited": timed(each(lambda: test.read_attribute("double_scalar").value)),
    "one command, awaited": timed(each(lambda: test.command_inout("DevDouble", 1.5))),
    "100 scalar reads in flight": fastest(by_threads(100, lambda _: test.read_attribute("double_scalar")), asynchronous),
    "20 attributes of one device": timed(each(lambda: test.read_attributes(names))),
    "20 attributes of 20 devices at once": fastest(
        by_threads(20, lambda turn: devices[turn % len(devices)].read_attributes(names)), devices_asynchronous
    ),
    "an event of 900 that wait": burst.drain,
    "an event of 900 as they are pushed": burst,
    "events lost of a burst of 20000": lost,
    "connecting to one of 1000 devices": fastest(
        connecting, by_threads(20, lambda turn: tango.DeviceProxy(told["many"][turn]))
    ),
    "image of 126 kB": timed(each(lambda: test.read_attribute("short_image_ro").value)),
    "image of 2 MB": timed(each(lambda: target.read_attribute("ushort_image").value)),
    "image of 32 MB": timed(each(lambda: target.read_attribute("big_image").value)),
}
for line in sys.stdin:
    name, turns = json.loads(line)
    print(rows[name](turns), flush=True)
sys.stdout.flush()
# PyTango's threads of events do not survive the interpreter's end.
os._exit(0)
