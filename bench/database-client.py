# SPDX-License-Identifier: MIT
# Times a PyTango client on the database of TANGO_HOST: database-client.py calls N | database-client.py lists. Prints JSON:
# milliseconds (medians) by name.
import json
import sys
import time

import tango

db = tango.Database()
database = tango.DeviceProxy(db.dev_name())


def median(deed, times):
    took = []
    for turn in range(times):
        begun = time.perf_counter()
        deed(turn)
        took.append(time.perf_counter() - begun)
    return sorted(took)[times // 2] * 1000


def calls(times):
    db.add_device(info("id00/bench/1"))
    db.put_device_property("id00/bench/1", {"Host": ["icepap"], "Axes": ["1", "2", "3"]})
    attributes = {name: {"unit": ["mm"], "format": ["%8.4f"]} for name in ("Position", "Velocity")}
    db.put_device_attribute_property("id00/bench/1", attributes)
    deeds = {
        "import a device": lambda turn: db.import_device("sys/database/2"),
        "put a device property": lambda turn: db.put_device_property("id00/bench/1", {"Host": [str(turn)]}),
        "get a device property": lambda turn: db.get_device_property("id00/bench/1", "Axes"),
        "get attribute properties": lambda turn: db.get_device_attribute_property("id00/bench/1", list(attributes)),
    }
    for deed in deeds.values():
        median(deed, 30)
    return {name: median(deed, times) for name, deed in deeds.items()}


def info(name):
    found = tango.DbDevInfo()
    found.name, found._class, found.server = name, "Bench", "Bench/1"
    return found


def lists():
    pattern = "bench/*/0001*"
    assert len(database.command_inout("DbGetDeviceWideList", pattern)) == 100
    return {
        "all devices": median(lambda turn: database.command_inout("DbGetDeviceWideList", "*"), 3),
        "by %s" % pattern: median(lambda turn: database.command_inout("DbGetDeviceWideList", pattern), 7),
        "exported ones": median(lambda turn: database.command_inout("DbGetDeviceExportedList", "*/7/*"), 7),
    }


print(json.dumps(calls(int(sys.argv[2])) if sys.argv[1] == "calls" else lists()))
