// SPDX-License-Identifier: MIT
// The texts that clients show for the argument and the result of the commands that only look, as the real DataBaseds of
// Tango 9.3 reports them (its spelling mistakes included: they are part of the names people search for).
import { nothing, type Texts } from "./texts.ts";

export const questions = {
  DbGetAliasAttribute: ["The attribute alias", "The attribute name (dev_name/att_name)"],
  DbGetAliasDevice: ["Alias name", "Device name"],
  DbGetAttributeAlias: ["The attribute alias name", "The attribute name (device/attribute)"],
  DbGetAttributeAlias2: ["The attribute name (dev_name/att_name)", "The attribute alias name (or empty string)"],
  DbGetAttributeAliasList: ["attribute alias filter string (eg: att*)", "attribute aliases"],
  DbGetCSDbServerList: [nothing, "List of host:port with one element for each database server"],
  DbGetClassAttributeList: [
    "Str[0] = Tango class name\nStr[1] = Attribute name filter (eg: att*)",
    "Str[0] = Class attribute name\nStr[n] = Class attribute name",
  ],
  DbGetClassAttributeProperty: [
    "Str[0] = Tango class name\nStr[1] = Attribute name\nStr[n] = Attribute name",
    "Str[0] = Tango class name\nStr[1] = Attribute property  number\nStr[2] = Attribute property 1 name\nStr[3] = Attribute property 1 value\nStr[n + 1] = Attribute property 2 name\nStr[n + 2] = Attribute property 2 value",
  ],
  DbGetClassAttributeProperty2: [
    "Str[0] = Tango class name\nStr[1] = Attribute name\nStr[n] = Attribute name",
    "Str[0] = Tango class name\nStr[1] = Attribute property  number\nStr[2] = Attribute property 1 name\nStr[3] = Attribute property 1 value number (array case)\nStr[4] = Attribute property 1 value\nStr[n] = Attribute property 1 value (array case)\nStr[n + 1] = Attribute property 2 name\nStr[n + 2] = Attribute property 2 value number (array case)\nStr[n + 3] = Attribute property 2 value\nStr[n + m] = Attribute property 2 value (array case)",
  ],
  DbGetClassAttributePropertyHist: [
    "Str[0] = Tango class\nStr[1] = Attribute name\nStr[2] = Property name",
    "Str[0] = Attribute name\nStr[1] = Property name\nStr[2] = date\nStr[3] = Property value number (array case)\nStr[4] = Property value 1\nStr[n] = Property value n",
  ],
  DbGetClassForDevice: ["Device name", "Device Tango class"],
  DbGetClassInheritanceForDevice: [
    "Device name",
    "Classes off the specified device.\n[0] - is the class of the device.\n[1] - is the class from the device class is inherited.\n........and so on",
  ],
  DbGetClassList: ["Filter", "Class list"],
  DbGetClassPipeList: [
    "Str[0] = Tango class name\nStr[1] = Pipe name filter (eg: pip*)",
    "Str[0] = Class pipe name\nStr[n] = Class pipe name",
  ],
  DbGetClassPipeProperty: [
    "Str[0] = Tango class name\nStr[1] = Pipe name\nStr[n] = Pipe name",
    "Str[0] = Tango class name\nStr[1] = Pipe property  number\nStr[2] = Pipe property 1 name\nStr[3] = Pipe property 1 value number (array case)\nStr[4] = Pipe property 1 value\nStr[n] = Pipe property 1 value (array case)\nStr[n + 1] = Pipe property 2 name\nStr[n + 2] = Pipe property 2 value number (array case)\nStr[n + 3] = Pipe property 2 value\nStr[n + m] = Pipe property 2 value (array case)",
  ],
  DbGetClassPipePropertyHist: [
    "Str[0] = Tango class\nStr[1] = Pipe name\nStr[2] = Property name",
    "Str[0] = Pipe name\nStr[1] = Property name\nStr[2] = date\nStr[3] = Property value number (array case)\nStr[4] = Property value 1\nStr[n] = Property value n",
  ],
  DbGetClassProperty: [
    "Str[0] = Tango class\nStr[1] = Property name\nStr[2] = Property name",
    "Str[0] = Tango class\nStr[1] = Property number\nStr[2] = Property name\nStr[3] = Property value number (array case)\nStr[4] = Property value\nStr[n] = Property value (array case)\n....",
  ],
  DbGetClassPropertyHist: [
    "Str[0] = Tango class\nStr[1] = Property name",
    "Str[0] = Property name\nStr[1] = date\nStr[2] = Property value number (array case)\nStr[3] = Property value 1\nStr[n] = Property value n",
  ],
  DbGetClassPropertyList: ["The filter", "Property name list"],
  DbGetDataForServerCache: [
    "Elt[0] = DS name (exec_name/inst_name), Elt[1] = Host name",
    "All the data needed by the device server during its startup sequence. Precise list depend on the device server",
  ],
  DbGetDeviceAlias: ["The device name", "The alias found"],
  DbGetDeviceAliasList: ["The filter", "Device alias list"],
  DbGetDeviceAttributeList: ["Str[0] = Device name\nStr[1] = Wildcard", "attribute name list"],
  DbGetDeviceAttributeProperty: [
    "Str[0] = Device name\nStr[1] = Attribute name\nStr[n] = Attribute name",
    "Str[0] = Device name\nStr[1] = Attribute property  number\nStr[2] = Attribute property 1 name\nStr[3] = Attribute property 1 value\nStr[n + 1] = Attribute property 2 name\nStr[n + 2] = Attribute property 2 value",
  ],
  DbGetDeviceAttributeProperty2: [
    "Str[0] = Device name\nStr[1] = Attribute name\nStr[n] = Attribute name",
    "Str[0] = Device name\nStr[1] = Attribute property  number\nStr[2] = Attribute property 1 name\nStr[3] = Attribute property 1 value number (array case)\nStr[4] = Attribute property 1 value\nStr[n] = Attribute property 1 value (array case)\nStr[n + 1] = Attribute property 2 name\nStr[n + 2] = Attribute property 2 value number (array case)\nStr[n + 3] = Attribute property 2 value\nStr[n + m] = Attribute property 2 value (array case)",
  ],
  DbGetDeviceAttributePropertyHist: [
    "Str[0] = Device name\nStr[1] = Attribute name\nStr[2] = Property name",
    "Str[0] = Attribute name\nStr[1] = Property name\nStr[2] = date\nStr[3] = Property value number (array case)\nStr[4] = Property value 1\nStr[n] = Property value n",
  ],
  DbGetDeviceClassList: [
    "Device server process name",
    "Str[0] = Device name\nStr[1] = Tango class\nStr[n] = Device name\nStr[n + 1] = Tango class",
  ],
  DbGetDeviceDomainList: ["The wildcard", "Device name domain list"],
  DbGetDeviceExportedList: ["filter", "list of exported devices"],
  DbGetDeviceFamilyList: ["The wildcard", "Family list"],
  DbGetDeviceInfo: [
    "Device name",
    "Str[0] = Device name\nStr[1] = CORBA IOR\nStr[2] = Device version\nStr[3] = Device Server name\nStr[4] = Device Server process host name\nStr[5] = Started date (or ? if not set)\nStr[6] = Stopped date (or ? if not set)\nStr[7] = Device class\n\nLg[0] = Device exported flag\nLg[1] = Device Server process PID (or -1 if not set)",
  ],
  DbGetDeviceList: [
    "argin[0] : server name\nargin[1] : class name",
    "The list of devices for specified server and class.",
  ],
  DbGetDeviceMemberList: ["The filter", "Device names member list"],
  DbGetDevicePipeList: ["Str[0] = Device name\nStr[1] = Wildcard", "Pipe name list"],
  DbGetDevicePipeProperty: [
    "Str[0] = Device name\nStr[1] = Pipe name\nStr[n] = Pipe name",
    "Str[0] = Device name\nStr[1] = Pipe property  number\nStr[2] = Pipe property 1 name\nStr[3] = Pipe property 1 value number (array case)\nStr[4] = Pipe property 1 value\nStr[n] = Pipe property 1 value (array case)\nStr[n + 1] = Pipe property 2 name\nStr[n + 2] = Pipe property 2 value number (array case)\nStr[n + 3] = Pipe property 2 value\nStr[n + m] = Pipe property 2 value (array case)",
  ],
  DbGetDevicePipePropertyHist: [
    "Str[0] = Device name\nStr[1] = Pipe name\nStr[2] = Property name",
    "Str[0] = Pipe name\nStr[1] = Property name\nStr[2] = date\nStr[3] = Property value number (array case)\nStr[4] = Property value 1\nStr[n] = Property value n",
  ],
  DbGetDeviceProperty: [
    "Str[0] = Device name\nStr[1] = Property name\nStr[n] = Property name",
    "Str[0] = Device name\nStr[1] = Property number\nStr[2] = Property name\nStr[3] = Property value number (array case)\nStr[4] = Property value 1\nStr[n] = Property value n (array case)\nStr[n + 1] = Property name\nStr[n + 2] = Property value number (array case)\nStr[n + 3] = Property value 1\nStr[n + m] = Property value m",
  ],
  DbGetDevicePropertyHist: [
    "Str[0] = Device name\nStr[2] = Property name",
    "Str[0] = Property name\nStr[1] = date\nStr[2] = Property value number (array case)\nStr[3] = Property value 1\nStr[n] = Property value n",
  ],
  DbGetDevicePropertyList: ["Str[0] = device name\nStr[1] = Filter", "Property name list"],
  DbGetDeviceServerClassList: ["device server process name", "list of classes for this device server"],
  DbGetDeviceWideList: ["filter", "list of exported devices"],
  DbGetExportdDeviceListForClass: ["Class name", "Device exported list"],
  DbGetForwardedAttributeListForDevice: [
    "The specified device name",
    "argout[n]     : device name\nargout[n+1] :the forwardef attribute\nargout[n+2] :the root attribute (__root_att)",
  ],
  DbGetHostList: ["The filter", "Host name list"],
  DbGetHostServerList: ["The filter", "Device server process name list"],
  DbGetHostServersInfo: ["Host name", "Server info for all servers running on specified host"],
  DbGetInstanceNameList: ["Server name", "The instance names found for specified server."],
  DbGetObjectList: ["The filter", "Object name list"],
  DbGetProperty: [
    "Str[0] = Object name\nStr[1] = Property name\nStr[n] = Property name",
    "Str[0] = Object name\nStr[1] = Property number\nStr[2] = Property name\nStr[3] = Property value number (array case)\nStr[4] = Property value 1\nStr[n] = Property value n (array case)\nStr[n + 1] = Property name\nStr[n + 2] = Property value number (array case)\nStr[n + 3] = Property value 1\nStr[n + m] = Property value m",
  ],
  DbGetPropertyHist: [
    "Str[0] = Object name\nStr[2] = Property name",
    "Str[0] = Property name\nStr[1] = date\nStr[2] = Property value number (array case)\nStr[3] = Property value 1\nStr[n] = Property value n",
  ],
  DbGetPropertyList: ["Str[0] = Object name\nStr[1] = filter", "Property name list"],
  DbGetServerInfo: ["server name", "server info"],
  DbGetServerList: ["The filter", "Device server process name list"],
  DbGetServerNameList: ["wildcard for server names.", "server names found."],
  DbImportDevice: [
    "Device name (or alias)",
    "Str[0] = device name\nStr[1] = CORBA IOR\nStr[2] = device version\nStr[3] = device server process name\nStr[4] = host name\nStr[5] = Tango class name\n\nLg[0] = Exported flag\nLg[1] = Device server process PID",
  ],
  DbImportEvent: ["name of event channel or factory", "export information e.g. IOR"],
  DbInfo: [
    nothing,
    "Miscellaneous info like:\n- Device defined in database\n- Device marked as exported in database\n- Device server process defined in database\n- Device server process marked as exported in database\n- Device properties defined in database\n- Class properties defined in database\n- Device attribute properties defined in database\n- Class attribute properties defined in database\n- Object properties defined in database",
  ],
  DbMySqlSelect: [
    "MySql Select command",
    "MySql Select command result\n - svalues : select results\n - lvalue[n] : =0 if svalue[n] is null else =1\n (last lvalue -1) is number of rows, (last lvalue) is number of fields",
  ],
} as const satisfies Texts;
