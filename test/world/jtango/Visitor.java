// SPDX-License-Identifier: MIT
// A Java client visits a TangoTest: Visitor DEVICE. Prints a line for everything it sees, the same for every server that is
// a TangoTest; values that a TangoTest makes up at random are only counted.
import fr.esrf.Tango.*;
import fr.esrf.TangoApi.*;
import fr.esrf.TangoApi.events.*;
import fr.esrf.TangoDs.TangoConst;
import java.util.*;
import java.util.concurrent.*;

public class Visitor {
  interface Deed {
    Object run() throws Exception;
  }

  static void see(String what, Deed deed) throws Exception {
    try {
      print(what + ": " + text(deed.run()));
    } catch (DevFailed failure) {
      StringBuilder stack = new StringBuilder();
      for (DevError error : failure.errors) stack.append(" [" + error.reason + "] " + error.desc.replace("\n", "|"));
      print(what + ": failed" + stack);
    }
  }

  /** Marked, because the library prints as well. */
  static void print(String line) {
    System.out.println("> " + line);
  }

  static String text(Object value) {
    if (value instanceof double[]) return Arrays.toString((double[]) value);
    if (value instanceof float[]) return Arrays.toString((float[]) value);
    if (value instanceof long[]) return Arrays.toString((long[]) value);
    if (value instanceof int[]) return Arrays.toString((int[]) value);
    if (value instanceof short[]) return Arrays.toString((short[]) value);
    if (value instanceof boolean[]) return Arrays.toString((boolean[]) value);
    if (value instanceof byte[]) return Arrays.toString((byte[]) value);
    if (value instanceof Object[]) return Arrays.deepToString((Object[]) value);
    return String.valueOf(value);
  }

  static DeviceProxy device;

  static DeviceData argument() throws DevFailed {
    return new DeviceData();
  }

  static DeviceData call(String name, DeviceData argument) throws DevFailed {
    return device.command_inout(name, argument);
  }

  static void interfaces() throws Exception {
    for (AttributeInfo info : device.get_attribute_info())
      print("attribute " + info.name + " " + info.data_type + " " + info.data_format + " " + info.writable.value() + " "
          + info.max_dim_x + "x" + info.max_dim_y + " " + info.label + "," + info.unit + "," + info.format + "," + info.min_value + ","
          + info.max_value + "," + info.level.value() + "," + info.description);
    for (CommandInfo info : device.command_list_query())
      print("command " + info.cmd_name + " " + info.in_type + "->" + info.out_type + " " + info.in_type_desc + "," + info.out_type_desc);
  }

  static void commands() throws Exception {
    see("DevVoid", () -> { device.command_inout("DevVoid"); return "done"; });
    see("DevBoolean", () -> { DeviceData in = argument(); in.insert(true); return call("DevBoolean", in).extractBoolean(); });
    see("DevShort", () -> { DeviceData in = argument(); in.insert((short) -12); return call("DevShort", in).extractShort(); });
    see("DevLong", () -> { DeviceData in = argument(); in.insert(-123456); return call("DevLong", in).extractLong(); });
    see("DevLong64", () -> { DeviceData in = argument(); in.insert(Long.MIN_VALUE); return call("DevLong64", in).extractLong64(); });
    see("DevULong", () -> { DeviceData in = argument(); in.insert_ul(4000000000L); return call("DevULong", in).extractULong(); });
    see("DevUShort", () -> { DeviceData in = argument(); in.insert_us(65000); return call("DevUShort", in).extractUShort(); });
    see("DevFloat", () -> { DeviceData in = argument(); in.insert(1.5f); return call("DevFloat", in).extractFloat(); });
    see("DevDouble", () -> { DeviceData in = argument(); in.insert(Double.NaN); return call("DevDouble", in).extractDouble(); });
    see("DevString", () -> { DeviceData in = argument(); in.insert("caf\u00e9"); return call("DevString", in).extractString(); });
    see("DevVarShortArray", () -> { DeviceData in = argument(); in.insert(new short[] {1, -2, 3}); return call("DevVarShortArray", in).extractShortArray(); });
    see("DevVarLongArray", () -> { DeviceData in = argument(); in.insert(new int[0]); return call("DevVarLongArray", in).extractLongArray(); });
    see("DevVarDoubleArray", () -> { DeviceData in = argument(); in.insert(new double[] {1e300, -0.0, Double.POSITIVE_INFINITY}); return call("DevVarDoubleArray", in).extractDoubleArray(); });
    see("DevVarFloatArray", () -> { DeviceData in = argument(); in.insert(new float[] {1f, 2f}); return call("DevVarFloatArray", in).extractFloatArray(); });
    see("DevVarStringArray", () -> { DeviceData in = argument(); in.insert(new String[] {"a", "", "b c"}); return call("DevVarStringArray", in).extractStringArray(); });
    see("DevVarLongStringArray", () -> {
      DeviceData in = argument();
      in.insert(new DevVarLongStringArray(new int[] {1, 2}, new String[] {"x"}));
      DevVarLongStringArray out = call("DevVarLongStringArray", in).extractLongStringArray();
      return Arrays.toString(out.lvalue) + Arrays.toString(out.svalue);
    });
    see("DevVarDoubleStringArray", () -> {
      DeviceData in = argument();
      in.insert(new DevVarDoubleStringArray(new double[] {0.5}, new String[] {"x", "y"}));
      DevVarDoubleStringArray out = call("DevVarDoubleStringArray", in).extractDoubleStringArray();
      return Arrays.toString(out.dvalue) + Arrays.toString(out.svalue);
    });
    see("wrong type", () -> { DeviceData in = argument(); in.insert("text"); return call("DevLong", in); });
    see("no such command", () -> device.command_inout("NoSuchCommand"));
  }

  static void written(String name, DeviceAttribute value, Deed read) throws Exception {
    see("write " + name, () -> { device.write_attribute(value); return "done"; });
    see("read " + name, read);
  }

  static void attributes() throws Exception {
    written("double_scalar", new DeviceAttribute("double_scalar", 3.25), () -> device.read_attribute("double_scalar_rww").getNbWritten());
    written("double_scalar_w", new DeviceAttribute("double_scalar_w", 3.25), () -> device.read_attribute("double_scalar_w").extractDouble());
    written("long_scalar_w", new DeviceAttribute("long_scalar_w", 42), () -> device.read_attribute("long_scalar_w").extractLong());
    written("short_scalar_w", new DeviceAttribute("short_scalar_w", (short) 42), () -> device.read_attribute("short_scalar_w").extractShort());
    written("ampli", new DeviceAttribute("ampli", 2.0), () -> device.read_attribute("ampli").extractDouble());
    written("boolean_scalar", new DeviceAttribute("boolean_scalar", true), () -> device.read_attribute("boolean_scalar").extractBooleanArray());
    written("string_scalar", new DeviceAttribute("string_scalar", "bonjour"), () -> device.read_attribute("string_scalar").extractStringArray());
    written("double_spectrum", new DeviceAttribute("double_spectrum", new double[] {1, 2, 3}, 3, 0), () -> device.read_attribute("double_spectrum").extractDoubleArray());
    written("string_spectrum", new DeviceAttribute("string_spectrum", new String[] {"a", "b"}, 2, 0), () -> device.read_attribute("string_spectrum").extractStringArray());
    // Not written: the original dies of an image from Java.
    see("image", () -> {
      DeviceAttribute image = device.read_attribute("long_image_ro");
      return image.extractLongArray().length + " " + image.getDimX() + "x" + image.getDimY();
    });
    see("several", () -> {
      List<String> seen = new ArrayList<>();
      for (DeviceAttribute each : device.read_attribute(new String[] {"short_scalar_ro", "wave", "State"}))
        seen.add(each.getName() + " " + each.getType() + " " + each.hasFailed() + " " + each.getQuality().value() + " " + each.getDimX());
      return String.join("; ", seen);
    });
    see("throw_exception", () -> device.read_attribute("throw_exception").extractLong());
    see("no_value", () -> device.read_attribute("no_value").extractDouble());
    see("no such attribute", () -> device.read_attribute("no_such").extractLong());
    see("write read-only", () -> { device.write_attribute(new DeviceAttribute("short_scalar_ro", (short) 1)); return "done"; });
    see("write wrong type", () -> { device.write_attribute(new DeviceAttribute("double_scalar", "text")); return "done"; });
  }

  static void configuration() throws Exception {
    see("configure", () -> {
      AttributeInfoEx info = device.get_attribute_info_ex("double_scalar");
      info.label = "Java";
      info.unit = "mm";
      info.min_value = "-10";
      info.max_value = "10";
      device.set_attribute_info(new AttributeInfoEx[] {info});
      AttributeInfoEx now = device.get_attribute_info_ex("double_scalar");
      return now.label + now.unit + now.min_value + now.max_value;
    });
    see("out of limits", () -> { device.write_attribute(new DeviceAttribute("double_scalar", 11.0)); return "done"; });
    see("reset limits", () -> {
      AttributeInfoEx info = device.get_attribute_info_ex("double_scalar");
      info.label = info.unit = info.min_value = info.max_value = "Not specified";
      device.set_attribute_info(new AttributeInfoEx[] {info});
      AttributeInfoEx now = device.get_attribute_info_ex("double_scalar");
      return now.label + now.unit + now.min_value + now.max_value;
    });
  }

  static void polling() throws Exception {
    see("poll", () -> { device.poll_attribute("long_scalar_w", 100); return device.get_attribute_polling_period("long_scalar_w"); });
    Thread.sleep(500);
    see("history", () -> device.attribute_history("long_scalar_w", 2).length);
    see("cache", () -> {
      device.set_source(DevSource.CACHE);
      try {
        return device.read_attribute("long_scalar_w").extractLong();
      } finally {
        device.set_source(DevSource.CACHE_DEV);
      }
    });
    see("status", () -> device.polling_status().length);
    see("cache, not polled", () -> {
      device.set_source(DevSource.CACHE);
      try {
        return device.read_attribute("double_scalar_w").extractDouble();
      } finally {
        device.set_source(DevSource.CACHE_DEV);
      }
    });
  }

  static final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  static int subscribe(String attribute, int type) throws DevFailed {
    CallBack callback = new CallBack() {
      public void push_event(EventData event) {
        try {
          events.add(attribute + " " + (event.err ? event.errors[0].reason : event.attr_value == null ? "configuration" : event.attr_value.getType()));
        } catch (DevFailed failure) {
          events.add("failed " + failure.errors[0].reason);
        }
      }
    };
    return device.subscribe_event(attribute, type, callback, new String[0]);
  }

  static String until(String wanted) throws InterruptedException {
    long deadline = System.currentTimeMillis() + 15000;
    for (;;) {
      String event = events.poll(Math.max(1, deadline - System.currentTimeMillis()), TimeUnit.MILLISECONDS);
      if (event == null) return "nothing";
      if (event.equals(wanted)) return event;
    }
  }

  static void eventing() throws Exception {
    see("not polled", () -> subscribe("short_scalar_ro", TangoConst.PERIODIC_EVENT));
    see("no criteria", () -> subscribe("long_scalar_w", TangoConst.CHANGE_EVENT));
    see("criteria", () -> {
      AttributeInfoEx info = device.get_attribute_info_ex("long_scalar_w");
      info.events.ch_event.abs_change = "1";
      info.events.per_event.period = "200";
      device.set_attribute_info(new AttributeInfoEx[] {info});
      return device.get_attribute_info_ex("long_scalar_w").events.ch_event.abs_change;
    });
    int change = subscribe("long_scalar_w", TangoConst.CHANGE_EVENT);
    see("first change", () -> until("long_scalar_w " + TangoConst.Tango_DEV_LONG));
    // Until the client's ZeroMQ socket is connected, changes pass it by.
    see("changed", () -> {
      for (int value = 77; value < 127 && events.isEmpty(); value++) {
        device.write_attribute(new DeviceAttribute("long_scalar_w", value));
        Thread.sleep(300);
      }
      return until("long_scalar_w " + TangoConst.Tango_DEV_LONG);
    });
    device.unsubscribe_event(change);
    int periodic = subscribe("long_scalar_w", TangoConst.PERIODIC_EVENT);
    see("periodic", () -> { until("long_scalar_w " + TangoConst.Tango_DEV_LONG); return until("long_scalar_w " + TangoConst.Tango_DEV_LONG); });
    device.unsubscribe_event(periodic);
    see("stop polling", () -> { device.stop_poll_attribute("long_scalar_w"); return "done"; });
  }

  static void administration() throws Exception {
    see("info", () -> device.info().dev_class);
    see("ping", () -> device.ping() >= 0);
    see("black box", () -> device.black_box(3).length);
    see("lock", () -> { device.lock(); return device.isLocked() + " " + device.isLockedByMe(); });
    see("unlock", () -> { device.unlock(); return device.isLocked(); });
    see("logging", () -> { device.set_logging_level(4); return device.get_logging_level(); });
    see("properties", () -> {
      device.put_property(new DbDatum("java", new String[] {"a", "b c"}));
      String found = text(device.get_property("java").extractStringArray());
      device.delete_property("java");
      return found + device.get_property("java").is_empty();
    });
    see("Init", () -> { device.command_inout("Init"); return device.state(); });
    DeviceProxy admin = new DeviceProxy(device.adm_name());
    see("QueryClass", () -> admin.command_inout("QueryClass").extractStringArray());
    see("QueryDevice", () -> admin.command_inout("QueryDevice").extractStringArray());
    see("admin commands", () -> {
      Set<String> names = new TreeSet<>();
      for (CommandInfo info : admin.command_list_query()) names.add(info.cmd_name);
      return names.containsAll(Arrays.asList("Kill", "RestartServer", "DevRestart", "ZmqEventSubscriptionChange", "LockDevice"));
    });
  }

  public static void main(String[] arguments) {
    // The library's threads would keep a failed program alive.
    try {
      device = new DeviceProxy(arguments[0]);
      interfaces();
      commands();
      attributes();
      configuration();
      polling();
      eventing();
      administration();
      System.exit(0);
    } catch (Throwable failure) {
      failure.printStackTrace();
      System.exit(1);
    }
  }
}
