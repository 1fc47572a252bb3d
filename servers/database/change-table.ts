// SPDX-License-Identifier: MIT
// The texts that clients show for the argument and the result of the commands that change something, as the real DataBaseds of
// Tango 9.3 reports them (its spelling mistakes included: they are part of the names people search for).
import type { Texts } from "./texts.ts";

export const changes = {
  DbAddDevice: ["Str[0] = Full device server process name\nStr[1] = Device name\nStr[2] = Tango class name"],
  DbAddServer: [
    "Str[0] = Full device server name\nStr[1] = Device(s) name\nStr[2] = Tango class name\nStr[n] = Device name\nStr[n + 1] = Tango class name",
  ],
  DbDeleteAllDeviceAttributeProperty: ["str[0] = device name\nStr[1]...str[n] = attribute name(s)"],
  DbDeleteAllDevicePipeProperty: ["str[0] = device name\nStr[1]...str[n] = pipe name(s)"],
  DbDeleteAttributeAlias: ["Attriibute alias name."],
  DbDeleteClassAttribute: ["Str[0] = Tango class name\nStr[1] = Attribute name"],
  DbDeleteClassAttributeProperty: [
    "Str[0] = Tango class name\nStr[1] = Attribute name\nStr[2] = Property name\nStr[n] = Property name",
  ],
  DbDeleteClassPipe: ["Str[0] = Tango class name\nStr[1] = Pipe name"],
  DbDeleteClassPipeProperty: [
    "Str[0] = Tango class name\nStr[1] = Pipe name\nStr[2] = Property name\nStr[n] = Property name",
  ],
  DbDeleteClassProperty: ["Str[0] = Tango class name\nStr[1] = Property name\nStr[n] = Property name"],
  DbDeleteDevice: ["device name"],
  DbDeleteDeviceAlias: ["device alias name"],
  DbDeleteDeviceAttribute: ["Str[0] = Device name\nStr[1] = Attribute name"],
  DbDeleteDeviceAttributeProperty: [
    "Str[0] = Device name\nStr[1] = Attribute name\nStr[2] = Property name\nStr[n] = Property name",
  ],
  DbDeleteDevicePipe: ["Str[0] = Device name\nStr[1] = Pipe name"],
  DbDeleteDevicePipeProperty: [
    "Str[0] = Device name\nStr[1] = Pipe name\nStr[2] = Property name\nStr[n] = Property name",
  ],
  DbDeleteDeviceProperty: ["Str[0] = Device name\nStr[1] = Property name\nStr[n] = Property name"],
  DbDeleteProperty: ["Str[0]  = Object name\nStr[1] = Property name\nStr[n] = Property name"],
  DbDeleteServer: ["Device server name"],
  DbDeleteServerInfo: ["Device server name"],
  DbExportDevice: [
    "Str[0] = Device name\nStr[1] = CORBA IOR\nStr[2] = Device server process host name\nStr[3] = Device server process PID or string ``null``\nStr[4] = Device server process version",
  ],
  DbExportEvent: [
    "Str[0] = event channel name (or factory name)\nStr[1] = CORBA IOR\nStr[2] = Notifd host name\nStr[3] = Notifd pid\nStr[4] = Notifd version",
  ],
  DbPutAttributeAlias: ["Str[0] = attribute name\nStr[1] = attribute alias"],
  DbPutClassAttributeProperty: [
    "Str[0] = Tango class name\nStr[1] = Attribute number\nStr[2] = Attribute name\nStr[3] = Property number\nStr[4] = Property name\nStr[5] = Property value\n.....",
  ],
  DbPutClassAttributeProperty2: [
    "Str[0] = Tango class name\nStr[1] = Attribute number\nStr[2] = Attribute name\nStr[3] = Property number\nStr[4] = Property name\nStr[5] = Property value number (array case)\nStr[5] = Property value 1\nStr[n] = Property value n (array case)\n.....",
  ],
  DbPutClassPipeProperty: [
    "Str[0] = Tango class name\nStr[1] = Pipe number\nStr[2] = Pipe name\nStr[3] = Property number\nStr[4] = Property name\nStr[5] = Property value number (array case)\nStr[5] = Property value 1\nStr[n] = Property value n (array case)",
  ],
  DbPutClassProperty: [
    "Str[0] = Tango class name\nStr[1] = Property number\nStr[2] = Property name\nStr[3] = Property value number\nStr[4] = Property value 1\nStr[n] = Property value n\n....",
  ],
  DbPutDeviceAlias: ["Str[0] = device name\nStr[1] = alias name"],
  DbPutDeviceAttributeProperty: [
    "Str[0] = Device name\nStr[1] = Attribute number\nStr[2] = Attribute name\nStr[3] = Property number\nStr[4] = Property name\nStr[5] = Property value\n.....",
  ],
  DbPutDeviceAttributeProperty2: [
    "Str[0] = Device name\nStr[1] = Attribute number\nStr[2] = Attribute name\nStr[3] = Property number\nStr[4] = Property name\nStr[5] = Property value number (array case)\nStr[5] = Property value 1\nStr[n] = Property value n (array case)\n.....",
  ],
  DbPutDevicePipeProperty: [
    "Str[0] = Device name\nStr[1] = Pipe number\nStr[2] = Pipe name\nStr[3] = Property number\nStr[4] = Property name\nStr[5] = Property value number (array case)\nStr[6] = Property value 1\nStr[n] = Property value n (array case)",
  ],
  DbPutDeviceProperty: [
    "Str[0] = Tango device name\nStr[1] = Property number\nStr[2] = Property name\nStr[3] = Property value number\nStr[4] = Property value 1\nStr[n] = Property value n\n....",
  ],
  DbPutProperty: [
    "Str[0] = Object name\nStr[1] = Property number\nStr[2] = Property name\nStr[3] = Property value number\nStr[4] = Property value 1\nStr[n] = Property value n\n....",
  ],
  DbPutServerInfo: ["server info"],
  DbRenameServer: ["s[0] = old device server name (exec/instance)\ns[1] = new device server name (exec/instance)"],
  DbUnExportDevice: ["Device name"],
  DbUnExportEvent: ["name of event channel or factory to unexport", "none"],
  DbUnExportServer: ["Device server name (executable/instance)"],
} as const satisfies Texts;
