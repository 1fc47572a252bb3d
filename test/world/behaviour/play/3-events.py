# SPDX-License-Identifier: MIT
# Events: pushed, found, and what restarts do to them.


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


def subscribed(d, name, kind, hear):
    def on_event(event):
        if event.err:
            hear.append(["ERR", event.errors[0].reason, event.errors[0].desc])
        else:
            value = event.attr_value.value
            hear.append([value.item() if hasattr(value, "item") else value, str(event.attr_value.quality)[5:]])
    return d.subscribe_event(name, kind, on_event)


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


def event_change(d, steps, expected):
    d.poll_attribute("ev", 60_000)
    return attempt(lambda: subscribed(d, "ev", KINDS.CHANGE_EVENT, []))


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
