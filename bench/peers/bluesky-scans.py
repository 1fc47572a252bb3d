# SPDX-License-Identifier: MIT
# Scans of bluesky with soft devices that take no time: five readings of one device, a motor that is there at once.
# Prints JSON lines {"what", "points", "seconds"}; "saved" writes every document as a line of JSON.
import json
import sys
import tempfile
import time

from bluesky import RunEngine
from bluesky import plans
from bluesky.protocols import Status


class Done(Status):
    done = True
    success = True

    def add_callback(self, callback):
        callback(self)

    def exception(self, timeout=0.0):
        return None


class Soft:
    parent = None

    def __init__(self, name, keys):
        self.name = name
        self.keys = keys
        self.values = dict.fromkeys(keys, 0.0)

    def describe(self):
        return {key: {"source": "soft", "dtype": "number", "shape": []} for key in self.keys}

    def read(self):
        now = time.time()
        return {key: {"value": self.values[key], "timestamp": now} for key in self.keys}

    def describe_configuration(self):
        return {}

    def read_configuration(self):
        return {}

    def trigger(self):
        return Done()


class SoftMotor(Soft):
    @property
    def hints(self):
        return {"fields": [self.name]}

    @property
    def position(self):
        return self.values[self.name]

    def set(self, value):
        self.values[self.name] = value
        return Done()


detector = Soft("device", [f"c{i}" for i in range(5)])
motor = SoftMotor("m", ["m"])
points = int(sys.argv[1])
engine = RunEngine({}, context_managers=[])
scans = {
    "loopscan": (lambda: plans.count([detector], num=points), points),
    "ascan": (lambda: plans.scan([detector], motor, 0, points - 1, points), points),
    "one": (lambda: plans.count([detector], num=1), 1),
}


def timed(what, plan, count, repeat, *subscribers):
    times = []
    for _ in range(repeat):
        begun = time.perf_counter()
        engine(plan(), *subscribers)
        times.append(time.perf_counter() - begun)
    print(json.dumps({"what": what, "points": count, "seconds": sorted(times)[len(times) // 2]}), flush=True)


for name, (plan, count) in scans.items():
    repeat = 21 if count == 1 else 3
    timed(name, plan, count, repeat, lambda name, document: None)
    with tempfile.TemporaryFile("w") as file:

        def save(name, document):
            json.dump([name, document], file)
            file.write("\n")
            file.flush()

        timed(name + " saved", plan, count, repeat, save)
