# SPDX-License-Identifier: MIT
# Drives the IcePAP axes `mota` and `motb` of a BLISS configuration as its users do. Prints JSON.
import json
import sys
import time
from unittest.mock import MagicMock

# The scans of the public BLISS 2.4 want packages that are not public; its motors use no more of this than its name.
for name in ["bliss.common.standard", "bliss.common.plot", "bliss.shell.standard"]:
    sys.modules[name] = MagicMock()

import numpy
from bliss.common.axis import Trajectory
from bliss.common.motor_group import Group, TrajectoryGroup
from bliss.config.static import get_config

config = get_config()
mota, motb = config.get("mota"), config.get("motb")
seen = {"start": [mota.position, mota.velocity, round(mota.acceleration), mota.state.READY, motb.state.READY]}
mota.move(3)
seen["moved"] = mota.position
mota.velocity, mota.acceleration = 100, 2000
seen["speed"] = [mota.velocity, mota.acceleration]
group = Group(mota, motb)
group.move({mota: 1, motb: -2})
seen["group"] = [mota.position, motb.position]
mota.jog(50)
seen["jog"] = mota.state.MOVING
mota.stop()
seen["stopped"] = mota.state.READY
mota.position = 10
mota.dial = 0
seen["set"] = [mota.dial, mota.position]
motb.hw_limit(1)
seen["limit"] = [motb.state.LIMPOS, round(motb.dial, 1)]
motb.move(0)
motb.home(-1)
seen["home"] = [motb.state.HOME, motb.state.READY]
mota.off()
seen["off"] = mota.state.OFF
mota.on()
seen["on"] = mota.state.READY
seen["encoder"] = bool(config.get("enca").read() >= 1)

# Up and half-way back, sent as one binary block.
rows = numpy.zeros(3, dtype=[("time", float), ("position", float), ("velocity", float)])
rows["time"], rows["position"], rows["velocity"] = [0, 0.2, 0.4], [10, 12, 11], [20, 0, -10]
path = TrajectoryGroup(Trajectory(mota, rows))
path.prepare()
path.move_to_start()
seen["joined"] = mota.position
path.move_to_end(wait=False)
highest, end = 0, time.time() + 10
while (highest < 1.5 or mota.controller.read_position(mota) != 100) and time.time() < end:
    highest = max(highest, mota.controller.read_position(mota) / 100)
path.wait_move()
seen["followed"] = [1.5 < highest <= 2, mota.position]
print(json.dumps(seen, default=str))
