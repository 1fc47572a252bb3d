// SPDX-License-Identifier: MIT
// Our device servers by their Tango names; bin/ has a launcher for each (a test compares the two).
export const servers: Readonly<Record<string, () => Promise<unknown>>> = {
  DataBaseds: () => import("../servers/database/main.ts"),
  TangoAccessControl: () => import("../servers/access-control/main.ts"),
  IcePAP: () => import("../servers/icepap/main.ts"),
  Starter: () => import("../servers/starter/main.ts"),
  PseudoMotor: () => import("../servers/pseudo-motor/main.ts"),
  SimulatedMotor: () => import("../servers/simulated-motor/main.ts"),
  SimulatedCounter: () => import("../servers/simulated-counter/main.ts"),
  LimaCCDs: () => import("../servers/lima/main.ts"),
  TangoTest: () => import("../servers/tango-test/main.ts"),
  Mosca: () => import("../servers/mosca/main.ts"),
  BlissWriter: () => import("../servers/bliss-writer/main.ts"),
};
