# SPDX-License-Identifier: MIT
# Alarms, qualities, State and Status: one function an area, and what comes before its first case.


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
