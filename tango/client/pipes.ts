// SPDX-License-Identifier: MIT
// A device's pipes: trees of named values, read and written as a whole.
import { devFailed } from "../errors.ts";
import type { Blob, DevPipeData, PipeConfig } from "../idl/index.ts";
import { plainBlob, wireBlob } from "../idl/index.ts";
import { milliseconds } from "./attribute-reading.ts";
import type { DeviceLink } from "./device-link.ts";
import type { CallOptions, Live } from "./device-route.ts";
import { invoke } from "./device-route.ts";
import { deeds } from "./failures.ts";

export interface PipeReading {
  readonly name: string;
  readonly value: Blob;
  /** Milliseconds since the epoch. */
  readonly time: number;
}
export interface PipeDescription {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly level: "OPERATOR" | "EXPERT";
  readonly writable: boolean;
}

export type PipeSettings = Partial<Pick<PipeDescription, "label" | "description">>;

export class DevicePipes {
  readonly #link: DeviceLink;

  constructor(link: DeviceLink) {
    this.#link = link;
  }

  /** @throws DevFailed API_PipeNotFound...; API_UnsupportedFeature from devices before IDL 5. */
  read(name: string, options?: CallOptions): Promise<PipeReading> {
    return this.#link.run(deeds.pipe("read_pipe", name), options, async (live, limits) =>
      reading(await invoke(supporting(live), limits, "read_pipe_5", [name, live.ident])),
    );
  }

  async write(name: string, value: Blob, options?: CallOptions): Promise<void> {
    const data = dataOf(name, value);
    await this.#link.run(deeds.pipe("write_pipe", name), options, (live, limits) =>
      invoke(supporting(live), limits, "write_pipe_5", [data, live.ident]),
    );
  }

  /** Writes and reads it back, with nothing of another client in between. */
  writeRead(name: string, value: Blob, options?: CallOptions): Promise<PipeReading> {
    const data = dataOf(name, value);
    return this.#link.run(deeds.pipe("write_read_pipe", name), options, async (live, limits) =>
      reading(await invoke(supporting(live), limits, "write_read_pipe_5", [data, live.ident])),
    );
  }

  /** What these pipes are; all when no names are given. */
  list(names: readonly string[] = ["All pipes"], options?: CallOptions): Promise<readonly PipeDescription[]> {
    return this.#link.run(deeds.plain("get_pipe_config"), options, async (live, limits) =>
      (await invoke(supporting(live), limits, "get_pipe_config_5", [names])).map(description),
    );
  }

  /** Changes a pipe's label or description; "" brings the default back. */
  async configure(name: string, changes: PipeSettings, options?: CallOptions): Promise<void> {
    await this.#link.run(deeds.configure("set_pipe_config"), options, async (live, limits) => {
      const [config] = await invoke(supporting(live), limits, "get_pipe_config_5", [[name]]);
      if (!config) throw devFailed("API_PipeNotFound", `Pipe ${name} not found`, "DeviceProxy::set_pipe_config()");
      await invoke(live, limits, "set_pipe_config_5", [[{ ...config, ...changes }], live.ident]);
    });
  }
}

const reading = ({ name, time, data_blob }: DevPipeData): PipeReading => ({
  name,
  value: plainBlob(data_blob),
  time: milliseconds(time),
});

function dataOf(name: string, value: Blob): DevPipeData {
  try {
    return { name, time: { tv_sec: 0, tv_usec: 0, tv_nsec: 0 }, data_blob: wireBlob(value) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw devFailed("API_PipeWrongArg", `Value for pipe ${name}: ${error.message}`, "DeviceProxy::write_pipe()");
  }
}

const description = ({ name, label, description, level, writable }: PipeConfig): PipeDescription => ({
  name,
  label,
  description,
  level: level === "EXPERT" ? "EXPERT" : "OPERATOR",
  writable: writable === "PIPE_READ_WRITE",
});

function supporting(live: Live): Live {
  if (live.version >= 5) return live;
  throw devFailed("API_UnsupportedFeature", `Pipes need IDL 5; the device speaks IDL ${live.version}`, "DeviceProxy");
}
