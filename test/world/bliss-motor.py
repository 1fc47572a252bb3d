# SPDX-License-Identifier: MIT
# Moves the axis `robx` of a BLISS configuration as its users do. BEACON_HOST says where that is. Prints JSON.
import json
import time

from bliss.config.static import get_config

axis = get_config().get("robx")
seen = {"start": [axis.position, axis.velocity, axis.acceleration, list(axis.limits), axis.state.current_states_names]}


def until(holds):
    deadline = time.time() + 10
    while not holds() and time.time() < deadline:
        time.sleep(0.01)
    return holds()


axis.move(1.5)
seen["moved"] = [axis.position, axis.state.READY]
axis.rmove(-0.5)
seen["relative"] = axis.position
axis.velocity = 20
seen["velocity"] = [axis.velocity, axis._proxy.Velocity]
try:
    axis.move(6)
    seen["refused"] = None
except ValueError as error:
    seen["refused"] = "limit" in str(error)
axis.move(-4, wait=False)
seen["underway"] = axis.state.MOVING
axis.stop()
seen["stopped"] = [axis.state.READY, -4 < axis.position <= 1]
axis.jog(2)
seen["jog"] = axis.state.MOVING
axis.stop()

# What another client does is seen in the session.
axis._proxy.write_attribute("Position", 0.25)
seen["elsewhere"] = until(lambda: axis.settings.get("position") == 0.25)
axis._proxy.write_attribute("Limits", [-2, 2])
seen["narrower"] = until(lambda: list(axis.limits) == [-2, 2])
print(json.dumps(seen, default=list))
