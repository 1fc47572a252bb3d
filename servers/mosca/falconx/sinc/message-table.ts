// SPDX-License-Identifier: MIT
// The messages of SINC, the protocol of XIA's FalconX (SiToro): numbers of types and fields as its published sinc.proto
// has them; those of calibration, list mode, oscilloscope and firmware are not used here.
import { field, type Message, repeated, type Shape } from "./protobuf.ts";

/** Of which type a value is (`paramType`). */
export const parameterTypes = { int: 1, float: 2, bool: 3, string: 4, option: 5 } as const;

const keyValue = {
  key: field(1, "string"),
  channelId: field(8, "int32"),
  intVal: field(2, "int64"),
  floatVal: field(3, "double"),
  boolVal: field(4, "bool"),
  strVal: field(5, "string"),
  optionVal: field(6, "string"),
  paramType: field(7, "int32"),
} satisfies Shape;
export type KeyValue = Message<typeof keyValue>;

const success = {
  /** Missing or 0 when all is well; see `errorCodes`. */
  errorCode: field(1, "int32"),
  message: field(2, "string"),
  channelId: field(3, "int32"),
} satisfies Shape;

const ofChannel = { channelId: field(1, "int32") } satisfies Shape;

export const histogramHeader = {
  dataSetId: field(2, "uint64"),
  /** Seconds since the histogram was begun. */
  timeElapsed: field(3, "double"),
  samplesDetected: field(4, "uint64"),
  samplesErased: field(5, "uint64"),
  pulsesAccepted: field(6, "uint64"),
  pulsesRejected: field(7, "uint64"),
  /** 1/s; not a number when there is no signal. */
  inputCountRate: field(8, "double"),
  outputCountRate: field(9, "double"),
  deadTimePercent: field(10, "double"),
  gateState: field(11, "uint32"),
  /** 1: accepted pulses follow, 2: rejected ones. */
  spectrumSelectionMask: field(12, "uint32"),
  subRegionStartIndex: field(13, "uint32"),
  subRegionEndIndex: field(14, "uint32"),
  refreshRate: field(15, "uint32"),
  /** Channels of each spectrum that follows the header. */
  plotLen: repeated(16, "uint32"),
  channelId: field(17, "int32"),
  /** See `histogramTriggers`. */
  trigger: field(20, "int32"),
} satisfies Shape;
export type HistogramHeader = Message<typeof histogramHeader>;

/** Why a histogram was sent. */
export const histogramTriggers = { refresh: 0, gate: 1, spatial: 2, complete: 3 } as const;

/** What is asked, and what is answered: the number of the type, and the fields. */
export const messages = {
  successResponse: { type: 1, fields: success },
  ping: { type: 2, fields: { verbose: field(1, "bool") } },
  getParam: {
    type: 3,
    fields: { key: field(1, "string"), channelId: field(2, "int32"), chanKeys: repeated(3, keyValue) },
  },
  getParamResponse: {
    type: 4,
    fields: { success: field(1, success), results: repeated(2, keyValue), channelId: field(3, "int32") },
  },
  setParam: {
    type: 5,
    fields: { param: field(1, keyValue), channelId: field(2, "int32"), params: repeated(3, keyValue) },
  },
  startHistogram: { type: 8, fields: { reserved: field(1, "uint32"), channelId: field(11, "int32") } },
  /** Its payload is not this message alone: see histogram.ts. */
  histogramData: { type: 11, fields: histogramHeader },
  stopDataAcquisition: { type: 14, fields: { channelId: field(1, "int32"), skip: field(2, "bool") } },
  clearHistogram: { type: 23, fields: ofChannel },
  paramUpdated: { type: 26, fields: { params: repeated(1, keyValue), channelId: field(2, "int32") } },
  asynchronousError: { type: 32, fields: { success: field(1, success) } },
  monitorChannels: { type: 33, fields: { channelId: repeated(1, "int32") } },
  triggerHistogram: { type: 43, fields: {} },
} as const satisfies Readonly<Record<string, { readonly type: number; readonly fields: Shape }>>;
export type MessageName = keyof typeof messages;
export type MessageOf<N extends MessageName> = Message<(typeof messages)[N]["fields"]>;

/** Types an instrument sends by itself, at any time. */
export const unasked: ReadonlySet<number> = new Set([
  messages.histogramData.type,
  messages.paramUpdated.type,
  messages.asynchronousError.type,
  12, // list mode data
  13, // oscilloscope data
  17, // progress of a calibration
  30, // a software update is complete
]);

/** Of `errorCode`. */
export const errorCodes: Readonly<Record<number, string>> = {
  10000: "out of memory",
  10001: "not implemented",
  10002: "not found",
  10003: "bad parameters",
  10005: "out of resources",
  10007: "read failed",
  10008: "write failed",
  10009: "command failed",
  10011: "timeout",
  10013: "not authorized",
  10014: "device error",
  10015: "invalid request",
  10016: "histogram ended, the instrument was switched to gated mode",
};
export const NOT_FOUND = 10002;
