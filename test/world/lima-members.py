# SPDX-License-Identifier: MIT
# Holds a device of a LimaCCDs server against a table of its members. Arguments: device. Standard input: the table as JSON. Prints what
# differs, one line each, as JSON.
import json
import sys

import tango

camera = tango.DeviceProxy(sys.argv[1])
table = json.load(sys.stdin)
names = {"S": "DevString", "B": "DevBoolean", "D": "DevDouble", "F": "DevFloat", "L": "DevLong", "UL": "DevULong"}
names.update({"L64": "DevLong64", "UL64": "DevULong64", "Sh": "DevShort", "Enc": "DevEncoded"})
accesses = {
    tango.AttrWriteType.READ: "r",
    tango.AttrWriteType.READ_WRITE: "rw",
    tango.AttrWriteType.WRITE: "w",
}
differences = []


def plain(value):
    if value is None:
        return []
    if isinstance(value, (str, bool, int, float)):
        return value
    return [plain(each) for each in (value.tolist() if hasattr(value, "tolist") else value)]


def check(what, found, wanted):
    if found != wanted:
        differences.append(f"{what}: {found!r}, {wanted!r} wanted")


def error_of(function, *args):
    try:
        function(*args)
    except tango.DevFailed as error:
        return error.args[0].desc
    return "no error"


def kind(config):
    name = str(tango.CmdArgType.values[config.data_type])
    if config.data_format == tango.AttrDataFormat.IMAGE:
        return f"{name[3:]}({config.max_dim_x}x{config.max_dim_y})"
    return f"{name}[{config.max_dim_x}]" if config.data_format == tango.AttrDataFormat.SPECTRUM else name


configs = {config.name: config for config in camera.attribute_list_query()}
check("attributes", sorted(set(configs) - {"State", "Status"}), sorted(table["attributes"]))
for name, row in table["attributes"].items():
    if name not in configs:
        continue
    base, _, size = row["type"].partition("[")
    check(f"type of {name}", kind(configs[name]), names.get(base, base) + (f"[{size}" if size else ""))
    check(f"access of {name}", accesses[configs[name].writable], row["access"])
    if row["access"] == "w":
        continue
    if "unreadable" in row:
        check(f"first {name}", row["unreadable"] in error_of(camera.read_attribute, name), True)
    elif "first" in row:
        check(f"first {name}", plain(camera.read_attribute(name).value), row["first"])
    else:
        camera.read_attribute(name)
for name, row in table["attributes"].items():
    readable = row.get("refuses") and row["access"] == "rw"
    before = plain(camera.read_attribute(name).value) if readable else None
    for value, error in row.get("refuses", []):
        text = error_of(camera.write_attribute, name, value)
        if error not in text:
            differences.append(f"{name} = {value!r}: {text!r}, {error!r} wanted")
    if before is not None:
        check(f"{name} after refusals", plain(camera.read_attribute(name).value), before)
    for value, *read in row.get("takes", []):
        try:
            camera.write_attribute(name, value)
        except tango.DevFailed as error:
            differences.append(f"{name} = {value!r}: {error.args[0].desc}")
        else:
            check(f"{name} = {value!r}", plain(camera.read_attribute(name).value), read[0] if read else value)

infos = {info.cmd_name: [str(info.in_type), str(info.out_type)] for info in camera.command_list_query()}
check("commands", sorted(set(infos) - {"Init", "State", "Status"}), sorted(table["commands"]))
for name, types in table["commands"].items():
    check(f"types of {name}", infos.get(name), types)
for name, values in table["valueLists"].items():
    check(f"values of {name}", list(camera.getAttrStringValueList(name)), values)
print(json.dumps(differences))
