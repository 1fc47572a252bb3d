// SPDX-License-Identifier: MIT
// Every command of the Tango database device: name, types and the texts clients show, as the real DataBaseds of Tango 9.3
// reports them (its spelling mistakes included: they are part of the names people search for).

import { DevString, DevVarLongStringArray, DevVarStringArray, DevVoid } from "../../tango/idl/tango-types.ts";
import { command } from "../../tango/interface.ts";

/** The text Tango shows for an argument that is not there. */
const nothing = "Uninitialised";

export const databaseCommands = {
  DbAddDevice: command(DevVarStringArray, DevVoid, {
    inputDescription: "Str[0] = Full device server process name\nStr[1] = Device name\nStr[2] = Tango class name",
    outputDescription: nothing,
  }),
  DbAddServer: command(DevVarStringArray, DevVoid, {
    inputDescription:
      "Str[0] = Full device server name\nStr[1] = Device(s) name\nStr[2] = Tango class name\nStr[n] = Device name\nStr[n + 1] = Tango class name",
    outputDescription: nothing,
  }),
  DbDeleteAllDeviceAttributeProperty: command(DevVarStringArray, DevVoid, {
    inputDescription: "str[0] = device name\nStr[1]...str[n] = attribute name(s)",
    outputDescription: nothing,
  }),
  DbDeleteAllDevicePipeProperty: command(DevVarStringArray, DevVoid, {
    inputDescription: "str[0] = device name\nStr[1]...str[n] = pipe name(s)",
    outputDescription: nothing,
  }),
  DbDeleteAttributeAlias: command(DevString, DevVoid, {
    inputDescription: "Attriibute alias name.",
    outputDescription: nothing,
  }),
  DbDeleteClassAttribute: command(DevVarStringArray, DevVoid, {
    inputDescription: "Str[0] = Tango class name\nStr[1] = Attribute name",
    outputDescription: nothing,
  }),
  DbDeleteClassAttributeProperty: command(DevVarStringArray, DevVoid, {
    inputDescription:
      "Str[0] = Tango class name\nStr[1] = Attribute name\nStr[2] = Property name\nStr[n] = Property name",
    outputDescription: nothing,
  }),
  DbDeleteClassPipe: command(DevVarStringArray, DevVoid, {
    inputDescription: "Str[0] = Tango class name\nStr[1] = Pipe name",
    outputDescription: nothing,
  }),
  DbDeleteClassPipeProperty: command(DevVarStringArray, DevVoid, {
    inputDescription: "Str[0] = Tango class name\nStr[1] = Pipe name\nStr[2] = Property name\nStr[n] = Property name",
    outputDescription: nothing,
  }),
  DbDeleteClassProperty: command(DevVarStringArray, DevVoid, {
    inputDescription: "Str[0] = Tango class name\nStr[1] = Property name\nStr[n] = Property name",
    outputDescription: nothing,
  }),
  DbDeleteDevice: command(DevString, DevVoid, { inputDescription: "device name", outputDescription: nothing }),
  DbDeleteDeviceAlias: command(DevString, DevVoid, {
    inputDescription: "device alias name",
    outputDescription: nothing,
  }),
  DbDeleteDeviceAttribute: command(DevVarStringArray, DevVoid, {
    inputDescription: "Str[0] = Device name\nStr[1] = Attribute name",
    outputDescription: nothing,
  }),
  DbDeleteDeviceAttributeProperty: command(DevVarStringArray, DevVoid, {
    inputDescription: "Str[0] = Device name\nStr[1] = Attribute name\nStr[2] = Property name\nStr[n] = Property name",
    outputDescription: nothing,
  }),
  DbDeleteDevicePipe: command(DevVarStringArray, DevVoid, {
    inputDescription: "Str[0] = Device name\nStr[1] = Pipe name",
    outputDescription: nothing,
  }),
  DbDeleteDevicePipeProperty: command(DevVarStringArray, DevVoid, {
    inputDescription: "Str[0] = Device name\nStr[1] = Pipe name\nStr[2] = Property name\nStr[n] = Property name",
    outputDescription: nothing,
  }),
  DbDeleteDeviceProperty: command(DevVarStringArray, DevVoid, {
    inputDescription: "Str[0] = Device name\nStr[1] = Property name\nStr[n] = Property name",
    outputDescription: nothing,
  }),
  DbDeleteProperty: command(DevVarStringArray, DevVoid, {
    inputDescription: "Str[0]  = Object name\nStr[1] = Property name\nStr[n] = Property name",
    outputDescription: nothing,
  }),
  DbDeleteServer: command(DevString, DevVoid, { inputDescription: "Device server name", outputDescription: nothing }),
  DbDeleteServerInfo: command(DevString, DevVoid, {
    inputDescription: "Device server name",
    outputDescription: nothing,
  }),
  DbExportDevice: command(DevVarStringArray, DevVoid, {
    inputDescription:
      "Str[0] = Device name\nStr[1] = CORBA IOR\nStr[2] = Device server process host name\nStr[3] = Device server process PID or string ``null``\nStr[4] = Device server process version",
    outputDescription: nothing,
  }),
  DbExportEvent: command(DevVarStringArray, DevVoid, {
    inputDescription:
      "Str[0] = event channel name (or factory name)\nStr[1] = CORBA IOR\nStr[2] = Notifd host name\nStr[3] = Notifd pid\nStr[4] = Notifd version",
    outputDescription: nothing,
  }),
  DbGetAliasAttribute: command(DevString, DevString, {
    inputDescription: "The attribute alias",
    outputDescription: "The attribute name (dev_name/att_name)",
  }),
  DbGetAliasDevice: command(DevString, DevString, { inputDescription: "Alias name", outputDescription: "Device name" }),
  DbGetAttributeAlias: command(DevString, DevString, {
    inputDescription: "The attribute alias name",
    outputDescription: "The attribute name (device/attribute)",
  }),
  DbGetAttributeAlias2: command(DevString, DevString, {
    inputDescription: "The attribute name (dev_name/att_name)",
    outputDescription: "The attribute alias name (or empty string)",
  }),
  DbGetAttributeAliasList: command(DevString, DevVarStringArray, {
    inputDescription: "attribute alias filter string (eg: att*)",
    outputDescription: "attribute aliases",
  }),
  DbGetCSDbServerList: command(DevVoid, DevVarStringArray, {
    inputDescription: nothing,
    outputDescription: "List of host:port with one element for each database server",
  }),
  DbGetClassAttributeList: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Tango class name\nStr[1] = Attribute name filter (eg: att*)",
    outputDescription: "Str[0] = Class attribute name\nStr[n] = Class attribute name",
  }),
  DbGetClassAttributeProperty: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Tango class name\nStr[1] = Attribute name\nStr[n] = Attribute name",
    outputDescription:
      "Str[0] = Tango class name\nStr[1] = Attribute property  number\nStr[2] = Attribute property 1 name\nStr[3] = Attribute property 1 value\nStr[n + 1] = Attribute property 2 name\nStr[n + 2] = Attribute property 2 value",
  }),
  DbGetClassAttributeProperty2: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Tango class name\nStr[1] = Attribute name\nStr[n] = Attribute name",
    outputDescription:
      "Str[0] = Tango class name\nStr[1] = Attribute property  number\nStr[2] = Attribute property 1 name\nStr[3] = Attribute property 1 value number (array case)\nStr[4] = Attribute property 1 value\nStr[n] = Attribute property 1 value (array case)\nStr[n + 1] = Attribute property 2 name\nStr[n + 2] = Attribute property 2 value number (array case)\nStr[n + 3] = Attribute property 2 value\nStr[n + m] = Attribute property 2 value (array case)",
  }),
  DbGetClassAttributePropertyHist: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Tango class\nStr[1] = Attribute name\nStr[2] = Property name",
    outputDescription:
      "Str[0] = Attribute name\nStr[1] = Property name\nStr[2] = date\nStr[3] = Property value number (array case)\nStr[4] = Property value 1\nStr[n] = Property value n",
  }),
  DbGetClassForDevice: command(DevString, DevString, {
    inputDescription: "Device name",
    outputDescription: "Device Tango class",
  }),
  DbGetClassInheritanceForDevice: command(DevString, DevVarStringArray, {
    inputDescription: "Device name",
    outputDescription:
      "Classes off the specified device.\n[0] - is the class of the device.\n[1] - is the class from the device class is inherited.\n........and so on",
  }),
  DbGetClassList: command(DevString, DevVarStringArray, {
    inputDescription: "Filter",
    outputDescription: "Class list",
  }),
  DbGetClassPipeList: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Tango class name\nStr[1] = Pipe name filter (eg: pip*)",
    outputDescription: "Str[0] = Class pipe name\nStr[n] = Class pipe name",
  }),
  DbGetClassPipeProperty: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Tango class name\nStr[1] = Pipe name\nStr[n] = Pipe name",
    outputDescription:
      "Str[0] = Tango class name\nStr[1] = Pipe property  number\nStr[2] = Pipe property 1 name\nStr[3] = Pipe property 1 value number (array case)\nStr[4] = Pipe property 1 value\nStr[n] = Pipe property 1 value (array case)\nStr[n + 1] = Pipe property 2 name\nStr[n + 2] = Pipe property 2 value number (array case)\nStr[n + 3] = Pipe property 2 value\nStr[n + m] = Pipe property 2 value (array case)",
  }),
  DbGetClassPipePropertyHist: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Tango class\nStr[1] = Pipe name\nStr[2] = Property name",
    outputDescription:
      "Str[0] = Pipe name\nStr[1] = Property name\nStr[2] = date\nStr[3] = Property value number (array case)\nStr[4] = Property value 1\nStr[n] = Property value n",
  }),
  DbGetClassProperty: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Tango class\nStr[1] = Property name\nStr[2] = Property name",
    outputDescription:
      "Str[0] = Tango class\nStr[1] = Property number\nStr[2] = Property name\nStr[3] = Property value number (array case)\nStr[4] = Property value\nStr[n] = Property value (array case)\n....",
  }),
  DbGetClassPropertyHist: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Tango class\nStr[1] = Property name",
    outputDescription:
      "Str[0] = Property name\nStr[1] = date\nStr[2] = Property value number (array case)\nStr[3] = Property value 1\nStr[n] = Property value n",
  }),
  DbGetClassPropertyList: command(DevString, DevVarStringArray, {
    inputDescription: "The filter",
    outputDescription: "Property name list",
  }),
  DbGetDataForServerCache: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Elt[0] = DS name (exec_name/inst_name), Elt[1] = Host name",
    outputDescription:
      "All the data needed by the device server during its startup sequence. Precise list depend on the device server",
  }),
  DbGetDeviceAlias: command(DevString, DevString, {
    inputDescription: "The device name",
    outputDescription: "The alias found",
  }),
  DbGetDeviceAliasList: command(DevString, DevVarStringArray, {
    inputDescription: "The filter",
    outputDescription: "Device alias list",
  }),
  DbGetDeviceAttributeList: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Device name\nStr[1] = Wildcard",
    outputDescription: "attribute name list",
  }),
  DbGetDeviceAttributeProperty: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Device name\nStr[1] = Attribute name\nStr[n] = Attribute name",
    outputDescription:
      "Str[0] = Device name\nStr[1] = Attribute property  number\nStr[2] = Attribute property 1 name\nStr[3] = Attribute property 1 value\nStr[n + 1] = Attribute property 2 name\nStr[n + 2] = Attribute property 2 value",
  }),
  DbGetDeviceAttributeProperty2: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Device name\nStr[1] = Attribute name\nStr[n] = Attribute name",
    outputDescription:
      "Str[0] = Device name\nStr[1] = Attribute property  number\nStr[2] = Attribute property 1 name\nStr[3] = Attribute property 1 value number (array case)\nStr[4] = Attribute property 1 value\nStr[n] = Attribute property 1 value (array case)\nStr[n + 1] = Attribute property 2 name\nStr[n + 2] = Attribute property 2 value number (array case)\nStr[n + 3] = Attribute property 2 value\nStr[n + m] = Attribute property 2 value (array case)",
  }),
  DbGetDeviceAttributePropertyHist: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Device name\nStr[1] = Attribute name\nStr[2] = Property name",
    outputDescription:
      "Str[0] = Attribute name\nStr[1] = Property name\nStr[2] = date\nStr[3] = Property value number (array case)\nStr[4] = Property value 1\nStr[n] = Property value n",
  }),
  DbGetDeviceClassList: command(DevString, DevVarStringArray, {
    inputDescription: "Device server process name",
    outputDescription: "Str[0] = Device name\nStr[1] = Tango class\nStr[n] = Device name\nStr[n + 1] = Tango class",
  }),
  DbGetDeviceDomainList: command(DevString, DevVarStringArray, {
    inputDescription: "The wildcard",
    outputDescription: "Device name domain list",
  }),
  DbGetDeviceExportedList: command(DevString, DevVarStringArray, {
    inputDescription: "filter",
    outputDescription: "list of exported devices",
  }),
  DbGetDeviceFamilyList: command(DevString, DevVarStringArray, {
    inputDescription: "The wildcard",
    outputDescription: "Family list",
  }),
  DbGetDeviceInfo: command(DevString, DevVarLongStringArray, {
    inputDescription: "Device name",
    outputDescription:
      "Str[0] = Device name\nStr[1] = CORBA IOR\nStr[2] = Device version\nStr[3] = Device Server name\nStr[4] = Device Server process host name\nStr[5] = Started date (or ? if not set)\nStr[6] = Stopped date (or ? if not set)\nStr[7] = Device class\n\nLg[0] = Device exported flag\nLg[1] = Device Server process PID (or -1 if not set)",
  }),
  DbGetDeviceList: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "argin[0] : server name\nargin[1] : class name",
    outputDescription: "The list of devices for specified server and class.",
  }),
  DbGetDeviceMemberList: command(DevString, DevVarStringArray, {
    inputDescription: "The filter",
    outputDescription: "Device names member list",
  }),
  DbGetDevicePipeList: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Device name\nStr[1] = Wildcard",
    outputDescription: "Pipe name list",
  }),
  DbGetDevicePipeProperty: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Device name\nStr[1] = Pipe name\nStr[n] = Pipe name",
    outputDescription:
      "Str[0] = Device name\nStr[1] = Pipe property  number\nStr[2] = Pipe property 1 name\nStr[3] = Pipe property 1 value number (array case)\nStr[4] = Pipe property 1 value\nStr[n] = Pipe property 1 value (array case)\nStr[n + 1] = Pipe property 2 name\nStr[n + 2] = Pipe property 2 value number (array case)\nStr[n + 3] = Pipe property 2 value\nStr[n + m] = Pipe property 2 value (array case)",
  }),
  DbGetDevicePipePropertyHist: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Device name\nStr[1] = Pipe name\nStr[2] = Property name",
    outputDescription:
      "Str[0] = Pipe name\nStr[1] = Property name\nStr[2] = date\nStr[3] = Property value number (array case)\nStr[4] = Property value 1\nStr[n] = Property value n",
  }),
  DbGetDeviceProperty: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Device name\nStr[1] = Property name\nStr[n] = Property name",
    outputDescription:
      "Str[0] = Device name\nStr[1] = Property number\nStr[2] = Property name\nStr[3] = Property value number (array case)\nStr[4] = Property value 1\nStr[n] = Property value n (array case)\nStr[n + 1] = Property name\nStr[n + 2] = Property value number (array case)\nStr[n + 3] = Property value 1\nStr[n + m] = Property value m",
  }),
  DbGetDevicePropertyHist: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Device name\nStr[2] = Property name",
    outputDescription:
      "Str[0] = Property name\nStr[1] = date\nStr[2] = Property value number (array case)\nStr[3] = Property value 1\nStr[n] = Property value n",
  }),
  DbGetDevicePropertyList: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = device name\nStr[1] = Filter",
    outputDescription: "Property name list",
  }),
  DbGetDeviceServerClassList: command(DevString, DevVarStringArray, {
    inputDescription: "device server process name",
    outputDescription: "list of classes for this device server",
  }),
  DbGetDeviceWideList: command(DevString, DevVarStringArray, {
    inputDescription: "filter",
    outputDescription: "list of exported devices",
  }),
  DbGetExportdDeviceListForClass: command(DevString, DevVarStringArray, {
    inputDescription: "Class name",
    outputDescription: "Device exported list",
  }),
  DbGetForwardedAttributeListForDevice: command(DevString, DevVarStringArray, {
    inputDescription: "The specified device name",
    outputDescription:
      "argout[n]     : device name\nargout[n+1] :the forwardef attribute\nargout[n+2] :the root attribute (__root_att)",
  }),
  DbGetHostList: command(DevString, DevVarStringArray, {
    inputDescription: "The filter",
    outputDescription: "Host name list",
  }),
  DbGetHostServerList: command(DevString, DevVarStringArray, {
    inputDescription: "The filter",
    outputDescription: "Device server process name list",
  }),
  DbGetHostServersInfo: command(DevString, DevVarStringArray, {
    inputDescription: "Host name",
    outputDescription: "Server info for all servers running on specified host",
  }),
  DbGetInstanceNameList: command(DevString, DevVarStringArray, {
    inputDescription: "Server name",
    outputDescription: "The instance names found for specified server.",
  }),
  DbGetObjectList: command(DevString, DevVarStringArray, {
    inputDescription: "The filter",
    outputDescription: "Object name list",
  }),
  DbGetProperty: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Object name\nStr[1] = Property name\nStr[n] = Property name",
    outputDescription:
      "Str[0] = Object name\nStr[1] = Property number\nStr[2] = Property name\nStr[3] = Property value number (array case)\nStr[4] = Property value 1\nStr[n] = Property value n (array case)\nStr[n + 1] = Property name\nStr[n + 2] = Property value number (array case)\nStr[n + 3] = Property value 1\nStr[n + m] = Property value m",
  }),
  DbGetPropertyHist: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Object name\nStr[2] = Property name",
    outputDescription:
      "Str[0] = Property name\nStr[1] = date\nStr[2] = Property value number (array case)\nStr[3] = Property value 1\nStr[n] = Property value n",
  }),
  DbGetPropertyList: command(DevVarStringArray, DevVarStringArray, {
    inputDescription: "Str[0] = Object name\nStr[1] = filter",
    outputDescription: "Property name list",
  }),
  DbGetServerInfo: command(DevString, DevVarStringArray, {
    inputDescription: "server name",
    outputDescription: "server info",
  }),
  DbGetServerList: command(DevString, DevVarStringArray, {
    inputDescription: "The filter",
    outputDescription: "Device server process name list",
  }),
  DbGetServerNameList: command(DevString, DevVarStringArray, {
    inputDescription: "wildcard for server names.",
    outputDescription: "server names found.",
  }),
  DbImportDevice: command(DevString, DevVarLongStringArray, {
    inputDescription: "Device name (or alias)",
    outputDescription:
      "Str[0] = device name\nStr[1] = CORBA IOR\nStr[2] = device version\nStr[3] = device server process name\nStr[4] = host name\nStr[5] = Tango class name\n\nLg[0] = Exported flag\nLg[1] = Device server process PID",
  }),
  DbImportEvent: command(DevString, DevVarLongStringArray, {
    inputDescription: "name of event channel or factory",
    outputDescription: "export information e.g. IOR",
  }),
  DbInfo: command(DevVoid, DevVarStringArray, {
    inputDescription: nothing,
    outputDescription:
      "Miscellaneous info like:\n- Device defined in database\n- Device marked as exported in database\n- Device server process defined in database\n- Device server process marked as exported in database\n- Device properties defined in database\n- Class properties defined in database\n- Device attribute properties defined in database\n- Class attribute properties defined in database\n- Object properties defined in database",
  }),
  DbMySqlSelect: command(DevString, DevVarLongStringArray, {
    inputDescription: "MySql Select command",
    outputDescription:
      "MySql Select command result\n - svalues : select results\n - lvalue[n] : =0 if svalue[n] is null else =1\n (last lvalue -1) is number of rows, (last lvalue) is number of fields",
  }),
  DbPutAttributeAlias: command(DevVarStringArray, DevVoid, {
    inputDescription: "Str[0] = attribute name\nStr[1] = attribute alias",
    outputDescription: nothing,
  }),
  DbPutClassAttributeProperty: command(DevVarStringArray, DevVoid, {
    inputDescription:
      "Str[0] = Tango class name\nStr[1] = Attribute number\nStr[2] = Attribute name\nStr[3] = Property number\nStr[4] = Property name\nStr[5] = Property value\n.....",
    outputDescription: nothing,
  }),
  DbPutClassAttributeProperty2: command(DevVarStringArray, DevVoid, {
    inputDescription:
      "Str[0] = Tango class name\nStr[1] = Attribute number\nStr[2] = Attribute name\nStr[3] = Property number\nStr[4] = Property name\nStr[5] = Property value number (array case)\nStr[5] = Property value 1\nStr[n] = Property value n (array case)\n.....",
    outputDescription: nothing,
  }),
  DbPutClassPipeProperty: command(DevVarStringArray, DevVoid, {
    inputDescription:
      "Str[0] = Tango class name\nStr[1] = Pipe number\nStr[2] = Pipe name\nStr[3] = Property number\nStr[4] = Property name\nStr[5] = Property value number (array case)\nStr[5] = Property value 1\nStr[n] = Property value n (array case)",
    outputDescription: nothing,
  }),
  DbPutClassProperty: command(DevVarStringArray, DevVoid, {
    inputDescription:
      "Str[0] = Tango class name\nStr[1] = Property number\nStr[2] = Property name\nStr[3] = Property value number\nStr[4] = Property value 1\nStr[n] = Property value n\n....",
    outputDescription: nothing,
  }),
  DbPutDeviceAlias: command(DevVarStringArray, DevVoid, {
    inputDescription: "Str[0] = device name\nStr[1] = alias name",
    outputDescription: nothing,
  }),
  DbPutDeviceAttributeProperty: command(DevVarStringArray, DevVoid, {
    inputDescription:
      "Str[0] = Device name\nStr[1] = Attribute number\nStr[2] = Attribute name\nStr[3] = Property number\nStr[4] = Property name\nStr[5] = Property value\n.....",
    outputDescription: nothing,
  }),
  DbPutDeviceAttributeProperty2: command(DevVarStringArray, DevVoid, {
    inputDescription:
      "Str[0] = Device name\nStr[1] = Attribute number\nStr[2] = Attribute name\nStr[3] = Property number\nStr[4] = Property name\nStr[5] = Property value number (array case)\nStr[5] = Property value 1\nStr[n] = Property value n (array case)\n.....",
    outputDescription: nothing,
  }),
  DbPutDevicePipeProperty: command(DevVarStringArray, DevVoid, {
    inputDescription:
      "Str[0] = Device name\nStr[1] = Pipe number\nStr[2] = Pipe name\nStr[3] = Property number\nStr[4] = Property name\nStr[5] = Property value number (array case)\nStr[6] = Property value 1\nStr[n] = Property value n (array case)",
    outputDescription: nothing,
  }),
  DbPutDeviceProperty: command(DevVarStringArray, DevVoid, {
    inputDescription:
      "Str[0] = Tango device name\nStr[1] = Property number\nStr[2] = Property name\nStr[3] = Property value number\nStr[4] = Property value 1\nStr[n] = Property value n\n....",
    outputDescription: nothing,
  }),
  DbPutProperty: command(DevVarStringArray, DevVoid, {
    inputDescription:
      "Str[0] = Object name\nStr[1] = Property number\nStr[2] = Property name\nStr[3] = Property value number\nStr[4] = Property value 1\nStr[n] = Property value n\n....",
    outputDescription: nothing,
  }),
  DbPutServerInfo: command(DevVarStringArray, DevVoid, { inputDescription: "server info", outputDescription: nothing }),
  DbRenameServer: command(DevVarStringArray, DevVoid, {
    inputDescription: "s[0] = old device server name (exec/instance)\ns[1] = new device server name (exec/instance)",
    outputDescription: nothing,
  }),
  DbUnExportDevice: command(DevString, DevVoid, { inputDescription: "Device name", outputDescription: nothing }),
  DbUnExportEvent: command(DevString, DevVoid, {
    inputDescription: "name of event channel or factory to unexport",
    outputDescription: "none",
  }),
  DbUnExportServer: command(DevString, DevVoid, {
    inputDescription: "Device server name (executable/instance)",
    outputDescription: nothing,
  }),
  ResetTimingValues: command(DevVoid, DevVoid, { inputDescription: nothing, outputDescription: nothing }),
} as const;

export type DatabaseCommand = keyof typeof databaseCommands;
