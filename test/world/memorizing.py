# SPDX-License-Identifier: MIT
# A PyTango server (class Memorizing) with what a server keeps in the database: a memorised attribute, a property it writes,
# a device made and deleted while it runs.
import tango
from tango import AttrWriteType
from tango.server import Device, attribute, command, device_property, run


class Memorizing(Device):
    Host = device_property(dtype=str, default_value="none")
    threshold = attribute(dtype=float, access=AttrWriteType.READ_WRITE, memorized=True, hw_memorized=True)

    def init_device(self):
        super().init_device()
        self._threshold = 0.0
        self.set_state(tango.DevState.ON)

    def read_threshold(self):
        return self._threshold

    def write_threshold(self, value):
        self._threshold = value

    @command(dtype_in=str)
    def Remember(self, host):
        tango.Database().put_device_property(self.get_name(), {"Host": [host]})

    @command(dtype_out=str)
    def Recall(self):
        return self.Host

    @command(dtype_in=str)
    def Make(self, name):
        tango.Util.instance().create_device("Memorizing", name)

    @command(dtype_in=str)
    def Unmake(self, name):
        tango.Util.instance().delete_device("Memorizing", name)


if __name__ == "__main__":
    run((Memorizing,), args=["Memorizing", *__import__("sys").argv[1:]])
