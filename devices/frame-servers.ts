// SPDX-License-Identifier: MIT
// The memory of detector servers, for readers of the data stream: `openDataStore(url, { live: frameServers() })`.
import type { Encoded } from "../tango/idl/tango-types.ts";
import { type CallOptions, type ConnectOptions, connect, type DeviceProxy } from "../tango/index.ts";

export interface FrameServers extends AsyncDisposable {
  /**
   * What a command of the server `trl` (`readImage` of Lima, `getFrame` of lima2) gives for a frame.
   * @throws DevFailed when the server is away, or does not have it (any more)
   */
  frame(trl: string, command: string, index: number, options?: CallOptions): Promise<Encoded>;
}

/** Each server is connected to when its first frame is asked for. */
export function frameServers(options: Omit<ConnectOptions, "lazy"> = {}): FrameServers {
  const servers = new Map<string, Promise<DeviceProxy>>();
  return {
    async frame(trl, command, index, call) {
      const server = servers.get(trl) ?? connect(trl, { ...options, lazy: true });
      servers.set(trl, server);
      return (await (await server).call(command, index, call)) as Encoded;
    },
    async [Symbol.asyncDispose]() {
      // One whose name is none has failed where its frame was asked for.
      for (const server of await Promise.allSettled(servers.values()))
        if (server.status === "fulfilled") await server.value[Symbol.asyncDispose]();
    },
  };
}
