// SPDX-License-Identifier: MIT
// What of a device's calls is traced, and where traces and logs are to go: the settings of Tango 10. They outlive the device's
// restarts.

/** Exporter and endpoint. */
export type Endpoint = readonly [exporter: string, place: string];

export interface DeviceTelemetry {
  enabled: boolean;
  tracing: boolean;
  logging: boolean;
  tracingEndpoints: readonly Endpoint[];
  loggingEndpoints: readonly Endpoint[];
  topics: readonly string[];
}

const CONSOLE: Endpoint = ["console", "cout"];

export class TelemetrySettings {
  readonly #isOn: boolean;
  readonly #devices = new Map<string, DeviceTelemetry>();

  /** @param isOn whether devices are traced without being told. */
  constructor(isOn: boolean) {
    this.#isOn = isOn;
  }

  /** By the device's key. An admin device is traced only when told. */
  of(device: string): DeviceTelemetry {
    let found = this.#devices.get(device);
    if (!found) {
      found = {
        enabled: this.#isOn && !device.startsWith("dserver/"),
        tracing: true,
        logging: true,
        tracingEndpoints: [CONSOLE],
        loggingEndpoints: [CONSOLE],
        topics: ["all"],
      };
      this.#devices.set(device, found);
    }
    return found;
  }

  /** Whether calls of the device are to be told to OpenTelemetry. */
  traces(device: string): boolean {
    return this.#tells(device, "tracing");
  }
  /** Whether its log messages are. */
  logs(device: string): boolean {
    return this.#tells(device, "logging");
  }

  #tells(device: string, what: "tracing" | "logging"): boolean {
    if (!this.#isOn && this.#devices.size === 0) return false;
    const settings = this.of(device);
    return settings.enabled && settings[what];
  }
}
