# SPDX-License-Identifier: MIT
# Plays calls, one JSON line `[command, argument]` each on standard input, on the database of TANGO_HOST, and prints one
# JSON line a call: {"reply": ...} or {"error": [reason, desc, origin] of the first level}.
import json
import sys

import tango

database = tango.DeviceProxy(sys.argv[1] if len(sys.argv) > 1 else "sys/database/2")


def plain(value):
    if isinstance(value, (list, tuple)) and len(value) == 2 and not isinstance(value[0], str):
        return {"lvalue": [int(n) for n in value[0]], "svalue": list(value[1])}
    return list(value) if isinstance(value, (list, tuple)) else value


for line in sys.stdin:
    command, argument = json.loads(line)
    try:
        result = database.command_inout(command) if argument is None else database.command_inout(command, argument)
        print(json.dumps({"reply": plain(result)}), flush=True)
    except tango.DevFailed as failure:
        first = failure.args[0]
        print(json.dumps({"error": [first.reason, first.desc, first.origin]}), flush=True)
