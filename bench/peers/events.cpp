// SPDX-License-Identifier: MIT
// Subscribes to event_scalar of each URL, asks for a burst, reports events received per second and losses.
#include <tango.h>
#include <chrono>
#include <atomic>
#include <thread>
#include <cstdio>
using clk = std::chrono::steady_clock;
struct CB : Tango::CallBack { std::atomic<long> n{0}; std::atomic<double> last{-1}; void push_event(Tango::EventData *e) override { if (!e->err) { double v; *e->attr_value >> v; last = v; n++; } } };
int main(int argc, char **argv) try {
  int burst = getenv("BURST") ? atoi(getenv("BURST")) : 20000;
  for (int i = 1; i < argc; i++) {
    Tango::DeviceProxy p(argv[i]); p.set_timeout_millis(60000); CB cb; p.subscribe_event("event_scalar", Tango::CHANGE_EVENT, &cb);
    std::this_thread::sleep_for(std::chrono::milliseconds(500)); long n0 = cb.n; auto t0 = clk::now();
    Tango::DeviceData in; Tango::DevLong64 b = burst; in << b; p.command_inout("Burst", in); auto t1 = clk::now();
    while (cb.n - n0 < burst && clk::now() - t0 < std::chrono::seconds(20)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    double s = std::chrono::duration<double>(clk::now() - t0).count();
    printf("%-40s received %ld of %d in %.3f s = %.0f events/s (server side %.3f s)\n", argv[i], cb.n - n0, burst, s, (cb.n - n0) / s, std::chrono::duration<double>(t1 - t0).count());
  }
  fflush(stdout); _exit(0);
} catch (Tango::DevFailed &e) { Tango::Except::print_exception(e); _exit(1); }
