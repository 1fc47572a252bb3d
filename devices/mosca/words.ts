// SPDX-License-Identifier: MIT
// The words of MOSCA's enumerations: their place in the list is their value on the wire.

export const triggerModes = ["UNKNOWN", "FREERUN", "INT_TRIG_READOUT", "GATE", "EXT_TRIG", "EXT_TRIG_READOUT"] as const;
/**
 * What makes a point. FREERUN: one point, from start to stop. INT_TRIG_READOUT: each lasts `acq_realtime`. GATE: the level
 * of the gate. EXT_TRIG: an edge ends a point and begins the next. EXT_TRIG_READOUT: an edge begins one of `acq_realtime`.
 */
export type TriggerMode = (typeof triggerModes)[number];

export const gateModes = ["UNKNOWN", "IGNORE", "HIGH", "LOW"] as const;
export type GateMode = (typeof gateModes)[number];

export const discardModes = ["NONE", "FIRST"] as const;
export type DiscardMode = (typeof discardModes)[number];

export const statuses = ["UNKNOWN", "UNINITIALIZED", "INITIALIZING", "READY", "PREPARED", "RUNNING", "FAULT"] as const;
export type Status = (typeof statuses)[number];

/** The Tango state that shows a status. */
export const stateOf = {
  UNKNOWN: "UNKNOWN",
  UNINITIALIZED: "OFF",
  INITIALIZING: "INIT",
  READY: "ON",
  PREPARED: "STANDBY",
  RUNNING: "RUNNING",
  FAULT: "FAULT",
} as const satisfies Record<Status, string>;
