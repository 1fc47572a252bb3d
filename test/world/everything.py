# SPDX-License-Identifier: MIT
# A PyTango server (9.3 or 10) with every attribute type in every format, an echo command for every type, and what clients
# trip over: slow and failing members, pushed events, dynamic attributes, pipes (PyTango 9).
#   everything.py INSTANCE [Tango options]; class Everything
import sys
import time

import numpy
import tango
from tango import AttrQuality, AttrWriteType, DevState, GreenMode
from tango.server import Device, attribute, command, device_property, run

TYPES = {
    "boolean": (bool, True),
    "uchar": ("DevUChar", 7),
    "short": ("DevShort", -3),
    "ushort": ("DevUShort", 3),
    "long": ("DevLong", -70000),
    "ulong": ("DevULong", 70000),
    "long64": ("DevLong64", -5000000000),
    "ulong64": ("DevULong64", 5000000000),
    "float": ("DevFloat", 1.5),
    "double": ("DevDouble", 0.1),
    "string": (str, "text"),
    "state": ("DevState", DevState.MOVING),
}
TANGO_TYPES = {
    "boolean": tango.DevBoolean, "uchar": tango.DevUChar, "short": tango.DevShort, "ushort": tango.DevUShort,
    "long": tango.DevLong, "ulong": tango.DevULong, "long64": tango.DevLong64, "ulong64": tango.DevULong64,
    "float": tango.DevFloat, "double": tango.DevDouble, "string": tango.DevString, "state": tango.CmdArgType.DevState,
}
ECHO = [
    "DevBoolean", "DevShort", "DevLong", "DevLong64", "DevUShort", "DevULong", "DevULong64", "DevFloat", "DevDouble",
    "DevString", "DevState", "DevVarBooleanArray", "DevVarCharArray", "DevVarShortArray", "DevVarLongArray",
    "DevVarLong64Array", "DevVarUShortArray", "DevVarULongArray", "DevVarULong64Array", "DevVarFloatArray",
    "DevVarDoubleArray", "DevVarStringArray", "DevVarLongStringArray", "DevVarDoubleStringArray", "DevEncoded",
]
PY10 = int(tango.Release.version.split(".")[0]) >= 10


class Everything(Device):
    Host = device_property(dtype=str, default_value="localhost")

    def init_device(self):
        super().init_device()
        self.values = {}
        for name, (_, initial) in TYPES.items():
            self.values[f"{name}_scalar"] = initial
            self.values[f"{name}_spectrum"] = [initial, initial, initial]
            self.values[f"{name}_image"] = [[initial, initial, initial], [initial, initial, initial]]
        self.values["encoded_scalar"] = ("fmt", b"\x01\x02\x03")
        self.choice = 1
        self.count = 0
        self.set_state(DevState.ON)
        self.set_status("All is well")
        for name in ("counter", "pushed_state", "pushed_string", "pushed_image"):
            self.set_change_event(name, True, False)
            self.set_archive_event(name, True, False)
        if PY10:
            self.set_alarm_event("counter", True, False)
        self.set_data_ready_event("counter", True)

    def initialize_dynamic_attributes(self):
        for name, (dtype, _) in TYPES.items():
            kind = TANGO_TYPES[name]
            for attr in (
                tango.Attr(f"{name}_scalar", kind, AttrWriteType.READ_WRITE),
                tango.SpectrumAttr(f"{name}_spectrum", kind, AttrWriteType.READ_WRITE, 4096),
                tango.ImageAttr(f"{name}_image", kind, AttrWriteType.READ_WRITE, 4096, 4096),
            ):
                self.add_attribute(attr, self.read_any, self.write_any)
        encoded = tango.Attr("encoded_scalar", tango.CmdArgType.DevEncoded, AttrWriteType.READ_WRITE)
        self.add_attribute(encoded, self.read_any, self.write_any)

    def read_any(self, attr):
        value = self.values[attr.get_name()]
        if attr.get_name() == "encoded_scalar":
            attr.set_value(*value)
        else:
            attr.set_value(value)

    def write_any(self, attr):
        self.values[attr.get_name()] = attr.get_write_value()

    @attribute(dtype="DevEnum", enum_labels=["ONE", "TWO", "THREE"], access=AttrWriteType.READ_WRITE)
    def choice_enum(self):
        return self.choice

    @choice_enum.write
    def choice_enum(self, value):
        self.choice = value

    @attribute(dtype=float, unit="mm", label="Position", min_value=-100, max_value=100, min_alarm=-50, max_alarm=50,
               format="%8.3f", doc="A limited number", memorized=True, abs_change=0.5)
    def limited(self):
        return getattr(self, "limited_value", 0.0)

    @limited.write
    def limited(self, value):
        self.limited_value = value

    @attribute(dtype=float)
    def invalid(self):
        return 1.0, time.time(), AttrQuality.ATTR_INVALID

    @attribute(dtype=float)
    def failing(self):
        raise tango.Except.throw_exception("MyReason", "my description", "my origin") or RuntimeError()

    @attribute(dtype=float)
    def slow(self):
        time.sleep(0.5)
        return 1.0

    @attribute(dtype=int)
    def counter(self):
        return self.count

    @attribute(dtype="DevState")
    def pushed_state(self):
        return DevState.OPEN

    @attribute(dtype=str)
    def pushed_string(self):
        return "pushed"

    @attribute(dtype=((int,),), max_dim_x=8, max_dim_y=8)
    def pushed_image(self):
        return [[1, 2, 3], [4, 5, 6]]

    @command(dtype_in=int)
    def Push(self, value):
        self.count = value
        self.push_change_event("counter", value)

    @command(dtype_in=int)
    def PushMany(self, count):
        for _ in range(count):
            self.count += 1
            self.push_change_event("counter", self.count)

    @command(dtype_in=str)
    def PushOther(self, kind):
        if kind == "archive":
            self.push_archive_event("counter", self.count)
        elif kind == "user":
            self.push_event("counter", [], [], self.count)
        elif kind == "data_ready":
            self.push_data_ready_event("counter", self.count)
        elif kind == "alarm":
            self.push_alarm_event("counter", self.count)
        elif kind == "state":
            self.push_change_event("pushed_state", DevState.FAULT)
        elif kind == "string":
            self.push_change_event("pushed_string", "hello")
        elif kind == "image":
            self.push_change_event("pushed_image", numpy.array([[1, 2], [3, 4]], dtype=numpy.int64))
        elif kind == "error":
            try:
                tango.Except.throw_exception("MyReason", "my description", "my origin")
            except tango.DevFailed as error:
                self.push_change_event("counter", error)

    @command(dtype_in=float, dtype_out=float)
    def Sleep(self, seconds):
        time.sleep(seconds)
        return seconds

    @command
    def Fail(self):
        tango.Except.throw_exception("MyReason", "my description", "my origin")

    @command
    def GoFault(self):
        self.set_state(DevState.FAULT)

    @command(dtype_in=str)
    def Attach(self, name):
        self.add_attribute(tango.Attr(name, tango.DevDouble), self.read_attached)

    @command(dtype_in=str)
    def Detach(self, name):
        self.remove_attribute(name)

    def read_attached(self, attr):
        attr.set_value(4.5)


def echo(name):
    def execute(self, argument):
        return argument

    execute.__name__ = f"Echo{name[3:]}"
    return command(execute, dtype_in=name, dtype_out=name)


for name in ECHO:
    setattr(Everything, f"Echo{name[3:]}", echo(name))

if not PY10:
    from tango.server import pipe

    def read_pipe(self):
        return getattr(self, "pipe_value", None) or (
            "root", [{"name": "a", "value": 1.5}, {"name": "b", "value": ["x", "y"]},
                     {"name": "c", "value": ("inner", [{"name": "d", "value": 7}])}])

    def write_pipe(self, value):
        self.pipe_value = value

    Everything.a_pipe = pipe(label="A pipe", doc="A pipe of everything", fget=read_pipe, fset=write_pipe,
                             access=tango.PipeWriteType.PIPE_READ_WRITE)
    Everything.read_pipe = read_pipe
    Everything.write_pipe = write_pipe

if PY10:
    Everything = type(Everything.__name__, (Everything,), {"__module__": "__main__"})
else:
    Everything = tango.server.DeviceMeta("Everything", (Everything,), {})

if __name__ == "__main__":
    run((Everything,), args=["Everything", *sys.argv[1:]], green_mode=GreenMode.Synchronous)
