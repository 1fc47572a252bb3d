# SPDX-License-Identifier: MIT
# One-step moves as a PyTango script makes them: write Position, ask for State until it is not MOVING, read Position.
# Arguments: device, seconds to sleep between two looks at State (0: none). Prints the median milliseconds of a move.
import sys
import time

import tango

motor, pause = tango.DeviceProxy(sys.argv[1]), float(sys.argv[2])
times = []
for turn in range(120):
    begun = time.perf_counter()
    motor.write_attribute("Position", (turn % 2) / 1000)
    while motor.state() == tango.DevState.MOVING:
        if pause:
            time.sleep(pause)
    motor.read_attribute("Position")
    if turn >= 20:
        times.append(time.perf_counter() - begun)
print(1000 * sorted(times)[len(times) // 2])
