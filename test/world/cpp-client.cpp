// SPDX-License-Identifier: MIT
// What a C++ client sees of a TangoTest device, line by line: its own words of every part of the client library. Run on the
// C++ server and on another one, the lines must be the same. cpp-client DEVICE
#include <tango.h>
#include <atomic>
#include <chrono>
#include <functional>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <thread>
using namespace std;
using Tango::DeviceProxy;

static void line(const string &what, const string &text) { cout << what << ": " << text << endl; }
static void step(const string &what, function<string()> f) {
  try { line(what, f()); }
  catch (Tango::NamedDevFailedList &e) { ostringstream s; for (auto &one : e.err_list) s << one.name << "#" << one.idx_in_call << " " << one.err_stack[0].reason.in() << ";"; line(what, "named " + s.str()); }
  catch (Tango::DevFailed &e) { ostringstream s; for (CORBA::ULong i = 0; i < e.errors.length(); i++) s << e.errors[i].reason.in() << ";"; line(what, "failed " + s.str()); }
}
template <class T> static string join(const vector<T> &all) { ostringstream s; for (auto &one : all) s << +one << " "; return s.str(); }
static string join(const vector<string> &all) { ostringstream s; for (auto &one : all) s << "[" << one << "] "; return s.str(); }

/** Writes a scalar, reads it back with all that comes with it. */
template <class T> static void scalar(DeviceProxy &d, string name, T value) {
  step(name, [&] { Tango::DeviceAttribute a(name, value); d.write_attribute(a); auto r = d.read_attribute(name); vector<T> read, set; r.extract_read(read); r.extract_set(set);
    ostringstream s; s << set.at(0) << " " << read.size() << " " << r.get_type() << " " << r.get_data_format() << " " << r.get_quality() << " " << r.get_dim_x() << " " << r.get_dim_y() << " " << r.get_written_dim_x(); return s.str(); });
}
template <class T> static void spectrum(DeviceProxy &d, string name, vector<T> value) {
  step(name, [&] { Tango::DeviceAttribute a(name, value); d.write_attribute(a); auto r = d.read_attribute(name); vector<T> set; r.extract_set(set);
    ostringstream s; s << set.size(); for (auto one : set) s << " " << one; s << " | " << r.get_dim_x() << " " << r.get_written_dim_x() << " " << r.get_type(); return s.str(); });
}
template <class T> static void echo(DeviceProxy &d, string name, T value) {
  step("command " + name, [&] { Tango::DeviceData in, out; in << value; out = d.command_inout(name, in); T back; out >> back; ostringstream s; s << back << " " << out.get_type(); return s.str(); });
}
template <class T> static void echoes(DeviceProxy &d, string name, vector<T> value) {
  step("command " + name, [&] { Tango::DeviceData in, out; in << value; out = d.command_inout(name, in); vector<T> back; out >> back; ostringstream s; for (auto one : back) s << one << " "; s << out.get_type(); return s.str(); });
}

struct Heard : Tango::CallBack {
  atomic<int> n{0}; string last;
  void count(bool err) { if (!err) n++; }
  void push_event(Tango::EventData *e) override { if (!e->err) last = e->event + " " + to_string(e->attr_value->get_type()); count(e->err); }
  void push_event(Tango::AttrConfEventData *e) override { if (!e->err) last = e->event + " " + e->attr_conf->label; count(e->err); }
  void push_event(Tango::DevIntrChangeEventData *e) override { if (!e->err) last = e->event + " " + to_string(e->att_list.size()) + " " + to_string(e->cmd_list.size()); count(e->err); }
  void push_event(Tango::PipeEventData *e) override { count(e->err); }
  bool wait(int count) { for (int i = 0; i < 500 && n < count; i++) this_thread::sleep_for(chrono::milliseconds(10)); return n >= count; }
};

static void attributes(DeviceProxy &d) {
  scalar<bool>(d, "boolean_scalar", true);
  scalar<short>(d, "short_scalar", -3); scalar<Tango::DevLong>(d, "long_scalar", -70000); scalar<Tango::DevLong64>(d, "long64_scalar", -5000000000LL);
  scalar<Tango::DevUShort>(d, "ushort_scalar", 65535); scalar<Tango::DevULong>(d, "ulong_scalar", 4294967295u); scalar<Tango::DevULong64>(d, "ulong64_scalar", 18446744073709551615ull);
  scalar<float>(d, "float_scalar", 1.5f); scalar<double>(d, "double_scalar", 1e300); scalar<string>(d, "string_scalar", "caf\xe9 \n\"");
  spectrum<short>(d, "short_spectrum", {1, -2, 3}); spectrum<Tango::DevLong>(d, "long_spectrum", {1}); spectrum<double>(d, "double_spectrum", {1.5, -0.0, 1e-300});
  spectrum<float>(d, "float_spectrum", {}); spectrum<string>(d, "string_spectrum", {"a", "", "c d"}); spectrum<Tango::DevUShort>(d, "ushort_spectrum", vector<Tango::DevUShort>(256, 7));
  step("boolean_spectrum", [&] { vector<bool> v{true, false}; Tango::DeviceAttribute a("boolean_spectrum", v); d.write_attribute(a); auto r = d.read_attribute("boolean_spectrum"); vector<bool> set; r.extract_set(set); return to_string(set.size()) + (set.at(1) ? "t" : "f"); });
  step("double_image", [&] { vector<double> v{1, 2, 3, 4, 5, 6}; Tango::DeviceAttribute a("double_image", v, 3, 2); d.write_attribute(a); auto r = d.read_attribute("double_image"); vector<double> set; r.extract_set(set);
    ostringstream s; s << join(set) << r.get_written_dim_x() << "x" << r.get_written_dim_y(); return s.str(); });
  step("too long", [&] { vector<short> v(300, 1); Tango::DeviceAttribute a("short_spectrum", v); d.write_attribute(a); return string("written"); });
  step("wrong type", [&] { string text = "x"; Tango::DeviceAttribute a("double_scalar", text); d.write_attribute(a); return string("written"); });
  step("read only", [&] { vector<double> v{1}; Tango::DeviceAttribute a("double_spectrum_ro", v); d.write_attribute(a); return string("written"); });
  step("no such", [&] { d.read_attribute("nosuch"); return string("read"); });
  step("throw_exception", [&] { d.read_attribute("throw_exception") ; return string("read"); });
  step("no_value", [&] { auto r = d.read_attribute("no_value"); double v; r >> v; return string("read"); });
  step("several", [&] { vector<string> names{"double_scalar", "nosuch", "State"}; auto *all = d.read_attributes(names); ostringstream s; for (auto &one : *all) s << one.get_name() << (one.has_failed() ? " failed " : " ok ") << one.get_type() << ";"; delete all; return s.str(); });
  step("write several", [&] { vector<Tango::DeviceAttribute> all; all.emplace_back("double_scalar", 2.5); all.emplace_back("nosuch", 1.0); all.emplace_back("long_scalar", (Tango::DevLong)9); d.write_attributes(all); return string("written"); });
  step("write_read", [&] { Tango::DeviceAttribute a("double_scalar", 3.25); auto r = d.write_read_attribute(a); vector<double> set; r.extract_set(set); return join(set); });
  step("state attribute", [&] { auto r = d.read_attribute("State"); Tango::DevState s; r >> s; return string(Tango::DevStateName[s]) + to_string(r.get_type()); });
}

static void commands(DeviceProxy &d) {
  echo<bool>(d, "DevBoolean", true); echo<short>(d, "DevShort", -32768); echo<Tango::DevLong>(d, "DevLong", -2147483647); echo<Tango::DevLong64>(d, "DevLong64", -9223372036854775807LL);
  echo<Tango::DevUShort>(d, "DevUShort", 65535); echo<Tango::DevULong>(d, "DevULong", 4294967295u); echo<Tango::DevULong64>(d, "DevULong64", 18446744073709551615ull);
  echo<float>(d, "DevFloat", 1.25f); echo<double>(d, "DevDouble", -1e-300); echo<string>(d, "DevString", "h\xe4 \xfc");
  echoes<short>(d, "DevVarShortArray", {1, 2}); echoes<Tango::DevLong>(d, "DevVarLongArray", {}); echoes<Tango::DevLong64>(d, "DevVarLong64Array", {1, -1}); echoes<Tango::DevUShort>(d, "DevVarUShortArray", {1});
  echoes<Tango::DevULong>(d, "DevVarULongArray", {4294967295u}); echoes<Tango::DevULong64>(d, "DevVarULong64Array", {1, 2, 3}); echoes<float>(d, "DevVarFloatArray", {1.5f}); echoes<double>(d, "DevVarDoubleArray", vector<double>(1000, 0.5)); echoes<string>(d, "DevVarStringArray", {"a", "", "b c"});
  step("command DevVarLongStringArray", [&] { Tango::DeviceData in; vector<Tango::DevLong> numbers{1, 2}; vector<string> words{"x", ""}; in.insert(numbers, words); auto out = d.command_inout("DevVarLongStringArray", in); vector<Tango::DevLong> l; vector<string> s; out.extract(l, s); return join(l) + join(s); });
  step("command DevVarDoubleStringArray", [&] { Tango::DeviceData in; vector<double> numbers{1.5}; vector<string> words{"x"}; in.insert(numbers, words); auto out = d.command_inout("DevVarDoubleStringArray", in); vector<double> l; vector<string> s; out.extract(l, s); return join(l) + join(s); });
  step("command DevVoid", [&] { d.command_inout("DevVoid"); return string("done"); });
  step("command unknown", [&] { d.command_inout("NoSuch"); return string("done"); });
  step("command of wrong type", [&] { Tango::DeviceData in; string text = "x"; in << text; d.command_inout("DevDouble", in); return string("done"); });
  step("asynchronous", [&] { Tango::DeviceData in; in << 4.5; long id = d.command_inout_asynch("DevDouble", in); auto out = d.command_inout_reply(id, 3000); double v; out >> v; return to_string(v); });
  step("asynchronous read", [&] { long id = d.read_attribute_asynch("double_scalar"); auto *r = d.read_attribute_reply(id, 3000); vector<double> set; r->extract_set(set); delete r; return join(set); });
  step("SwitchStates", [&] { d.command_inout("SwitchStates"); string s = Tango::DevStateName[d.state()]; d.command_inout("SwitchStates"); return s + " " + Tango::DevStateName[d.state()]; });
}

static void descriptions(DeviceProxy &d) {
  step("attribute list", [&] { auto *all = d.attribute_list_query_ex(); ostringstream s; for (auto &c : *all) s << c.name << "," << c.data_type << "," << c.data_format << "," << c.writable << "," << c.max_dim_x << "," << c.max_dim_y << "," << c.label << "," << c.unit << "," << c.format << "," << c.writable_attr_name << "," << c.disp_level << "," << c.memorized << ";"; delete all; return s.str(); });
  step("command list", [&] { auto *all = d.command_list_query(); ostringstream s; for (auto &c : *all) s << c.cmd_name << "," << c.in_type << "," << c.out_type << "," << c.in_type_desc << "," << c.out_type_desc << "," << c.disp_level << ";"; delete all; return s.str(); });
  step("description", [&] { return d.description(); });
  step("class", [&] { return d.info().dev_class; });
  step("configuration", [&] { auto c = d.get_attribute_config("double_scalar"); c.label = "L"; c.min_value = "-10"; c.events.ch_event.abs_change = "0.5"; Tango::AttributeInfoListEx all; all.push_back(c); d.set_attribute_config(all); auto n = d.get_attribute_config("double_scalar"); string s = n.label + n.min_value + n.events.ch_event.abs_change; c.label = ""; c.min_value = ""; c.events.ch_event.abs_change = ""; all[0] = c; d.set_attribute_config(all); n = d.get_attribute_config("double_scalar"); return s + n.label + n.min_value + n.events.ch_event.abs_change; });
  step("pipes", [&] { auto *all = d.get_pipe_list(); ostringstream s; for (auto &p : *all) s << p << ","; delete all; auto pipe = d.read_pipe("string_long_short_ro"); string text; Tango::DevLong l; Tango::DevShort h; pipe >> text >> l >> h; s << pipe.get_root_blob_name() << "," << text << "," << l << "," << h; return s.str(); });
  step("ping", [&] { return string(d.ping() > 0 ? "answered" : "no"); });
  step("black box", [&] { d.ping(); auto *all = d.black_box(2); ostringstream s; for (auto &one : *all) s << one.substr(26, 15) << ";"; delete all; return s.str(); });
}

static void server(DeviceProxy &d) {
  step("polling", [&] { d.poll_attribute("double_scalar", 50); ostringstream s; s << d.is_attribute_polled("double_scalar") << d.get_attribute_poll_period("double_scalar"); this_thread::sleep_for(chrono::milliseconds(400)); auto *h = d.attribute_history("double_scalar", 3); s << " " << h->size() << " " << (*h)[0].get_type(); delete h; d.set_source(Tango::CACHE); d.read_attribute("double_scalar"); d.set_source(Tango::CACHE_DEV); d.stop_poll_attribute("double_scalar"); s << d.is_attribute_polled("double_scalar"); return s.str(); });
  step("cache of what is not polled", [&] { d.set_source(Tango::CACHE); struct Back { DeviceProxy &d; ~Back() { d.set_source(Tango::CACHE_DEV); } } back{d}; d.read_attribute("double_scalar"); return string("read"); });
  step("lock", [&] { d.lock(5); ostringstream s; s << d.is_locked() << d.is_locked_by_me(); d.unlock(); s << d.is_locked(); return s.str(); });
  step("events", [&] { d.poll_attribute("double_scalar", 50); auto c = d.get_attribute_config("double_scalar"); c.events.ch_event.abs_change = "0.001"; c.events.per_event.period = "100"; Tango::AttributeInfoListEx all; all.push_back(c); d.set_attribute_config(all);
    Heard change, periodic, conf, intr; int a = d.subscribe_event("double_scalar", Tango::CHANGE_EVENT, &change), b = d.subscribe_event("double_scalar", Tango::PERIODIC_EVENT, &periodic), e = d.subscribe_event("double_scalar", Tango::ATTR_CONF_EVENT, &conf), f = d.subscribe_event(Tango::INTERFACE_CHANGE_EVENT, &intr);
    ostringstream s; s << change.wait(3) << periodic.wait(3) << conf.wait(1) << intr.wait(1); c.label = "other"; all[0] = c; d.set_attribute_config(all); s << conf.wait(2); s << " " << change.last << " " << periodic.last << " " << conf.last << " " << intr.last;
    for (int id : {a, b, e, f}) d.unsubscribe_event(id); c.label = ""; c.events.ch_event.abs_change = ""; c.events.per_event.period = ""; all[0] = c; d.set_attribute_config(all); d.stop_poll_attribute("double_scalar"); return s.str(); });
  step("events of what is not polled", [&] { Heard h; d.subscribe_event("double_scalar", Tango::CHANGE_EVENT, &h); return string("subscribed"); });
  step("group", [&] { Tango::Group g("g"); g.add(d.dev_name()); auto r = g.read_attribute("double_scalar"); return string(r[0].has_failed() ? "failed" : "read"); });
}

int main(int argc, char **argv) try {
  DeviceProxy d(argv[1]);
  d.set_timeout_millis(10000);
  descriptions(d); attributes(d); commands(d); server(d);
  cout.flush();
  _exit(0);
} catch (Tango::DevFailed &e) { Tango::Except::print_exception(e); _exit(1); }
