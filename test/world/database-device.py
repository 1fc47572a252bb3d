# SPDX-License-Identifier: MIT
# What a client sees of the database device of TANGO_HOST beside what its commands answer: one JSON object.
import json

import tango

device = tango.DeviceProxy("sys/database/2")
info = device.info()
print(json.dumps({
    "names": [device.name(), device.adm_name(), device.dev_name(), tango.Database().dev_name()],
    "info": [info.dev_class, info.server_id],
    "state": [str(device.state()), device.status()],
    "black box": len(device.black_box(1)),
    "commands": {c.cmd_name: [str(c.in_type), str(c.out_type), c.in_type_desc, c.out_type_desc, str(c.disp_level)]
                 for c in device.command_list_query()},
    "attributes": {a.name: [int(a.data_type), str(a.data_format), str(a.writable), a.max_dim_x, a.label, a.unit, a.description]
                   for a in device.attribute_list_query()},
    "admin": [tango.DeviceProxy(device.adm_name()).command_inout(name) for name in ("QueryClass", "QueryDevice")],
    "release": device.read_attribute("StoredProcedureRelease").value.split()[0],
}))
