# SPDX-License-Identifier: MIT
# A PyTango client at a test's command: each line of standard input is JSON text of Python source; each line of standard
# output is what it gave, as {"value": ...} or {"failed": [errors]}. An expression gives its value, statements give null.
import ast
import base64
import json
import os
import sys
import time
import traceback

import numpy
import tango

PLAIN = (bool, int, float, str)


def plain(value):
    if value is None or type(value) in PLAIN:
        return value if not (isinstance(value, float) and (value != value or abs(value) == float("inf"))) else str(value)
    if isinstance(value, tango.DevError):
        return {"reason": value.reason, "desc": value.desc, "origin": value.origin}
    if isinstance(value, numpy.ndarray):
        return plain(value.tolist())
    if isinstance(value, numpy.generic):
        return plain(value.item())
    if isinstance(value, (bytes, bytearray)):
        return list(value)
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if hasattr(type(value), "values") and hasattr(type(value), "names"):
        return str(value)
    if hasattr(value, "__iter__"):
        return [plain(one) for one in value]
    return str(value)


class Heard:
    """What a subscription brought, each event as what a client would look at."""

    def __init__(self, device, name, kind):
        self.events = []
        self.device = device
        args = (kind, self.hear) if name is None else (name, kind, self.hear)
        self.id = device.subscribe_event(*args)
        # ZeroMQ connects behind the client's back: what a server sends before is nobody's.
        time.sleep(0.3)

    def hear(self, event):
        self.events.append(self.told(event))

    def told(self, event):
        if event.err:
            return {"errors": [error.reason for error in event.errors]}
        if isinstance(event, tango.DataReadyEventData):
            return {"counter": event.ctr}
        if isinstance(event, tango.AttrConfEventData):
            return {"label": event.attr_conf.label, "unit": event.attr_conf.unit}
        if isinstance(event, tango.DevIntrChangeEventData):
            return {"started": event.dev_started, "attributes": sorted(one.name for one in event.att_list)}
        if hasattr(tango, "PipeEventData") and isinstance(event, tango.PipeEventData):
            return {"pipe": plain(event.pipe_value.data)}
        return {"value": plain(event.attr_value.value), "quality": str(event.attr_value.quality)}

    def wait(self, count, seconds=5):
        deadline = time.time() + seconds
        while len(self.events) < count and time.time() < deadline:
            time.sleep(0.005)
        return self.events

    def stop(self):
        self.device.unsubscribe_event(self.id)


def errors_of(call):
    """The errors a call fails with, as (reason, desc); None when it does not fail."""
    try:
        call()
    except tango.DevFailed as error:
        return [(one.reason, one.desc) for one in error.args]


def until(condition, seconds=5):
    """Whether it comes true in time; a call that fails meanwhile is not yet true."""
    deadline = time.time() + seconds
    while time.time() < deadline:
        try:
            if condition():
                return True
        except tango.DevFailed:
            pass
        time.sleep(0.01)
    return False


names = {"tango": tango, "numpy": numpy, "time": time, "Heard": Heard, "errors_of": errors_of, "until": until,
         "base64": base64}


def evaluate(source):
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "test", "exec"), names)
    return eval(compile(ast.Expression(last.value), "test", "eval"), names) if last else None


# What the C++ library prints goes elsewhere too.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
for line in sys.stdin:
    try:
        answer = {"value": plain(evaluate(json.loads(line)))}
    except tango.DevFailed as error:
        answer = {"failed": plain(error.args)}
    except BaseException:
        answer = {"broken": traceback.format_exc()}
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
