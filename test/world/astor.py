# SPDX-License-Identifier: MIT
# Administers a host as Astor does: astor.py HOST SERVER... (each Server/instance, registered, not running). Prints one JSON
# object of what it saw, the same for every Starter that is one.
import json
import sys
import threading
import time

import tango

host, names = sys.argv[1], sys.argv[2:]
db = tango.Database()
database = tango.DeviceProxy(db.dev_name())
seen = {}


def refused(deed):
    try:
        return {"done": deed()}
    except tango.DevFailed as failure:
        return {"reason": failure.args[0].reason, "desc": failure.args[0].desc}


def until(what, wanted, patience=40):
    deadline = time.time() + patience
    while True:
        found = what()
        if found == wanted or time.time() > deadline:
            return found
        time.sleep(0.1)


seen["starters"] = list(
    database.command_inout("DbMySqlSelect", 'SELECT name FROM device WHERE class="Starter" ORDER BY name')[1]
)
starter = tango.DeviceProxy("tango/admin/" + host)


def servers():
    lines = [line.split("\t") for line in starter.read_attribute("Servers").value or []]
    return {line[0]: line[1:] for line in lines if line[0] in names}


def states():
    return [servers().get(name, ["absent"])[0] for name in names]


# New servers: registered on the host, started, then put on a level.
for name in names:
    admin = "dserver/" + name
    database.command_inout("DbExportDevice", [admin, "null", host, "null", "null"])
    database.command_inout("DbUnExportDevice", admin)
starter.command_inout("UpdateServersInfo")
seen["listed"] = until(states, ["FAULT"] * len(names))
events = []
ids = [
    starter.subscribe_event(name, tango.EventType.CHANGE_EVENT, lambda e: e.err or events.append(e.attr_value.name))
    for name in ("State", "Servers")
]
for name in names:
    starter.command_inout("DevStart", name)
seen["started"] = until(states, ["ON"] * len(names))
seen["again"] = refused(lambda: starter.command_inout("DevStart", names[0]))
seen["no file"] = refused(lambda: starter.command_inout("DevStart", "NoSuchServer/x"))["reason"]
for level, name in enumerate(names, 1):
    database.command_inout("DbPutServerInfo", [name, host, "1", str(level)])
starter.command_inout("UpdateServersInfo")
expected = {name: ["ON", "1", str(level), "1"] for level, name in enumerate(names, 1)}
seen["controlled"] = until(servers, expected) == expected
seen["all on"] = until(lambda: str(starter.state()), "ON")
seen["host state"] = until(lambda: int(starter.read_attribute("HostState").value), 0)
seen["running"] = sorted(name for name in starter.command_inout("DevGetRunningServers", False) if name in names)
seen["hosts"] = [db.get_server_info(name).host for name in names]
for name in names:
    tango.DeviceProxy("dserver/" + name).ping()

# One is stopped and started, one is killed.
first, last = names[0], names[-1]
starter.command_inout("DevStop", first)
seen["stopped"] = until(states, ["FAULT"] + ["ON"] * (len(names) - 1))
seen["alarm"] = until(lambda: str(starter.state()), "ALARM")
seen["alarm status"] = starter.status()
seen["stop again"] = refused(lambda: starter.command_inout("DevStop", first))
seen["stop unknown"] = refused(lambda: starter.command_inout("DevStop", "NoSuchServer/x"))
seen["not running"] = [name for name in starter.command_inout("DevGetStopServers", False) if name in names] == [first]
starter.command_inout("DevStart", first)
seen["started again"] = until(states, ["ON"] * len(names))
starter.command_inout("HardKillServer", last)
seen["killed"] = until(states, ["ON"] * (len(names) - 1) + ["FAULT"])
seen["kill again"] = refused(lambda: starter.command_inout("HardKillServer", last))
starter.command_inout("DevStart", last)
seen["started after kill"] = until(states, ["ON"] * len(names))
until(lambda: str(starter.state()), "ON")

# All levels down and up.
for level in reversed(range(1, len(names) + 1)):
    starter.command_inout("DevStopAll", level)
seen["all down"] = until(states, ["FAULT"] * len(names))
seen["off"] = until(lambda: str(starter.state()), "OFF")
seen["off status"] = starter.status()
for level in range(1, len(names) + 1):
    starter.command_inout("DevStartAll", level)
seen["all up"] = until(states, ["ON"] * len(names))
seen["on status"] = until(lambda: (str(starter.state()), starter.status()), ("ON", "All controlled servers are running"))

# Logs.
log = starter.command_inout("DevReadLog", "Starter").splitlines()
deeds = [line.split("\t")[1] for line in log if any(line.endswith(name + " stopped") for name in names)]
seen["log"] = sorted(set(deeds))
statistics = [line.split("\t") for line in starter.command_inout("DevReadLog", "Statistics").splitlines()]
# Whether a stop is a failure depends on the moment the Starter looked: some see the server hang first.
seen["statistics"] = all([name, "ON"] in [line[:2] for line in statistics] for name in names)
server, instance = first.split("/")
seen["server log"] = starter.command_inout("DevReadLog", first).splitlines()[0].endswith("/ds.log/%s_%s.log" % (server, instance))
seen["no log"] = refused(lambda: starter.command_inout("DevReadLog", "NoSuchServer/x"))["reason"].startswith("Cannot open ")
starter.command_inout("ResetStatistics")
seen["reset"] = sorted(
    line.split("\t")[1] for line in starter.command_inout("DevReadLog", "Statistics").splitlines() if line.split("\t")[0] in names
)
for event in ids:
    starter.unsubscribe_event(event)
seen["events"] = sorted({name.lower() for name in events})

# Removed from the host: stopped, no level.
for name in names:
    starter.command_inout("DevStop", name)
    database.command_inout("DbDeleteServerInfo", name)
seen["gone"] = until(states, ["FAULT"] * len(names))
print(json.dumps(seen))
