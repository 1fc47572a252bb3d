# SPDX-License-Identifier: MIT
# A motor server as one is usually written with PyTango's high-level interface: a trapezoid computed from the time, State
# from whether it has ended. The peer of bench/motors.ts.
import math
import time

from tango import AttrWriteType, DevState
from tango.server import Device, attribute, command, device_property, run


class Motor(Device):
    StepsPerUnit = device_property(dtype=float, default_value=1000.0)
    Speed = device_property(dtype=float, default_value=10.0)
    Acceleration = device_property(dtype=float, default_value=40.0)

    def init_device(self):
        super().init_device()
        self.start = self.target = 0.0
        self.begun = self.duration = 0.0
        self.set_state(DevState.ON)

    def now(self):
        t = time.monotonic() - self.begun
        if t >= self.duration:
            return self.target
        distance, a = abs(self.target - self.start), self.Acceleration
        ramp = min(self.Speed / a, math.sqrt(distance / a))
        if t < ramp:
            gone = a * t * t / 2
        elif t < self.duration - ramp:
            gone = a * ramp * ramp / 2 + a * ramp * (t - ramp)
        else:
            gone = distance - a * (self.duration - t) ** 2 / 2
        return self.start + math.copysign(gone, self.target - self.start)

    def dev_state(self):
        moving = time.monotonic() - self.begun < self.duration
        self.set_state(DevState.MOVING if moving else DevState.ON)
        return self.get_state()

    Position = attribute(dtype=float, access=AttrWriteType.READ_WRITE)

    def read_Position(self):
        return self.now()

    def write_Position(self, value):
        self.start, self.target = self.now(), round(value * self.StepsPerUnit) / self.StepsPerUnit
        distance, a = abs(self.target - self.start), self.Acceleration
        ramp = min(self.Speed / a, math.sqrt(distance / a))
        self.duration = 2 * ramp + (max(0.0, distance - a * ramp * ramp) / (a * ramp) if ramp > 0 else 0.0)
        self.begun = time.monotonic()

    @command
    def Stop(self):
        self.start = self.target = self.now()
        self.duration = 0.0


run((Motor,), args=None)
