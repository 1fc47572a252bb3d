// SPDX-License-Identifier: MIT
// A Java client administers a database as Jive and Astor do, by the same class of the same library. Prints a line for every
// answer; dates are left out.
import fr.esrf.Tango.*;
import fr.esrf.TangoApi.*;
import java.util.*;

public class Administrator {
  interface Deed {
    Object run() throws Exception;
  }

  interface Change {
    void run() throws Exception;
  }

  static Database database;

  static void see(String what, Deed deed) throws Exception {
    try {
      Object value = deed.run();
      System.out.println("> " + what + ": " + (value instanceof Object[] ? Arrays.toString((Object[]) value) : String.valueOf(value)));
    } catch (DevFailed failure) {
      System.out.println("> " + what + ": failed " + failure.errors[0].reason + " " + failure.errors[0].desc.replace("\n", "|").replaceAll("[0-9.]+:[0-9]+", "HOST:PORT"));
    }
  }

  static void change(String what, Change change) throws Exception {
    see(what, () -> { change.run(); return "done"; });
  }

  static String values(DbDatum[] data) throws DevFailed {
    StringBuilder text = new StringBuilder();
    for (DbDatum each : data) text.append(each.name + "=" + (each.is_empty() ? "nothing" : Arrays.toString(each.extractStringArray())) + " ");
    return text.toString();
  }

  static String properties(DbAttribute[] attributes) throws DevFailed {
    StringBuilder text = new StringBuilder();
    for (DbAttribute attribute : attributes) {
      text.append(attribute.name + "{");
      for (String name : attribute.get_property_list()) text.append(name + "=" + Arrays.toString(attribute.get_value(name)) + " ");
      text.append("} ");
    }
    return text.toString();
  }

  static String history(DbHistory[] entries) {
    StringBuilder text = new StringBuilder();
    for (DbHistory entry : entries) text.append(entry.getName() + "=" + entry.getValue().replace("\n", "|") + (entry.isDeleted() ? " deleted" : "") + "; ");
    return text.toString();
  }

  static DbDatum datum(String name, String... values) {
    return new DbDatum(name, values);
  }

  static DbDevInfo device(String name, String deviceClass, String server) {
    return new DbDevInfo(name, deviceClass, server);
  }

  static void servers() throws Exception {
    change("add server", () -> database.add_server("Motor/one", new DbDevInfo[] {
        device("id00/motor/a", "Motor", "Motor/one"), device("id00/motor/b", "Motor", "Motor/one"), device("id00/group/g", "Group", "Motor/one")}));
    change("add device", () -> database.add_device("id00/motor/C", "Motor", "Motor/Two"));
    change("add device, wrong name", () -> database.add_device("id00/motor", "Motor", "Motor/Two"));
    see("servers", () -> database.get_server_list("Motor*"));
    see("instances", () -> database.get_instance_name_list("Motor"));
    see("instances of nothing", () -> database.get_instance_name_list("None"));
    see("classes of the server", () -> database.get_server_class_list("Motor/one"));
    see("classes of no server", () -> database.get_server_class_list("Motor/none"));
    see("devices of the server", () -> database.get_device_name("Motor/one", "Motor"));
    see("all of the server", () -> database.get_device_name("Motor/one", "*"));
    see("class list", () -> database.get_device_class_list("Motor/one"));
    change("server info", () -> database.put_server_info(new DbServInfo("Motor/one", "lab", true, 2)));
    see("server info", () -> {
      DbServInfo info = database.get_server_info("motor/ONE");
      return info.name + " " + info.host + " " + info.controlled + " " + info.startup_level;
    });
    see("server info of nothing", () -> database.get_server_info("Motor/none").host);
    change("rename", () -> database.rename_server("Motor/Two", "Motor/three"));
    change("rename onto another", () -> database.rename_server("Motor/three", "Motor/one"));
    see("devices of the renamed", () -> database.get_device_name("Motor/three", "Motor"));
    change("no info", () -> database.delete_server_info("Motor/one"));
  }

  static void devices() throws Exception {
    see("wild", () -> database.get_device_list("id00/*"));
    see("wild member", () -> database.get_device_list("*/motor/?"));
    see("domains", () -> database.get_device_domain("id*"));
    see("families", () -> database.get_device_family("id00/*"));
    see("members", () -> database.get_device_member("id00/motor/*"));
    see("info", () -> {
      DeviceInfo info = database.get_device_info("ID00/Motor/A");
      return info.name + " " + info.exported + " " + info.server + " " + info.last_exported + " " + info.last_unexported;
    });
    see("info of nothing", () -> database.get_device_info("id00/motor/none"));
    see("import", () -> database.import_device("id00/motor/a").exported);
    see("import of nothing", () -> database.import_device("id00/motor/none"));
    change("export", () -> database.export_device(new DbDevExportInfo("id00/motor/a", "IOR:00", "lab", "5")));
    see("exported", () -> database.get_device_exported("id00/*"));
    see("exported of the class", () -> database.get_device_exported_for_class("Motor"));
    see("hosts", () -> database.get_host_list("lab*"));
    change("unexport", () -> database.unexport_device("id00/motor/a"));
    see("exported no more", () -> database.get_device_exported("id00/*"));
    see("class", () -> database.get_class_for_device("id00/motor/a"));
    see("class of nothing", () -> database.get_class_for_device("id00/motor/none"));
    see("classes", () -> database.get_class_list("Mot*"));
    change("parent", () -> database.put_class_property("Motor", new DbDatum[] {datum("InheritedFrom", "Device_4Impl")}));
    see("inheritance", () -> database.get_class_inheritance_for_device("id00/motor/a"));
    change("grandparent", () -> database.put_class_property("Motor", new DbDatum[] {datum("InheritedFrom", "Mover")}));
    see("inheritance of two", () -> database.get_class_inheritance_for_device("id00/motor/a"));
    for (String parent : new String[] {"Base", "Device_5Impl", "TANGO_BASE_CLASS", "Device_Impl"}) {
      change("great-grandparent", () -> database.put_class_property("Mover", new DbDatum[] {datum("InheritedFrom", parent)}));
      see("inheritance from " + parent, () -> database.get_class_inheritance_for_device("id00/motor/a"));
    }
  }

  static void aliases() throws Exception {
    change("alias", () -> database.put_device_alias("id00/motor/a", "roby"));
    change("alias twice", () -> database.put_device_alias("id00/motor/b", "roby"));
    see("alias of", () -> database.get_alias_from_device("id00/motor/a"));
    see("no alias", () -> database.get_alias_from_device("id00/motor/b"));
    see("device of", () -> database.get_device_from_alias("ROBY"));
    see("device of none", () -> database.get_device_from_alias("none"));
    see("aliases", () -> database.get_device_alias_list("r*"));
    change("attribute alias", () -> database.put_attribute_alias("id00/motor/a/Position", "rx"));
    change("attribute alias of no attribute", () -> database.put_attribute_alias("id00/motor/a", "ry"));
    see("attribute of", () -> database.get_attribute_from_alias("rx"));
    see("alias of attribute", () -> database.get_alias_from_attribute("id00/motor/a/position"));
    see("attribute aliases", () -> database.get_attribute_alias_list("*"));
    change("no attribute alias", () -> database.delete_attribute_alias("rx"));
    change("no device alias", () -> database.delete_device_alias("roby"));
    change("no alias again", () -> database.delete_device_alias("roby"));
  }

  static void properties() throws Exception {
    String name = "id00/motor/a";
    change("put", () -> database.put_device_property(name, new DbDatum[] {datum("Axes", "x", "", "y y"), datum("Text", "a: #b, 'c' \"d\"\n\tz \\")}));
    change("put again", () -> database.put_device_property(name, new DbDatum[] {datum("Axes", "z")}));
    see("get", () -> values(database.get_device_property(name, new String[] {"AXES", "Text", "Absent"})));
    see("list", () -> database.get_device_property_list(name, "*"));
    see("list by wildcard", () -> database.get_device_property_list(name, "A*"));
    change("delete", () -> database.delete_device_property(name, new String[] {"Axes", "Absent"}));
    see("history", () -> history(database.get_device_property_history(name, "Axes")));
    see("history of all", () -> history(database.get_device_property_history(name, "*")).length() > 20);
    change("class put", () -> database.put_class_property("Motor", new DbDatum[] {datum("doc", "one", "two")}));
    see("class get", () -> values(database.get_class_property("Motor", new String[] {"doc", "absent"})));
    see("class list", () -> database.get_class_property_list("Motor", "*"));
    change("class delete", () -> database.delete_class_property("Motor", "doc"));
    see("class history", () -> history(database.get_class_property_history("Motor", "doc")));
    change("object put", () -> database.put_property("Java", new DbDatum[] {datum("p", "1"), datum("q", "2", "3")}));
    see("objects", () -> database.get_object_list("Jav*"));
    see("object list", () -> database.get_object_property_list("Java", "*"));
    see("object get", () -> values(database.get_property("Java", new String[] {"p", "q", "r"})));
    change("object delete", () -> database.delete_property("Java", new String[] {"p", "q"}));
    see("object history", () -> history(database.get_property_history("Java", "p")));
  }

  static void attributes() throws Exception {
    String name = "id00/motor/a";
    DbAttribute position = new DbAttribute("Position");
    position.add("unit", "mm");
    position.add("values", new String[] {"1", "2"});
    change("attribute put", () -> database.put_device_attribute_property(name, position));
    see("attributes", () -> database.get_device_attribute_list(name));
    see("attribute get", () -> properties(database.get_device_attribute_property(name, new String[] {"position", "Absent"})));
    change("attribute property delete", () -> database.delete_device_attribute_property(name, "Position", "unit"));
    see("attribute history", () -> history(database.get_device_attribute_property_history(name, "Position", "unit")));
    change("attribute delete", () -> database.delete_device_attribute(name, "Position"));
    see("no attributes", () -> database.get_device_attribute_list(name));
    change("class attribute put", () -> database.put_class_attribute_property("Motor", position));
    see("class attributes", () -> database.get_class_attribute_list("Motor", "*"));
    see("class attribute get", () -> properties(database.get_class_attribute_property("Motor", new String[] {"Position"})));
    change("class attribute delete", () -> database.delete_class_attribute_property("Motor", "Position", new String[] {"unit", "values"}));
    DbPipe pipe = new DbPipe("Trace");
    pipe.add(datum("label", "a pipe"));
    change("pipe put", () -> database.putDevicePipeProperty(name, pipe));
    see("pipes", () -> database.getDevicePipeList(name));
    see("pipe get", () -> Arrays.toString(database.getDevicePipeProperty(name, "Trace", "label").extractStringArray()));
    change("pipe delete", () -> database.deleteDevicePipe(name, "Trace"));
    see("no pipes", () -> database.getDevicePipeList(name));
  }

  static void services() throws Exception {
    change("register service", () -> database.registerService("Java", "one", name()));
    see("services", () -> database.getServices("Java", "*"));
    change("unregister service", () -> database.unregisterService("Java", "one", name()));
    see("no services", () -> database.getServices("Java", "*"));
  }

  static String name() {
    return "id00/motor/a";
  }

  /** What Astor asks of the tables directly. */
  static void selects() throws Exception {
    String[] queries = {
        "SELECT name FROM device WHERE class=\"Motor\" ORDER BY name",
        "SELECT name,exported,server,host,class FROM device WHERE name LIKE \"id00/motor/%\" ORDER BY name",
        "SELECT device,value FROM property_device WHERE name=\"Text\" ORDER BY device",
    };
    for (String query : queries)
      see(query, () -> {
        DeviceData argument = new DeviceData();
        argument.insert(query);
        DevVarLongStringArray rows = database.command_inout("DbMySqlSelect", argument).extractLongStringArray();
        return Arrays.toString(rows.lvalue) + Arrays.toString(rows.svalue);
      });
  }

  static void removal() throws Exception {
    change("delete device", () -> database.delete_device("id00/motor/b"));
    change("delete device again", () -> database.delete_device("id00/motor/b"));
    change("delete server", () -> database.delete_server("Motor/one"));
    change("delete server again", () -> database.delete_server("Motor/one"));
    change("delete renamed", () -> database.delete_server("Motor/three"));
    see("nothing", () -> database.get_device_list("id00/*"));
  }

  public static void main(String[] arguments) {
    // The library's threads would keep a failed program alive.
    try {
      database = new Database();
      servers();
      devices();
      aliases();
      properties();
      attributes();
      services();
      selects();
      removal();
      System.exit(0);
    } catch (Throwable failure) {
      failure.printStackTrace();
      System.exit(1);
    }
  }
}
