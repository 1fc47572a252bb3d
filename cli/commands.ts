// SPDX-License-Identifier: MIT
// Which file holds which command. A file exports `register(program)`; several commands may share one.
import type { Command } from "commander";

interface CommandFile {
  readonly register: (program: Command) => void;
}

const device = () => import("./device.ts");
const inventory = () => import("./inventory.ts");

export const commandFiles: Readonly<Record<string, () => Promise<CommandFile>>> = {
  demo: () => import("./demo.ts"),
  database: () => import("./database.ts"),
  serve: () => import("./serve.ts"),
  store: () => import("./store.ts"),
  scans: () => import("./scans.ts"),
  writer: () => import("./writer.ts"),
  ping: device,
  info: device,
  read: device,
  write: device,
  call: device,
  monitor: () => import("./monitor.ts"),
  list: inventory,
  tree: inventory,
  properties: inventory,
  generate: () => import("./generate.ts"),
  config: () => import("./config.ts"),
  shell: () => import("./shell.ts"),
  scan: () => import("./scan.ts"),
};
