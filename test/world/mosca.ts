// SPDX-License-Identifier: MIT
// A MOSCA server in this process, without a database.
import { moscaClasses } from "../../servers/mosca/classes.ts";
import { type RunningServer, startServer } from "../../tango/index.ts";

/** Devices a/mosca/1, a/moscav1/1, a/simfalconx/1 (with these properties), a/generator/1, a/saving/1, a/background/1. */
export const moscaWorld = (properties: Record<string, string[]> = {}): Promise<RunningServer> =>
  startServer({
    server: "Mosca/t",
    classes: moscaClasses(),
    devices: {
      SimFalconX: { "a/simfalconx/1": properties },
      Generator: { "a/generator/1": {} },
      Saving: { "a/saving/1": {} },
      Background: { "a/background/1": {} },
      Mosca: { "a/mosca/1": { mca_type: ["simfalconx"] } },
      MoscaV1: { "a/moscav1/1": {} },
    },
  });
