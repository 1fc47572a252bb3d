# SPDX-License-Identifier: MIT
# A PyTango server (10) whose attribute `f1` stands for the one its property `__root_att` names.
#   forwarder.py INSTANCE [Tango options]; class PeerForwarder
import sys

from tango import DevState
from tango.server import Device, attribute, command, run


class PeerForwarder(Device):
    f1 = attribute(label="forwarded", forwarded=True)

    def init_device(self):
        super().init_device()
        self.set_state(DevState.ON)

    @command
    def Noop(self):
        pass


if __name__ == "__main__":
    run((PeerForwarder,), args=["PeerForwarder", *sys.argv[1:]])
