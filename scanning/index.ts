// SPDX-License-Identifier: MIT
// The door of the scan engine: `bandoneon/scanning`.
export { type Centre, cen } from "./analysis/cen.ts";
export { type Fit, fitCurve, type Shape, shapes } from "./analysis/fit.ts";
export { com, type Extreme, peak, trough } from "./analysis/peaks.ts";
export { type ChainSetting, countersOf } from "./chain/build.ts";
export { fullnameOf as counterFullname } from "./chain/calc.ts";
export type { ChainContext } from "./chain/live.ts";
export { moveTogether } from "./chain/move.ts";
export type { ChannelPlan, Fire, LiveNode, NodeContext, NodePlan } from "./chain/node.ts";
export type { ScanContext, ScanSaving } from "./context.ts";
export { ameshct, anscanct, ascanct, type ContinuousOptions, continuous, dscanct, lookupscanct } from "./continuous.ts";
export type { Screen } from "./display/screen.ts";
export { showScan } from "./display/show.ts";
export * from "./errors.ts";
export type * from "./events.ts";
export { type MemorySink, memorySink, type RecordedScan } from "./memory-sink.ts";
export type { ScanOptions, ScanPlan } from "./plan.ts";
export { type BasicParameters, type BasicPolicy, basicPolicy } from "./policy/basic.ts";
export { type EsrfOptions, type EsrfPolicy, esrfPolicy } from "./policy/esrf.ts";
export type { SavingPolicy } from "./policy/policy.ts";
export type { ChainPreset, IterationPreset, Preset, PresetScan } from "./presets.ts";
export * from "./protocols.ts";
export { type Row, type ScanResult, ScanRun, type ScanState, type StartOptions, type Watchdog } from "./run.ts";
export { Scan, type StepOptions, step } from "./scan.ts";
export { type SequenceOptions, type SequenceRunner, type SequenceScope, sequence } from "./sequence.ts";
export { type MeasurementGroup, matches as counterMatches, measurementGroup } from "./session/groups.ts";
export type { ScanMetadata } from "./session/metadata.ts";
export {
  isAxis,
  isContainer,
  isCounter,
  isGate,
  Session,
  type SessionObject,
  type SessionOptions,
} from "./session/session.ts";
export { fileSettings, memorySettings, type Settings } from "./session/settings.ts";
export { softAxis, softCounters } from "./soft.ts";
export { type Kinematics, pseudoAxes } from "./soft-pseudo.ts";
export { type SpooledSink, type SpoolOptions, spooled } from "./spool/spooled.ts";
export * from "./standard.ts";
export { usages } from "./standard-table.ts";
export type { SweepOptions } from "./sweeps.ts";
export { sinksTogether } from "./together.ts";
export { grid, line, list, shifted, type Trajectory, together } from "./trajectory.ts";
export { Desk } from "./verbs/desk.ts";
export { type Beamline, beamline, type Verbs } from "./verbs/verbs.ts";
