# SPDX-License-Identifier: MIT
# One case.


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
