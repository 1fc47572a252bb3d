// SPDX-License-Identifier: MIT
import { DevString, DevVarStringArray, DevVoid } from "../../tango/idl/tango-types.ts";
import { command, defineInterface } from "../../tango/interface.ts";

const nothing = "Uninitialised";
const takes = (inputDescription: string, outputDescription = nothing) => ({ inputDescription, outputDescription });

/** Who may write to which device from where; clients ask it when CtrlSystem/Services names it. */
export const accessControl = defineInterface({
  name: "TangoAccessControl",
  description: "This class defines how to manage commands for Tango access control.",
  commands: {
    AddAddressForUser: command(DevVarStringArray, DevVoid, takes("user name, address")),
    AddDeviceForUser: command(DevVarStringArray, DevVoid, takes("user name, device adn value")),
    CloneUser: command(DevVarStringArray, DevVoid, takes("[0] - source user name.\n[1] - target user name.")),
    GetAccess: command(
      DevVarStringArray,
      DevString,
      takes("[0] - User name\n[1] - IP Address\n[2] - Device", "access for specified inputs  read/write."),
    ),
    GetAccessForMultiIP: command(
      DevVarStringArray,
      DevString,
      takes(
        `[0] - User name\n[1] - Device\n${[1, 2, 3, 4].map((n) => `[${n + 1}] - IP Address #${n}\n`).join("")}......`,
        "access for specified inputs  read/write.",
      ),
    ),
    GetAddressByUser: command(
      DevString,
      DevVarStringArray,
      takes("user name.", "Addresses found for the specified user."),
    ),
    GetAllowedCommandClassList: command(
      DevVoid,
      DevVarStringArray,
      takes(nothing, "Class names which have AllowedAccessCmd property defined."),
    ),
    GetAllowedCommands: command(
      DevString,
      DevVarStringArray,
      takes("Device name OR Device Class name", "Allowed commands found in database for specified device"),
    ),
    GetDeviceByUser: command(
      DevString,
      DevVarStringArray,
      takes("user name.", "devices and rights found for the specified user."),
    ),
    GetDeviceClass: command(DevString, DevString, takes("Device name", "Class found in database for specified device")),
    GetUsers: command(DevVoid, DevVarStringArray, takes(nothing, "Users find in table access_address.")),
    RegisterService: command(DevVoid, DevVoid, takes(nothing)),
    RemoveAddressForUser: command(DevVarStringArray, DevVoid, takes("user name, address")),
    RemoveDeviceForUser: command(DevVarStringArray, DevVoid, takes("user name, device and value")),
    RemoveUser: command(DevString, DevVoid, takes("user name")),
    UnregisterService: command(DevVoid, DevVoid, takes(nothing)),
  },
});
