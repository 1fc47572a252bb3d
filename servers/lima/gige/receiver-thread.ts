// SPDX-License-Identifier: MIT
// The thread of a receiver: it is told what to do and tells what came.
import { parentPort, workerData } from "node:worker_threads";
import type { BlockEnd, BlocksOptions, StreamStatistics } from "./blocks.ts";
import { openReceiver, type ReceiverOptions } from "./receiver.ts";

export type Order =
  | { readonly do: "begin"; readonly options: BlocksOptions; readonly stream: number }
  | { readonly do: "taken" | "end" | "renew" }
  | { readonly do: "test"; readonly size: number; readonly wait: number }
  | { readonly do: "close" };
export type Report =
  | { readonly told: "ready"; readonly port: number }
  /** `stream`: of which `begin` it is. */
  | { readonly told: "block"; readonly end: BlockEnd; readonly statistics: StreamStatistics; readonly stream: number }
  | { readonly told: "tested"; readonly came: boolean }
  | { readonly told: "failed"; readonly message: string; readonly stream: number };

let stream = 0;
const report = (message: Report, moved: ArrayBuffer[] = []) => parentPort?.postMessage(message, moved);

const open = () =>
  openReceiver(workerData as ReceiverOptions, {
    onBlock: (end, statistics) =>
      report({ told: "block", end, statistics, stream }, end.kind === "whole" ? [end.data.buffer] : []),
    onFailure: ({ message }) => report({ told: "failed", message, stream }),
  });
let receiver = await open();

async function renew(): Promise<void> {
  receiver.close();
  try {
    receiver = await open();
    report({ told: "ready", port: receiver.port });
  } catch (error) {
    report({ told: "failed", message: (error as Error).message, stream });
  }
}

parentPort?.on("message", async (order: Order) => {
  switch (order.do) {
    case "renew":
      return renew();
    case "begin":
      ({ stream } = order);
      return receiver.begin(order.options);
    case "taken":
      return receiver.taken();
    case "end":
      return receiver.end();
    case "test":
      return report({ told: "tested", came: await receiver.testPacket(order.size, order.wait) });
    case "close":
      receiver.close();
      parentPort?.close();
  }
});
report({ told: "ready", port: receiver.port });
