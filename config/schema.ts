// SPDX-License-Identifier: MIT
// What a session file may say. The text of each `error` completes "expected ...".
import { z } from "zod";
import { samplingModes, type TriggerMode } from "../scanning/index.ts";
import { parseFormula } from "./formula.ts";

const identifier = z.string().regex(/^[A-Za-z_]\w*$/, {
  error: "a name of letters, digits and _ that starts with a letter, as it is typed in the shell",
});
const deviceName = z.string().regex(/^(tango:\/\/[^/]+\/)?[^/\s]+\/[^/\s]+\/[^/\s#]+(#dbase=no)?$/i, {
  error: "a Tango device as domain/family/member, or tango://host:port/domain/family/member",
});
const text = z.string().min(1, { error: "some text" });
const decimals = z.int({ error: "a whole number of digits" }).min(0).max(15);

const rectangle = z.strictObject({ x: z.int(), y: z.int(), width: z.int(), height: z.int() });
const arc = z.strictObject({
  ...{ cx: z.number(), cy: z.number(), r1: z.number(), r2: z.number() },
  ...{ a1: z.number(), a2: z.number() },
});
const cameraRoi = z.union([rectangle, arc], {
  error: "expected a region: { x, y, width, height }, or { cx, cy, r1, r2, a1, a2 }",
});
const cameraProfile = z.strictObject({
  ...{ x: z.int(), y: z.int(), width: z.int(), height: z.int() },
  direction: z.enum(["horizontal", "vertical"]),
});
const spectrumRoi = z.strictObject({
  start: z.int(),
  stop: z.int(),
  detectors: z.array(z.int()).exactOptional(),
  sum: z.boolean().exactOptional(),
});

/** What an object of each kind is made from. */
export const kinds = {
  motor: z.strictObject({
    device: deviceName,
    /** Read for the position and written to move; default Position. */
    attribute: text.optional(),
    /** The command that stops it; default Stop, else Abort. */
    stop: text.optional(),
    /** Attribute of its encoder, recorded in every scan of it, e.g. Measured_Position. */
    encoder: text.optional(),
    decimals: decimals.optional(),
  }),
  counter: z.strictObject({
    device: deviceName,
    /** Any scalar attribute of the device, or with `index` a spectrum. */
    attribute: text,
    /** Element of a spectrum, from 0. */
    index: z.int({ error: "a whole number, from 0" }).min(0).exactOptional(),
    unit: text.optional(),
    decimals: decimals.optional(),
    mode: z.enum(samplingModes).optional(),
    /** false: a reading that fails gives NaN, and the scan goes on. */
    critical: z.boolean().optional(),
  }),
  camera: z.strictObject({
    device: deviceName,
    /** Rectangles, or parts of rings, in pixels: five counters each. */
    rois: z.record(identifier, cameraRoi).exactOptional(),
    /** Rectangles, each summed to a line. */
    profiles: z.record(identifier, cameraProfile).exactOptional(),
    /** Rectangles whose sums are one spectrum. */
    collection: z.array(rectangle).exactOptional(),
    /** Position, widths and intensity of the beam. */
    beam: z.boolean().exactOptional(),
  }),
  spectrometer: z.strictObject({
    device: deviceName,
    /** From one channel to another, both included. */
    rois: z.record(identifier, spectrumRoi).exactOptional(),
  }),
  gate: z
    .strictObject({
      device: deviceName,
      /** Commands that open and close it; default Open, Close. */
      open: text.optional(),
      close: text.optional(),
      /** Or a boolean attribute: true is open. */
      attribute: text.optional(),
    })
    .refine(({ attribute, open, close }) => attribute === undefined || (open ?? close) === undefined, {
      error: "a gate has either an attribute or commands that open and close it",
    }),
  formula: z.strictObject({
    /** Arithmetic over names of counters, e.g. `(diode - dark) / monitor`. */
    formula: text.superRefine((formula, context) => {
      try {
        if (parseFormula(formula).names.length > 0) return;
        context.addIssue({ code: "custom", message: `formula "${formula}" uses no counter` });
      } catch (error) {
        context.addIssue({ code: "custom", message: (error as Error).message });
      }
    }),
    /** What a name stands for that is not an object's: `{ spot: "basler:roi_counters:spot_sum" }`. */
    inputs: z.record(identifier, text).exactOptional(),
    unit: text.optional(),
    decimals: decimals.optional(),
  }),
};
export type Kind = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as Kind[];
/** Kinds that have no counters. */
export const uncountable: readonly (Kind | undefined)[] = ["motor", "gate"];

const object = z.looseObject({ kind: z.enum(kindNames) });

const policies = ["basic", "esrf"] as const;
const data = z
  .strictObject({
    policy: z.enum(policies).default("basic"),
    /** basic: below it a folder a session. A relative path starts at the file that says it. */
    folder: text.optional(),
    template: text.optional(),
    filename: text.optional(),
    images: text.optional(),
    /** esrf. */
    beamline: text.optional(),
    roots: z.strictObject({ visitor: text, inhouse: text, tmp: text }).optional(),
  })
  .superRefine(({ policy, ...rest }, context) => {
    const own = { basic: ["folder", "template", "filename", "images"], esrf: ["beamline", "roots"] }[policy];
    for (const key of Object.keys(rest))
      if (!own.includes(key))
        context.addIssue({ code: "custom", path: [key], message: `${key} does not belong to the ${policy} policy` });
    if (policy === "esrf" && rest.beamline === undefined)
      context.addIssue({ code: "custom", path: [], message: "the esrf policy needs the beamline's name: beamline" });
  });

const triggers = ["software", "internal", "external", "gate"] as const satisfies readonly TriggerMode[];
const chainSetting = z.strictObject({
  /** Name of a camera or spectrometer. */
  device: identifier,
  /** Of the device that triggers it; default: the timer. */
  master: identifier.exactOptional(),
  /** Default: below a master external, else the first the device offers. */
  trigger: z.enum(triggers).exactOptional(),
  /** In the device's own words. */
  settings: z.record(text, z.unknown()).exactOptional(),
});

export const fileSchema = z.strictObject({
  name: identifier.optional(),
  /** Files whose objects and groups are taken in, relative to this one. */
  include: z.array(text).optional(),
  objects: z.record(identifier, object).optional(),
  /** Names of objects, or patterns of their counters: `diode`, `basler:roi_counters:*`. The first is active. */
  groups: z.record(identifier, z.array(text)).optional(),
  data: data.optional(),
  /** How devices are used in every scan. */
  chain: z.array(chainSetting).optional(),
  /** Scripts whose function `setup(session)` is run; what else they export can be used in the shell. */
  setup: z.union([text, z.array(text)], { error: "expected the path of a script, or a list of them" }).optional(),
  /** The data stream scans are published to: `redis://host:port`. */
  stream: z
    .string()
    .regex(/^rediss?:\/\//, { error: "an address like redis://127.0.0.1:6379" })
    .optional(),
  /** The BlissWriter device that writes the files; default: the program that scans does. It follows the same stream. */
  writer: deviceName.optional(),
  /** The Tango database; default: the environment's TANGO_HOST. */
  tango_host: z
    .string()
    .regex(/^[^\s:]+:\d+(,[^\s:]+:\d+)*$/, { error: "host:port" })
    .optional(),
});
export type FileContents = z.infer<typeof fileSchema>;
export type DataOptions = z.infer<typeof data>;
