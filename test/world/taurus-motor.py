# SPDX-License-Identifier: MIT
# Drives a motor through Taurus' models, as its panels do behind their windows. Argument: device name. Prints JSON.
import json
import sys
import threading

import taurus
from taurus.core import TaurusEventType

name = sys.argv[1]
device = taurus.Device(name)
position, velocity = taurus.Attribute(f"{name}/Position"), taurus.Attribute(f"{name}/Velocity")
seen = {"scheme": type(device).__name__, "state": str(device.state.name), "label": position.label}

arrived = threading.Condition()
heard = []


def listen(source, kind, value):
    if kind in (TaurusEventType.Change, TaurusEventType.Periodic) and value is not None:
        with arrived:
            heard.append(value)
            arrived.notify_all()


def wait(holds):
    with arrived:
        return arrived.wait_for(holds, timeout=10)


seen["unit"] = f"{position.rvalue.units:~}"
seen["range"] = [f"{limit:~}" for limit in position.range]
position.addListener(listen)
position.write(1.5)
seen["arrived"] = wait(lambda: heard and abs(heard[-1].rvalue.magnitude - 1.5) < 1e-6)
seen["passed"] = any(0 < value.rvalue.magnitude < 1.5 for value in heard)
seen["set"] = position.read(cache=False).wvalue.magnitude
velocity.write(20)
seen["velocity"] = str(velocity.read(cache=False).rvalue)
try:
    position.write(1000)
    seen["refused"] = None
except Exception as error:
    seen["refused"] = "above" in str(error) or "limit" in str(error).lower()
device.write_attribute("Limits", [-3, 3])
seen["narrower"] = wait(lambda: [f"{limit:~}" for limit in position.range] == ["-3.0 mm", "3.0 mm"])
device.MoveRelative(-1.0)
seen["relative"] = wait(lambda: abs(heard[-1].rvalue.magnitude - 0.5) < 1e-6)
device.Stop()
print(json.dumps(seen))
