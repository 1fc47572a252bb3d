# SPDX-License-Identifier: MIT
# A PyTango server (10) that keeps the log messages other servers send it.
#   log-consumer.py INSTANCE [Tango options]; class LogConsumer
import json
import sys

from tango.server import Device, command, run


class LogConsumer(Device):
    def init_device(self):
        super().init_device()
        self.heard = []

    @command(dtype_in=[str])
    def Log(self, message):
        self.heard.append(list(message))

    @command(dtype_out=str)
    def Heard(self):
        return json.dumps(self.heard)


if __name__ == "__main__":
    run((LogConsumer,), args=["LogConsumer", *sys.argv[1:]])
