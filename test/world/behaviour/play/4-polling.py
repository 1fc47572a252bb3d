# SPDX-License-Identifier: MIT
# Polling, its cache and its history; the admin device.


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
