# SPDX-License-Identifier: MIT
# Scans and moves the Motor of docs/how-to/use-motors-from-bluesky.md (motor.py in the working directory) with bluesky's
# RunEngine. Argument: device name. Prints JSON.
import json
import sys

from bluesky import RunEngine, plan_stubs, plans
from ophyd_async.core import init_devices

sys.path.insert(0, "")
from motor import Motor  # noqa: E402

engine = RunEngine({}, call_returns_result=True)
with init_devices():
    m = Motor(sys.argv[1], support_events=True, name="m")

documents = []
engine(plans.scan([], m, 0, 1, 5), lambda name, document: documents.append((name, document)))


def refusal(target):
    try:
        engine(plan_stubs.mv(m, target))
    except Exception as error:
        return str(error.__cause__)
    return None


print(
    json.dumps(
        {
            "scan": [document["data"]["m"] for name, document in documents if name == "event"],
            "velocity": documents[1][1]["configuration"]["m"]["data"]["m-Velocity"],
            "beyond": refusal(100),
            "switch": refusal(7),
            "rests": engine(plan_stubs.rd(m)).plan_result,
        }
    )
)
