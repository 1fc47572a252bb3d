// SPDX-License-Identifier: MIT
// A MOSCA server in this process, without a database.
import { moscaClasses } from "../../servers/mosca/classes.ts";
import { type RunningServer, startServer } from "../../tango/index.ts";

/** Devices a/mosca/1, a/moscav1/1, a/simfalconx/1 (with these properties), a/generator/1, a/saving/1, a/background/1. */
const others = {
  Saving: { "a/saving/1": {} },
  Background: { "a/background/1": {} },
  MoscaV1: { "a/moscav1/1": {} },
};
export const moscaWorld = (properties: Record<string, string[]> = {}): Promise<RunningServer> =>
  startServer({
    server: "Mosca/t",
    classes: moscaClasses(),
    devices: {
      SimFalconX: { "a/simfalconx/1": properties },
      Generator: { "a/generator/1": {} },
      ...others,
      Mosca: { "a/mosca/1": { mca_type: ["simfalconx"] } },
    },
  });

/** The same with the Dummy, under the names of the recorded dialogues: mo/mosca/modummy, mo/dummy/modummy ... */
export const dummyWorld = (): Promise<RunningServer> =>
  startServer({
    server: "Mosca/modummy",
    classes: moscaClasses(),
    devices: {
      Saving: { "mo/saving/modummy": {} },
      Background: { "mo/background/modummy": {} },
      MoscaV1: { "mo/moscav1/modummy": {} },
      Dummy: { "mo/dummy/modummy": {} },
      Mosca: { "mo/mosca/modummy": { mca_type: ["dummy"] } },
    },
  });

/** A SimFalconX of 8 detectors, under the names of the recorded dialogues. */
export const falconxWorld = (): Promise<RunningServer> =>
  startServer({
    server: "Mosca/mosimfx",
    classes: moscaClasses(),
    devices: {
      Saving: { "mo/saving/mosimfx": {} },
      Background: { "mo/background/mosimfx": {} },
      Generator: { "mo/generator/mosimfx": {} },
      MoscaV1: { "mo/moscav1/mosimfx": {} },
      SimFalconX: { "mo/simfalconx/mosimfx": { Detectors: ["8"] } },
      Mosca: { "mo/mosca/mosimfx": { mca_type: ["simfalconx"] } },
    },
  });
