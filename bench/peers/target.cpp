// SPDX-License-Identifier: MIT
// cppTango reference target: the same class the TypeScript and Python targets expose.
#include <tango.h>
#include <thread>
#include <chrono>
namespace Bench {
static const long SPEC = 1000, W = 1024, H = 1024, BIG = 4096;
class Target : public Tango::Device_5Impl {
 public:
  Tango::DevDouble scalar = 1.5, spectrum[SPEC], eventScalar = 0;
  static std::vector<Tango::DevUShort> image, big; // shared, so that 1,000 devices cost their own memory only
  Target(Tango::DeviceClass *c, std::string &n) : Tango::Device_5Impl(c, n.c_str()) { init_device(); }
  void init_device() override { for (long i = 0; i < SPEC; i++) spectrum[i] = i; set_state(Tango::ON); set_status("bench"); }
  void read(Tango::Attribute &a) {
    const std::string &n = a.get_name();
    if (n == "double_scalar") a.set_value(&scalar);
    else if (n == "double_spectrum") a.set_value(spectrum, SPEC);
    else if (n == "event_scalar") a.set_value(&eventScalar);
    else if (n == "big_image") { big.resize(BIG * BIG, 7); a.set_value(big.data(), BIG, BIG); }
    else a.set_value(image.data(), W, H);
  }
  void write(Tango::WAttribute &a) { a.get_write_value(scalar); }
  Tango::DevVarDoubleArray *echoArray(const Tango::DevVarDoubleArray *in) { return new Tango::DevVarDoubleArray(*in); }
  Tango::DevDouble echo(Tango::DevDouble d) { return d; }
  void burst(Tango::DevLong64 n) {
    for (Tango::DevLong64 i = 0; i < n; i++) { eventScalar = i; push_change_event("event_scalar", &eventScalar); }
  }
};
std::vector<Tango::DevUShort> Target::image(W * H, 7), Target::big;
class A : public Tango::Attr { public: A(const char *n, long t, Tango::AttrWriteType w) : Attr(n, t, w) {}
  void read(Tango::DeviceImpl *d, Tango::Attribute &a) override { static_cast<Target *>(d)->read(a); }
  void write(Tango::DeviceImpl *d, Tango::WAttribute &a) override { static_cast<Target *>(d)->write(a); } };
class S : public Tango::SpectrumAttr { public: S(const char *n, long t, long x) : SpectrumAttr(n, t, Tango::READ, x) {}
  void read(Tango::DeviceImpl *d, Tango::Attribute &a) override { static_cast<Target *>(d)->read(a); } };
class I : public Tango::ImageAttr { public: I(const char *n, long t, long x, long y) : ImageAttr(n, t, Tango::READ, x, y) {}
  void read(Tango::DeviceImpl *d, Tango::Attribute &a) override { static_cast<Target *>(d)->read(a); } };
class TargetClass : public Tango::DeviceClass {
 public:
  TargetClass(std::string &s) : DeviceClass(s) {}
  static TargetClass *init(const char *n) { std::string s(n); return new TargetClass(s); }
  void command_factory() override {
    command_list.push_back(new Tango::TemplCommandInOut<Tango::DevDouble, Tango::DevDouble>("Echo", static_cast<Tango::DevDouble (Tango::DeviceImpl::*)(Tango::DevDouble)>(&Target::echo)));
    command_list.push_back(new Tango::TemplCommandInOut<const Tango::DevVarDoubleArray *, Tango::DevVarDoubleArray *>("EchoArray", static_cast<Tango::DevVarDoubleArray *(Tango::DeviceImpl::*)(const Tango::DevVarDoubleArray *)>(&Target::echoArray)));
    command_list.push_back(new Tango::TemplCommandIn<Tango::DevLong64>("Burst", static_cast<void (Tango::DeviceImpl::*)(Tango::DevLong64)>(&Target::burst)));
  }
  void attribute_factory(std::vector<Tango::Attr *> &l) override {
    l.push_back(new A("double_scalar", Tango::DEV_DOUBLE, Tango::READ_WRITE));
    auto *e = new A("event_scalar", Tango::DEV_DOUBLE, Tango::READ); e->set_change_event(true, false); l.push_back(e);
    l.push_back(new S("double_spectrum", Tango::DEV_DOUBLE, SPEC));
    l.push_back(new I("ushort_image", Tango::DEV_USHORT, W, H));
    l.push_back(new I("big_image", Tango::DEV_USHORT, BIG, BIG));
  }
  void device_factory(const Tango::DevVarStringArray *l) override {
    for (unsigned i = 0; i < l->length(); i++) { std::string n((*l)[i]); device_list.push_back(new Target(this, n));
      if (Tango::Util::_UseDb && !Tango::Util::_FileDb) export_device(device_list.back()); else export_device(device_list.back(), n.c_str()); }
  }
};
}
void Tango::DServer::class_factory() { add_class(Bench::TargetClass::init("BenchTarget")); }
int main(int c, char **v) { try { Tango::Util *t = Tango::Util::init(c, v); t->server_init(); std::cout << "Ready to accept request" << std::endl; t->server_run(); }
  catch (CORBA::Exception &e) { Tango::Except::print_exception(e); return 1; } }
