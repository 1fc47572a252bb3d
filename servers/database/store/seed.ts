// SPDX-License-Identifier: MIT
// What a fresh database holds, as Tango's own installation makes it: its own device, the test server, access control.
import type { DatabaseSync } from "node:sqlite";

const devices: readonly (readonly [server: string, device: string, deviceClass: string])[] = [
  ["DataBaseds/2", "sys/database/2", "DataBase"],
  ["DataBaseds/2", "dserver/DataBaseds/2", "DServer"],
  ["TangoTest/test", "sys/tg_test/1", "TangoTest"],
  ["TangoTest/test", "dserver/TangoTest/test", "DServer"],
  ["TangoAccessControl/1", "sys/access_control/1", "TangoAccessControl"],
  ["TangoAccessControl/1", "dserver/TangoAccessControl/1", "DServer"],
];

/** Commands a user without write access may still send, by class. */
const allowedCommands: Readonly<Record<string, string>> = {
  Database: `DbGetServerInfo DbGetServerNameList DbGetInstanceNameList DbGetDeviceServerClassList DbGetDeviceList
    DbGetDeviceDomainList DbGetDeviceFamilyList DbGetDeviceMemberList DbGetClassList DbGetDeviceAliasList
    DbGetObjectList DbGetPropertyList DbGetProperty DbGetClassPropertyList DbGetClassProperty
    DbGetDevicePropertyList DbGetDeviceProperty DbGetClassAttributeList DbGetDeviceAttributeProperty
    DbGetDeviceAttributeProperty2 DbGetLoggingLevel DbGetAliasDevice DbGetClassForDevice
    DbGetClassInheritanceForDevice DbGetDataForServerCache DbInfo DbGetClassAttributeProperty
    DbGetClassAttributeProperty2 DbMysqlSelect DbGetDeviceInfo DbGetDeviceWideList DbImportEvent DbGetDeviceAlias
    DbGetCSDbServerList DbGetDeviceClassList DbGetDeviceExportedList DbGetHostServerList DbGetAttributeAlias2
    DbGetAliasAttribute DbGetClassPipeProperty DbGetDevicePipeProperty DbGetClassPipeList DbGetDevicePipeList
    DbGetAttributeAliasList DbGetForwardedAttributeListForDevice`,
  DServer: `QueryClass QueryDevice EventSubscriptionChange DevPollStatus GetLoggingLevel GetLoggingTarget
    QueryWizardDevProperty QueryWizardClassProperty QuerySubDevice ZMQEventSubscriptionChange
    EventConfirmSubscription`,
  Starter: "DevReadLog DevStart DevGetRunningServers DevGetStopServers UpdateServersInfo",
  TangoAccessControl:
    "GetUsers GetAddressByUser GetDeviceByUser GetAccess GetAllowedCommands GetAllowedCommandClassList",
};

export function seed(database: DatabaseSync): void {
  const sql = database.createTagStore();
  for (const [server, device, deviceClass] of devices) {
    const [domain, family, member] = device.split("/") as [string, string, string];
    sql.run`INSERT INTO device (name, domain, family, member, server, class, version)
            VALUES (${device}, ${domain}, ${family}, ${member}, ${server}, ${deviceClass}, 'nada')`;
  }
  sql.run`INSERT INTO server (name) VALUES ('tangoaccesscontrol/1')`;
  sql.run`INSERT INTO access_address (user, address) VALUES ('*', '*.*.*.*')`;
  sql.run`INSERT INTO access_device (user, device, rights) VALUES ('*', '*/*/*', 'write')`;
  const insert = database.prepare(
    "INSERT INTO property_class (class, name, count, value) VALUES (?, 'AllowedAccessCmd', ?, ?)",
  );
  for (const [name, commands] of Object.entries(allowedCommands))
    commands.split(/\s+/).forEach((command, index) => void insert.run(name, index + 1, command));
}
