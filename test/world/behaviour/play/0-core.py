# SPDX-License-Identifier: MIT
# Does again what was recorded on cppTango servers (test/vectors/server/behaviour.jsonl), one case a call: play(area, steps)
# gives what is observed, in the form of the records. These files run as one inside pytango.py, in the order of their names;
# `connected(prefix, suffix, admin)` comes first.
import json
import os
import re

FIELDS = {"label": "label", "unit": "unit", "min": "min_value", "max": "max_value", "mia": "alarms.min_alarm",
          "maa": "alarms.max_alarm", "miw": "alarms.min_warning", "maw": "alarms.max_warning", "dt": "alarms.delta_t",
          "dv": "alarms.delta_val", "abs": "events.ch_event.abs_change", "rel": "events.ch_event.rel_change",
          "aabs": "events.arch_event.archive_abs_change", "aper": "events.arch_event.archive_period",
          "per": "events.per_event.period"}
KINDS = tango.EventType
here = {}


def connected(prefix, suffix, admin):
    """Devices are `prefix` + area + `suffix`."""
    here.update(prefix=prefix, suffix=suffix, admin=tango.DeviceProxy(admin), ready=set(), state={})


def device(group):
    return tango.DeviceProxy(here["prefix"] + group + here["suffix"])


def attempt(call):
    """What a call gives, or its errors as the records have them."""
    try:
        return call()
    except tango.DevFailed as error:
        return {"exc": [[one.reason, one.desc] for one in error.args]}


def configure(d, name, **values):
    c = d.get_attribute_config(name)
    for short, value in values.items():
        *path, last = FIELDS[short].split(".")
        place = c
        for part in path:
            place = getattr(place, part)
        setattr(place, last, value)
    d.set_attribute_config(c)


def field(d, name, short):
    place = d.get_attribute_config(name)
    for part in FIELDS[short].split("."):
        place = getattr(place, part)
    return place


def given(d, **values):
    d.Set(json.dumps({name: str(value) if name == "u64" else value for name, value in values.items()}))


def seen(d, name):
    """Value, set value, quality."""
    r = d.read_attribute(name)
    value, w_value = (x.item() if hasattr(x, "item") else x for x in (r.value, r.w_value))
    return [value, w_value, str(r.quality)]


def quality(d, name):
    return str(d.read_attribute(name).quality)


def condition(d):
    return [str(d.state()), d.status(), str(d.command_inout("State")), str(d.read_attribute("State").value)]
