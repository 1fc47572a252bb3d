# SPDX-License-Identifier: MIT
# Configurations of attributes, and memorised values.


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
