# SPDX-License-Identifier: MIT
# Drives a motor as any PyTango user would and prints, as JSON, what it saw. Arguments: device name, distance.
import json
import sys
import time

import tango

name, distance = sys.argv[1], float(sys.argv[2])
motor = tango.DeviceProxy(name)
events = []


def on_state(event):
    events.append("error: " + event.errors[0].desc if event.err else str(event.attr_value.value))


start = motor.read_attribute("Position").value
before = str(motor.state())
subscription = motor.subscribe_event("State", tango.EventType.CHANGE_EVENT, on_state)
motor.write_attribute("Position", start + distance)
during = str(motor.state())
deadline = time.time() + 20
while motor.state() == tango.DevState.MOVING and time.time() < deadline:
    time.sleep(0.01)
while len(events) < 3 and time.time() < deadline:
    time.sleep(0.01)
motor.unsubscribe_event(subscription)
print(
    json.dumps(
        {
            "states": [before, during, str(motor.state())],
            "moved": motor.read_attribute("Position").value - start,
            "events": events,
            "class": motor.info().dev_class,
            "unit": motor.get_attribute_config("Position").unit,
        }
    )
)
