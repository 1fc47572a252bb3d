# SPDX-License-Identifier: MIT
# Every property, and the tables, of ALBA's Python library on one controller; prints, as JSON, what failed and what it saw.
# Arguments: host, port.
import json
import sys
import time

from icepap import IcePAPController
from icepap.axis import IcePAPAxis

ice = IcePAPController(sys.argv[1], int(sys.argv[2]), timeout=3, auto_axes=True)
axis, other = ice[1], ice[2]
failed = {}


def attempt(name, work):
    try:
        return work()
    except Exception as error:
        failed[name] = repr(error)
        return None


def wait(*axes):
    deadline = time.time() + 5
    while any(each.state_moving for each in axes) and time.time() < deadline:
        time.sleep(0.005)


# A trajectory first: its parameter has a value only on it.
steps = [0, 300, 450, 200, 0]
attempt("set_parametric_table", lambda: axis.set_parametric_table([0, 1, 2, 3, 4], steps, mode="SPLINE"))
axis.parvel, axis.paracct = 100, 0.01
attempt("movep", lambda: axis.movep(1))
wait(axis)
seen = {"joined": [axis.pos, axis.parpos]}
attempt("pmove", lambda: axis.pmove(4))
wait(axis)
seen["followed"] = [axis.pos, axis.parpos]
attempt("ice.pmove", lambda: ice.pmove(2, [1]))
wait(axis)
seen["back"] = [axis.pos, axis.parpos]
seen["knots"] = [axis.is_parametric_table_loaded(), axis.get_parametric_table()[:2], axis.get_parval(1)]
names = [name for name in dir(IcePAPAxis) if isinstance(getattr(IcePAPAxis, name), property)]
for name in names:
    attempt(name, lambda: getattr(axis, name))
seen["properties"] = len(names)
attempt("clear_parametric_table", axis.clear_parametric_table)
seen["cleared"] = axis.is_parametric_table_loaded()

attempt("set_ecam_table", lambda: axis.set_ecam_table(list(range(0, 450)), source="AXIS", dtype="DWORD"))
seen["cam"] = [attempt("get_ecam_table", axis.get_ecam_table) == list(range(450)), axis.ecam]
axis.ecam = "LOW"
seen["cam set"] = axis.ecam
attempt("clear_ecam_table", axis.clear_ecam_table)
try:
    axis.get_ecam_table()
    seen["no cam"] = False
except RuntimeError:
    seen["no cam"] = True

attempt("set_list_table", lambda: axis.set_list_table([5, 25.5, -10], cyclic=True))
seen["list"] = [attempt("get_list_table", axis.get_list_table), axis.send_cmd("?LISTDAT")]
attempt("movel", lambda: axis.movel(2))
wait(axis)
seen["listed"] = axis.pos
attempt("clear_list_table", axis.clear_list_table)

seen["parameters"] = len(axis.get_cfg())
seen["allowed"] = axis.get_cfginfo("NVOLT")
try:
    axis.set_cfg("NVOLT", "48")
    seen["closed"] = False
except RuntimeError:
    seen["closed"] = True
axis.set_config()
seen["open"] = axis.mode
axis.set_cfg("NVOLT", "48", "HOMESRC", "Lim+")
axis.set_config("me@here")
seen["configured"] = [axis.get_cfg("NVOLT"), axis.config, axis.mode, axis.get_cfg("DEFAULT")["NVOLT"]]

attempt("add_pmux", lambda: ice.add_pmux("B2", "E0", hard=True))
attempt("add_pmux", lambda: ice.add_pmux("B1", aux=False))
seen["routes"] = ice.get_pmux()
ice.clear_pmux("E0")
seen["routes left"] = ice.get_pmux()
seen["linked"] = ice.get_linked()

axis.move(100000)
axis.umove(-20)
wait(axis)
seen["bent"] = axis.pos
for name in ["ver", "fver", "ver_saved", "mode", "drivers"]:
    attempt(name, lambda: getattr(ice, name))
attempt("racks", lambda: [ice.get_rid([0]), ice.get_rtemp([0]), ice.get_homestat([1, 2]), ice.get_states([1, 2])])
attempt("together", lambda: [ice.esync([1, 2]), ice.ctrlrst([1, 2]), ice.get_enc([1, 2]), ice.set_velocity([(1, 900)])])
seen["failed"] = failed
print(json.dumps(seen, default=str))
