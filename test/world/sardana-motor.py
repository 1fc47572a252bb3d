# SPDX-License-Identifier: MIT
# Moves a motor of Sardana's Pool that stands for the attribute id00/motor/robx/Position. Argument: the Pool. Prints JSON.
import json
import sys
import time

import tango

pool = tango.DeviceProxy(sys.argv[1])
pool.set_timeout_millis(10000)
pool.CreateController(["Motor", "TangoAttrMotorCtrl.py", "TangoAttrMotorController", "controller"])
pool.CreateElement(["Motor", "controller", "1", "m1"])
motor = tango.DeviceProxy("m1")
motor.set_timeout_millis(10000)
motor.write_attribute("TangoAttribute", "id00/motor/robx/Position")
states = [str(motor.state())]


def rest(position):
    deadline = time.time() + 10
    while time.time() < deadline:
        state = str(motor.state())
        if state != states[-1]:
            states.append(state)
        if state == "ON" and len(states) > 1 and motor.Position == position:
            return True
        time.sleep(0.005)
    return False


motor.Position = 1.5
arrived = rest(1.5)
motor.Position = -0.5
print(json.dumps({"states": states, "arrived": arrived, "back": rest(-0.5)}))
