// SPDX-License-Identifier: MIT
// All verbs of a session: what a person types in the shell, and what scripts are given.
import type { Screen } from "../display/screen.ts";
import type { Session, SessionObject } from "../session/session.ts";
import { type AlignVerbs, alignVerbs } from "./align.ts";
import { type AlignmentVerbs, alignmentVerbs } from "./alignment.ts";
import { type DataVerbs, dataVerbs } from "./data.ts";
import { Desk } from "./desk.ts";
import { type HklVerbs, hklVerbs } from "./hkl.ts";
import { type MonitoringVerbs, monitoringVerbs } from "./monitoring.ts";
import { type MoveVerbs, moveVerbs } from "./moves.ts";
import { type NoteVerbs, noteVerbs } from "./notes.ts";
import { type PlotVerbs, plotVerbs } from "./plots.ts";
import { type PositionVerbs, positionVerbs } from "./positions.ts";
import { type ScanVerbs, scanVerbs } from "./scans.ts";

export type Verbs = ScanVerbs &
  MoveVerbs &
  PositionVerbs &
  AlignmentVerbs &
  PlotVerbs &
  DataVerbs &
  MonitoringVerbs &
  NoteVerbs &
  HklVerbs &
  AlignVerbs;

/** What a script's `run` function is given: every verb, the session, its objects by name. */
export type Beamline = Verbs & {
  readonly session: Session;
  readonly objects: Readonly<Record<string, SessionObject>>;
  readonly desk: Desk;
};

/** `screen` shows tables and positions: `process.stdout`. */
export function beamline(session: Session, screen: Screen): Beamline {
  const desk = new Desk(session, screen);
  const moves = moveVerbs(desk);
  const alignment = alignmentVerbs(desk, moves);
  return {
    ...scanVerbs(desk),
    ...moves,
    ...positionVerbs(desk),
    ...alignment,
    ...alignVerbs(desk, alignment),
    ...plotVerbs(desk),
    ...dataVerbs(desk),
    ...monitoringVerbs(desk),
    ...noteVerbs(desk),
    ...hklVerbs(desk),
    session,
    desk,
    get objects() {
      return Object.fromEntries(session.objects);
    },
  };
}
