# SPDX-License-Identifier: MIT
# Drives an IcePAP as ALBA's Python library does and prints, as JSON, what it saw. Arguments: host, port.
import json
import sys
import time

from icepap import IcePAPController

seen = {}
ice = IcePAPController(sys.argv[1], int(sys.argv[2]), timeout=3, auto_axes=True)
seen["axes"] = sorted(ice.axes)
axis, other = ice[1], ice[2]
seen["version"] = str(ice.ver.system[0])
seen["power"] = [axis.power, other.power]
axis.velocity, axis.acctime = 5000, 0.02
seen["speed"] = [axis.velocity, axis.acctime]


def wait(*axes):
    deadline = time.time() + 5
    while any(each.state_moving for each in axes) and time.time() < deadline:
        time.sleep(0.005)


axis.move(400)
moving = axis.state_moving
wait(axis)
seen["move"] = [moving, axis.pos, axis.state_ready, axis.state_stop_code]
axis.rmove(-100)
wait(axis)
seen["rmove"] = axis.pos
ice.move([(1, 10), (2, 20)], group=True)
wait(axis, other)
seen["group"] = [axis.pos, other.pos]
axis.jog(-1000)
time.sleep(0.05)
axis.stop()
wait(axis)
seen["stopped"] = [axis.pos < 10, axis.state_stop_code]
axis.pos = 0
seen["set"] = axis.pos
axis.srch("LIM+", "POSEDGE", 1)
wait(axis)
seen["limit"] = [axis.state_limit_positive, axis.state_stop_code]
other.home(1)
wait(other)
seen["home"] = [list(other.homestat), other.get_home_position("AXIS")]
axis.power = False
seen["off"] = [axis.power, axis.state_ready, axis.state_disabled, axis.state_disable_code]
try:
    axis.move(10)
    seen["refused"] = None
except RuntimeError as error:
    seen["refused"] = str(error)
seen["names"] = [axis.name, other.name]
seen["alarm"] = axis.alarm
seen["temperature"] = axis.meas_t
print(json.dumps(seen, default=str))
