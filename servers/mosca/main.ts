// SPDX-License-Identifier: MIT
// Mosca: one spectrometer. Devices, one of each: SimFalconX, SimDante, Dummy or OceanOptics (its hardware), Generator,
// Saving, Background, Mosca, MoscaV1. `Mosca <instance> --register <prefix> <mca_type>` registers them.
import { serve } from "../../tango/index.ts";
import { moscaClasses } from "./classes.ts";
import { register, registerMissing, registrationAsked } from "./registration.ts";

const args = process.argv.slice(2);
try {
  const asked = registrationAsked(args);
  if (asked) {
    console.log((await register(asked)).join("\n"));
    process.exit(0);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
// A database that does not answer is reported by `serve`, in the words its users know.
await registerMissing(args).catch(() => {});
await serve({ server: "Mosca", classes: moscaClasses() });
