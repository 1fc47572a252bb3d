// SPDX-License-Identifier: MIT
// Blocking C++ client: for each device, in turn and round by round, times the same calls after a warm-up; prints the median
// and the best tenth (what is left where other programs share the processors), each with its ratio to the first device.
#include <tango.h>
#include <chrono>
#include <atomic>
#include <algorithm>
#include <functional>
#include <thread>
#include <cstdio>
using clk = std::chrono::steady_clock;
static double us(clk::time_point a, clk::time_point b) { return std::chrono::duration<double, std::micro>(b - a).count(); }
int main(int argc, char **argv) {
  int rounds = getenv("ROUNDS") ? atoi(getenv("ROUNDS")) : 60, n = getenv("N") ? atoi(getenv("N")) : 300;
  std::vector<Tango::DeviceProxy *> d; std::vector<std::string> urls(argv + 1, argv + argc);
  for (auto &u : urls) { d.push_back(new Tango::DeviceProxy(u)); d.back()->ping(); d.back()->set_source(Tango::DEV); }
  std::vector<double> vec(1000, 2.0);
  struct Case { const char *name; int n; std::function<void(Tango::DeviceProxy *)> f; };
  std::vector<Case> cases = {
    {"ping", n, [](Tango::DeviceProxy *p) { p->ping(); }},
    {"state", n, [](Tango::DeviceProxy *p) { p->state(); }},
    {"read scalar", n, [](Tango::DeviceProxy *p) { auto a = p->read_attribute("double_scalar"); double v; a >> v; }},
    {"write scalar", n, [](Tango::DeviceProxy *p) { Tango::DeviceAttribute a("double_scalar", 2.5); p->write_attribute(a); }},
    {"read 1k doubles", n, [](Tango::DeviceProxy *p) { auto a = p->read_attribute("double_spectrum"); std::vector<double> v; a >> v; }},
    {"echo double", n, [](Tango::DeviceProxy *p) { Tango::DeviceData in; in << 3.0; auto o = p->command_inout("Echo", in); double v; o >> v; }},
    {"echo 1k doubles", n, [&](Tango::DeviceProxy *p) { Tango::DeviceData in; in << vec; auto o = p->command_inout("EchoArray", in); std::vector<double> v; o >> v; }},
    {"read 2 MiB image", n / 10, [](Tango::DeviceProxy *p) { auto a = p->read_attribute("ushort_image"); Tango::DevVarUShortArray *v; a >> v; delete v; }},
  };
  printf("%-18s", "us per call"); for (auto &u : urls) printf(" %33s", u.substr(u.size() > 28 ? u.size() - 28 : 0).c_str()); printf("\n");
  for (auto &c : cases) {
    std::vector<std::vector<double>> m(d.size());
    for (auto *p : d) try { for (int k = 0; k < 10 * c.n; k++) c.f(p); } catch (Tango::DevFailed &) {}
    for (int r = 0; r < rounds; r++) for (size_t i = 0; i < d.size(); i++) {
      try { c.f(d[i]); auto t0 = clk::now(); for (int k = 0; k < c.n; k++) c.f(d[i]); m[i].push_back(us(t0, clk::now()) / c.n); }
      catch (Tango::DevFailed &e) { if (!r) fprintf(stderr, "%s on %s: %s\n", c.name, urls[i].c_str(), e.errors[0].desc.in()); m[i].push_back(0); }
    }
    printf("%-18s", c.name); double base = 0, best = 0;
    for (size_t i = 0; i < d.size(); i++) { std::sort(m[i].begin(), m[i].end()); double med = m[i][rounds / 2], low = m[i][rounds / 10]; if (!i) base = med, best = low; printf(" %8.1f (%5.2fx) %7.1f (%5.2fx)", med, base ? med / base : 0, low, best ? low / best : 0); }
    printf("\n");
  }
  for (int threads : {1, 4, 16, 64}) {
    printf("scalar reads/s %2d c", threads); double base = 0;
    for (size_t i = 0; i < d.size(); i++) {
      std::atomic<long> count{0}; std::atomic<bool> stop{false}; std::vector<std::thread> ts; std::vector<Tango::DeviceProxy *> ps;
      for (int k = 0; k < threads; k++) ts.emplace_back([&] { omni_thread::ensure_self es; Tango::DeviceProxy p(urls[i]); p.set_source(Tango::DEV); while (!stop) { p.read_attribute("double_scalar"); count++; } });
      std::this_thread::sleep_for(std::chrono::milliseconds(300)); long c0 = count; auto t0 = clk::now(); std::this_thread::sleep_for(std::chrono::milliseconds(1500));
      double rate = (count - c0) / us(t0, clk::now()) * 1e6; stop = true; for (auto &t : ts) t.join();
      if (!i) base = rate; printf(" %23.0f (%6.2fx)", rate, rate / base);
    }
    printf("\n");
  }
}
