# SPDX-License-Identifier: MIT
# Does again what was recorded on cppTango servers (test/vectors/server/behaviour.jsonl), one case a call: play(area, steps)
# gives what is observed, in the form of the records. Runs inside pytango.py; `connected(prefix, admin)` comes first.
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


# ---- alarms
BOUNDS = {"mia": "-10", "maa": "10", "miw": "-5", "maw": "5"}


def alarm_bounds(d, steps):
    what, value = steps
    for start, name in (("double", "al2"), ("spectrum", "alsp"), ("ushort", "us"), ("ulong64", "u64"), ("float", "fl")):
        if what.startswith(start):
            break
    given(d, al2=0)
    given(d, **{name: value})
    judged = quality(d, name)
    return {"al2": [judged, str(d.state())], "alsp": [judged, str(d.state()), d.status()]}.get(name, judged)


def prepare_alarm_bounds(d):
    configure(d, "al2", **BOUNDS)
    configure(d, "alsp", **BOUNDS)
    configure(d, "us", mia="3", maa="10")
    configure(d, "u64", maa="9000000000000000000")
    configure(d, "fl", maa="0.1")
    given(d, us=5, fl=0)


def prepare_alarm_status(d):
    configure(d, "al1", label="al1 lab", **BOUNDS)
    configure(d, "al2", **BOUNDS)
    configure(d, "al3", label="My Label", **BOUNDS)
    configure(d, "alsp", **BOUNDS)


def alarm_status(d, steps):
    label, *rest = steps
    if label.startswith("user status, high"):
        d.SetStatus("my text")
        given(d, al1=0, al3=0, alsp=[0])
    state = re.search(r"state (\w+) \+", label) or re.search(r"user set (ALARM)", label)
    if state:
        d.SetState(getattr(tango.DevState, state[1]))
    if not rest:
        return str(d.read_attribute("State").value)
    given(d, **rest[0])
    return condition(d)


def prepare_alarm_userquality(d):
    d.SetStatus("The device is in ON state.")
    configure(d, "al2", maa="10", maw="5")


def alarm_userquality(d, steps):
    if steps[0] == "user quality":
        given(d, al2={"value": steps[3], "q": steps[1]})
        name = "al2"
    elif "WITHOUT" in steps[0]:
        given(d, al2=0, cnt2={"value": 0, "q": "ALARM"})
        quality(d, "al2")
        name = "cnt2"
    elif "raises" in steps[0]:
        given(d, al2={"exc": ["Bh_E", "boom"]})
        return [attempt(lambda: d.read_attribute("al2")), *condition(d)]
    else:
        given(d, al2={"value": 0, "q": "ALARM"})
        name = "al2"
    return [quality(d, name), str(d.state()), d.status()]


def prepare_alarm_rds(d):
    d.SetStatus("The device is in ON state.")
    # In the records this attribute had been read as alarming just before.
    given(d, cnt2={"value": 0, "q": "ALARM"})
    quality(d, "cnt2")
    configure(d, "al1", dt="600", dv="2")


def alarm_rds(d, steps):
    what = steps[0]
    apart = re.search(r"10\+(-?[\d.]+);", what)
    if apart:
        d.write_attribute("al1", 10)
        given(d, al1=10 + float(apart[1]))
        qualities = [quality(d, "al1")]
        time.sleep(0.1)
        qualities.append(quality(d, "al1"))
        time.sleep(0.6)
        return [*qualities, quality(d, "al1"), str(d.state()), d.status()]
    if "RDS + " in what:
        kind, bound, value = re.search(r"RDS \+ (\w+) (\d+) \(value (\d+)\)", what).groups()
        configure(d, "al1", **{"maw" if kind == "warning" else "maa": bound})
        given(d, al1=float(value))
        time.sleep(0.7)
    else:
        d.write_attribute("al1", 10)
        given(d, al1=10)
    return [quality(d, "al1"), str(d.state()), d.status()]


def prepare_alarm_polled(d):
    configure(d, "al2", **BOUNDS)


def alarm_polled(d, steps):
    if steps[0].startswith("not polled"):
        given(d, al2=11)
        return str(d.command_inout("State"))
    d.poll_attribute("al2", 60_000)
    until(lambda: d.Reads("al2") > 0)
    d.set_source(tango.DevSource.DEV)
    counts = []
    for ask in (lambda: d.command_inout("State"), lambda: d.command_inout("Status"),
                lambda: d.read_attributes(["State", "Status", "al2"]), d.state,
                lambda: d.read_attributes(["al2", "State"])):
        ask()
        counts.append(d.Reads("al2"))
    d.stop_poll_attribute("al2")
    return counts


def state_alarm_user(d, steps):
    if "no alarms configured" in steps[0]:
        d.SetState(tango.DevState.ALARM)
        return [str(d.command_inout("State")) for _ in range(2)]
    configure(d, "al2", **BOUNDS)
    d.SetState(tango.DevState.ALARM)
    states = [str(d.command_inout("State")) for _ in range(2)]
    for value in (11, 0):
        given(d, al2=value)
        states.append(str(d.command_inout("State")))
    return states


# ---- configuration
def badprop_start(d, steps):
    if steps[0] == "write p 3":
        return attempt(lambda: d.write_attribute("p", 3))
    return [str(d.state()), d.status(), field(d, "p", "min"), field(d, "sh", "abs"),
            [field(d, "us", "mia"), field(d, "us", "maa")], list(d.get_attribute_config("en").enum_labels),
            attempt(lambda: d.read_attribute("p")), attempt(lambda: d.read_attribute("sh"))]


def attrconf_hard(d, steps):
    c = d.get_attribute_config("p")
    change = {"data_type": tango.DevShort, "data_format": tango.SPECTRUM, "writable": tango.AttrWriteType.READ,
              "max_dim_x": 7, "max_dim_y": 7, "disp_level": tango.DispLevel.EXPERT, "name": "P", "root_attr_name": "a/b/c/d",
              "memorized": tango.AttrMemorizedType.MEMORIZED}
    setattr(c, steps[0], change[steps[0]])
    failure = attempt(lambda: d.set_attribute_config(c))
    if failure:
        return failure
    c = d.get_attribute_config("p")
    return [c.data_type, str(c.data_format), str(c.writable), c.max_dim_x, c.max_dim_y, str(c.disp_level), c.writable_attr_name, c.name]


def attrconf_enum(d, steps):
    def set_labels(labels):
        c = d.get_attribute_config("en")
        c.enum_labels = labels
        return attempt(lambda: d.set_attribute_config(c))
    failure = set_labels(steps[3])
    labels = list(d.get_attribute_config("en").enum_labels)
    rows = rows_of(d, "en")
    set_labels(["NaN"])
    return {"r": failure, "el": labels, "db": rows}


def rows_of(d, attribute):
    return {name: list(value) for name, value in json.loads(d.Rows(attribute)).items()}


def prepare_attrconf_memorized(d):
    d.write_attribute("m_d", 3)
    d.write_attribute("p", 50)


def attrconf_memorized(d, steps):
    what, *rest = steps
    if rest:
        failure = attempt(lambda: configure(d, what, **rest[0]))
        shown = rest[0] if failure is None and "Not specified" not in rest[0].values() else dict(list(rest[0].items())[:1])
        return {"r": failure, "cfg": {short: field(d, what, short) for short in shown}, "db": rows_of(d, what)}
    if what.startswith("write 9"):
        return attempt(lambda: d.write_attribute("m_d", 9))
    if what.startswith("p written 50"):
        return seen(d, "p")[:2]
    return seen(d, "p")[:2] if what == "read p after" else rows_of(d, "m_d")


class Marks:
    """Events that say that all before them have come: they go by the same socket, in order."""

    def __init__(self, d):
        self.device, self.pushed, self.heard = d, 0, []
        self.id = d.subscribe_event("mark", KINDS.CHANGE_EVENT, lambda event: self.heard.append(
            None if event.err else event.attr_value.value))

    def settle(self):
        self.pushed += 1
        self.device.Push(json.dumps({"attr": "mark", "event": "change", "v": self.pushed}))
        if not until(lambda: self.heard[-1] == self.pushed, 20):
            raise RuntimeError(f"mark {self.pushed} has not come: {self.heard}")

    def stop(self):
        self.device.unsubscribe_event(self.id)


def prepare_attconf_event(d):
    here["heard"] = heard = []

    def hear(event):
        heard.append([bool(event.err), event.attr_conf.label])
    here["device"] = d
    d.subscribe_event("p", KINDS.ATTR_CONF_EVENT, hear)
    until(lambda: len(heard) == 1)
    here["marks"] = Marks(d)


def attconf_event(d, steps):
    what, heard = steps[0], here["heard"]

    def two():
        good, bad = d.get_attribute_config("p"), d.get_attribute_config("sh")
        good.label, bad.min_value = "M1", "abc"
        d.set_attribute_config([good, bad])
    acts = {"set label": lambda: configure(d, "p", label="E1"), "same config again": lambda: configure(d, "p", label="E1"),
            "poll_attribute": lambda: d.poll_attribute("p", 60_000), "stop_poll": lambda: d.stop_poll_attribute("p"),
            "Init": d.Init, "set_attribute_config of another attr": lambda: configure(d, "sh", label="x"),
            "write": lambda: d.write_attribute("p", 1), "two attrs incl p, 2nd bad": two,
            "DevRestart": lambda: (configure(d, "p", label="M1"), here["marks"].settle(), heard.clear(),
                                   here["admin"].DevRestart(d.dev_name())) and None,
            "after: set label": lambda: configure(d, "p", label="E5"),
            "failing config": lambda: configure(d, "p", abs="bad")}
    if what != "poll_attribute" and d.is_attribute_polled("p"):
        d.stop_poll_attribute("p")
    if what == "stop_poll":
        d.poll_attribute("p", 60_000)
    # What came of the case before is its own.
    here["marks"].settle()
    heard.clear()
    failure = attempt(acts[what])
    here["marks"].settle()
    return {"r": failure, "events": [[0, *one] for one in heard]}


# ---- memorised attributes
def memorized_init(d, steps):
    return [None, seen(d, "m_d"), seen(d, "m_wo"), seen(d, "m_s")]


def memorized_restart(d, steps):
    what = steps[0]
    if what.startswith("config"):
        return [str(d.get_attribute_config(name).memorized) for name in ("m_d", "m_n", "p")]
    if what.startswith("read"):
        return {name: seen(d, name) for name in ("m_d", "m_f", "m_b", "m_s", "m_e", "m_l", "m_uc", "m_n", "m_wo")}
    d.Log()
    d.Init() if what.startswith("Init") else here["admin"].DevRestart(d.dev_name())
    return [line for line in d.Log() if d.dev_name() in line or line.startswith("write")]


def prepare_memorized_restart(d):
    for name, value in {"m_d": 0.1, "m_f": 0.1, "m_b": True, "m_s": "a,b", "m_e": 2, "m_l": -1, "m_uc": 200, "m_n": 4.25,
                        "m_wo": 7.5}.items():
        d.write_attribute(name, value)
    here["admin"].DevRestart(d.dev_name())


def memorized_fail(d, steps):
    what = steps[0]
    if what.startswith("write of memorized"):
        return [str(d.state()), d.status(), str(d.read_attribute("State").value)]
    if what.startswith("read "):
        return attempt(lambda: seen(d, what[5:]))
    if what == "Init":
        return attempt(d.Init)
    if what.startswith("after Init"):
        return [str(d.state()), d.status(), attempt(lambda: seen(d, "m_d"))]
    return attempt(lambda: d.write_attribute(what.split()[1], 1))


# ---- events
def subscribed(d, name, kind, hear):
    first = len(hear)

    def on_event(event):
        if event.err:
            hear.append(["ERR", event.errors[0].reason, event.errors[0].desc])
        else:
            value = event.attr_value.value
            hear.append([value.item() if hasattr(value, "item") else value, str(event.attr_value.quality)[5:]])
    return d.subscribe_event(name, kind, on_event)


def prepare_event(d, name, criteria):
    if criteria:
        configure(d, name, **criteria)


def pushed(d, name, event, kind, pushes):
    """Pushes one after the other; what came of each. A mark at the end says that all has come."""
    heard = []
    subscription = subscribed(d, name, kind, heard)
    marks = Marks(d)
    marks.settle()
    first = list(heard)
    then = []
    for one, *_ in pushes:
        before = len(heard)
        d.Push(json.dumps({"attr": name, "event": event, **one}))
        marks.settle()
        then.append([one, "ok", heard[before:]])
    d.unsubscribe_event(subscription)
    marks.stop()
    return {"on_subscribe": first[:1], "then": then}


def event_push(d, steps, expected):
    if len(steps) == 1:
        what = steps[0]
        if what.startswith("push on unknown"):
            failure = attempt(lambda: d.Push(json.dumps({"attr": "zzz", "event": "change", "v": 1})))
            return f"EXC {json.dumps(failure['exc'][:1])}"
        if what.startswith("read pf"):
            d.Push(json.dumps({"attr": "pf", "event": "change", "v": 3}))
            return seen(d, "pf")[0]
        d.Push(json.dumps({"attr": "ev" if "without" in what else "pf", "event": "change", "v": 1}))
        return "ok"
    name, what, kind = steps
    given(d, **{name: 0})
    configure(d, "pt", abs="1" if "abs_change 1" in what or "max_alarm" in what else "",
              aabs="2" if "archive_abs" in what else "")
    for one in ("pt", "pf"):
        configure(d, one, maa="5" if "max_alarm" in what else "")
    if kind == "subscribe":
        return attempt(lambda: subscribed(d, name, KINDS.CHANGE_EVENT, []))
    return pushed(d, name, "archive" if kind == "ARCHIVE_EVENT" else "change", getattr(KINDS, kind), expected["then"])


def event_misc(d, steps, expected):
    what = steps[0]
    if what.startswith("data_ready on plain"):
        return attempt(lambda: d.subscribe_event("ev", KINDS.DATA_READY_EVENT, print))
    if what.startswith("push_data_ready"):
        d.Push(json.dumps({"attr": "ev", "event": "ready", "v": 1}))
        return "ok"
    if what.startswith("data_ready: subscribe"):
        heard = []
        d.subscribe_event("dr", KINDS.DATA_READY_EVENT, lambda event: heard.append([event.attr_name, event.attr_data_type, event.ctr]))
        for counter in (7, 8):
            d.Push(json.dumps({"attr": "dr", "event": "ready", "v": counter}))
        until(lambda: len(heard) == 2)
        return heard
    return event_push(d, steps, expected)


def event_archive(d, steps, expected):
    if steps[1] is None and steps[2] == "subscribe":
        d.poll_attribute("ev", 50)
        try:
            return attempt(lambda: subscribed(d, "ev", KINDS.ARCHIVE_EVENT, []))
        finally:
            d.stop_poll_attribute("ev")


# ---- polling
def poll_errors(d, steps):
    what, *rest = steps
    if what.startswith(("min_poll", "UpdObj")):
        d = device("poll-min")
    a, name = here["admin"], d.dev_name()

    def poll(kind, obj, period):
        return attempt(lambda: a.AddObjPolling([[period], [name, kind, obj]]))

    def stop():
        for obj in d.polling_status():
            kind, obj = re.search(r"Polled (\w+) name = (\w+)", obj).groups()
            a.RemObjPolling([name, kind, obj])
    try:
        if what.startswith("AddObjPolling"):
            return poll("attribute", "cnt", rest[0])
        if what.startswith("min_poll_period"):
            return poll("command" if rest[0] == "Noop" else "attribute", *rest)
        if what.startswith("UpdObj"):
            return [poll("attribute", "cnt", 1000),
                    attempt(lambda: a.UpdObjPollingPeriod([[100], [name, "attribute", "cnt"]])),
                    attempt(lambda: a.RemObjPolling([name, "attribute", "cnt"]))]
        if what.startswith("DevPollStatus"):
            return attempt(lambda: a.DevPollStatus("a/b/c"))
        if what.startswith("RemObj"):
            return attempt(lambda: a.RemObjPolling([name, "attribute", "cnt"]))
        failure = attempt(lambda: d.Trigger("cnt"))
        return f"EXC {json.dumps(failure['exc'][:1])}"
    finally:
        stop()


def poll_trigger(d, steps):
    what = steps[0]

    def cached():
        d.set_source(tango.DevSource.CACHE)
        try:
            return d.read_attribute("trig").value
        finally:
            d.set_source(tango.DevSource.CACHE_DEV)
    if what.startswith("poll_attribute"):
        return attempt(lambda: d.poll_attribute("trig", 0))
    if what == "DevPollStatus":
        if not d.is_attribute_polled("trig"):
            d.poll_attribute("trig", 0)
        return list(d.polling_status())
    if what == "db":
        return json.loads(d.Polled())
    if what.startswith("CACHE read before"):
        return attempt(cached)
    if what.startswith("trigger attribute polled"):
        d.poll_attribute("cnt", 1000)
        failure = attempt(lambda: d.Trigger("cnt"))
        d.stop_poll_attribute("cnt")
        return [None, f"EXC {json.dumps(failure['exc'][:1])}"]
    if what.startswith("trigger"):
        here["triggered"] = here.get("triggered", 0) + 1
        given(d, trig=here["triggered"])
        d.Trigger("trig")
        return "ok"
    until(lambda: cached() == here["triggered"])
    return [cached(), "age"]


def poll_history(d, steps):
    what = steps[0]
    given(d, ev={"exc": ["R9", "d9"]})
    if "cache command" in what or "failing command" in what:
        d.poll_command("Boom", 200)
        until(lambda: "Delta" in d.polling_status()[0])
        d.set_source(tango.DevSource.CACHE)
        result = attempt(d.Boom) if "cache" in what else list(d.polling_status())
        d.stop_poll_command("Boom")
        return result
    d.poll_attribute("ev", 200)
    until(lambda: len(d.attribute_history("ev", 10)) > 1)
    if what.startswith("history after"):
        d.stop_poll_attribute("ev")
        return attempt(lambda: d.attribute_history("ev", 1))
    try:
        if what == "history(0)":
            return len(d.attribute_history("ev", 0))
        if what == "history(-1)":
            return attempt(lambda: d.attribute_history("ev", -1))
        d.set_source(tango.DevSource.CACHE)
        return attempt(lambda: d.read_attribute("ev")) if what.startswith("CACHE") else list(d.polling_status())
    finally:
        d.stop_poll_attribute("ev")


# ---- restarts
def restart_events(d, steps, expected):
    """Kinds of the events after the command; the last says whether change events go on."""
    what = steps[-1] if "fresh" in steps[0] else steps[0]
    heard = []
    given(d, cnt=0)
    configure(d, "cnt", abs="0.5")
    d.poll_attribute("cnt", 20)
    ids = [subscribed_kind(d, "cnt", kind, heard) for kind in (KINDS.CHANGE_EVENT, KINDS.ATTR_CONF_EVENT)]
    until(lambda: len(heard) >= 2)
    heard.clear()
    a = here["admin"]
    acts = {"Init": a.Init if "admin" in steps[0] else d.Init, "DevRestart": lambda: a.DevRestart(d.dev_name()),
            "admin Init": a.Init, "RestartServer": a.RestartServer}
    failure = attempt(acts[what])
    number = [0]

    def goes_on():
        number[0] += 1
        given(d, cnt=number[0])
        time.sleep(0.02)
        return heard.count("change") >= 4
    on = until(goes_on, 10)
    for one in ids:
        d.unsubscribe_event(one)
    d.stop_poll_attribute("cnt")
    return [failure, "attr_conf" in heard, on]


def subscribed_kind(d, name, kind, heard):
    label = {KINDS.CHANGE_EVENT: "change", KINDS.ATTR_CONF_EVENT: "attr_conf"}[kind]
    return d.subscribe_event(name, kind, lambda event: heard.append("error" if event.err else label))


def dserver(d, steps):
    a = here["admin"]
    if steps[0] == "State/Status":
        return [str(a.State()), a.Status()]
    return attempt(lambda: list(getattr(a, steps[0])({"bhdev": "behaving", "BhDev": "Behaving"}.get(steps[1], steps[1]))))


def lock(d, steps):
    what = steps[0]
    a, name = here["admin"], d.dev_name()
    # A client refuses to lock a device without a database by itself; its server does not.

    def once():
        return a.LockDevice([[10], [name]])

    def undone():
        a.UnLockDevice([[0], [name]])

    def locked():
        return a.DevLockStatus(name)[0][0] == 1
    if what.startswith("lock(10)"):
        try:
            return [once(), a.DevLockStatus(name)[1][0], locked(), int(a.DevLockStatus(name)[0][1]) == os.getpid()]
        finally:
            undone()
    if what.startswith("lock twice"):
        return [once(), once(), undone(), locked(), undone(), locked(), undone()]
    if what.startswith("raw admin: LockDevice"):
        return a.LockDevice([[1], [name]])
    if what.startswith("raw admin"):
        return [a.UnLockDevice([[0], [name]]), attempt(lambda: a.ReLockDevices([name]))]
    if what.startswith("DevLockStatus"):
        until(lambda: a.DevLockStatus(name)[0][0] == 0, 5)
        return [list(one) for one in a.DevLockStatus(name)]
    return d.Noop()


def event_change(d, steps, expected):
    d.poll_attribute("ev", 60_000)
    return attempt(lambda: subscribed(d, "ev", KINDS.CHANGE_EVENT, []))


WITH_EXPECTED = (event_change, event_push, event_misc, event_archive, restart_events)


def play(group, steps, expected):
    """`group`: area and recording server, each of which has a device of its own."""
    area = group.rpartition("-")[0]
    function = globals()[area.replace("-", "_")]
    d = device(group)
    if group not in here["ready"]:
        here["ready"].add(group)
        globals().get(f"prepare_{area.replace('-', '_')}", lambda d: None)(d)
    return function(d, steps, expected) if function in WITH_EXPECTED else function(d, steps)
