# SPDX-License-Identifier: MIT
# The class of bench/target.ts on PyTango.
import numpy
from tango import AttrWriteType
from tango.server import Device, attribute, command, run

POINTS = numpy.arange(1000, dtype=float)
PICTURE = numpy.full((1024, 1024), 7, numpy.uint16)


class BenchTarget(Device):
    def init_device(self):
        super().init_device()
        self.scalar = 1.5
        self.set_change_event("event_scalar", True, False)

    @attribute(dtype=float, access=AttrWriteType.READ_WRITE)
    def double_scalar(self):
        return self.scalar

    @double_scalar.write
    def double_scalar(self, value):
        self.scalar = value

    @attribute(dtype=float)
    def event_scalar(self):
        return 0.0

    @attribute(dtype=(float,), max_dim_x=1000)
    def double_spectrum(self):
        return POINTS

    @attribute(dtype=((numpy.uint16,),), max_dim_x=1024, max_dim_y=1024)
    def ushort_image(self):
        return PICTURE

    @command(dtype_in=float, dtype_out=float)
    def Echo(self, value):
        return value

    @command(dtype_in=(float,), dtype_out=(float,))
    def EchoArray(self, values):
        return values

    @command(dtype_in=int)
    def Burst(self, count):
        for value in range(count):
            self.push_change_event("event_scalar", float(value))


run([BenchTarget], args=["BenchTarget", *__import__("sys").argv[1:]])
