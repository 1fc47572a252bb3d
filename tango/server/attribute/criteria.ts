// SPDX-License-Identifier: MIT
// The numbers in an attribute's configuration, ready to compare with.
import { type ConfigName, type ConfigProperty, type ConfigTexts, NOT_SPECIFIED } from "./config-table.ts";
import type { DataType } from "./data-type-table.ts";
import {
  type Change,
  changeText,
  NEVER,
  noChange,
  parseBound,
  parseChange,
  parseNumber,
  printed,
} from "./number-text.ts";

type Bound = number | bigint | undefined;

export interface Criteria {
  readonly minValue: Bound;
  readonly maxValue: Bound;
  readonly minAlarm: Bound;
  readonly maxAlarm: Bound;
  readonly minWarning: Bound;
  readonly maxWarning: Bound;
  /** Read-different-than-set: tolerated difference, and milliseconds after a write before it counts. */
  readonly delta: { readonly value: number | bigint; readonly time: number } | undefined;
  /** Some alarm or warning bound, or delta, is set. */
  readonly alarmed: boolean;
  readonly change: { readonly rel: Change; readonly abs: Change };
  readonly archive: { readonly rel: Change; readonly abs: Change; readonly period: number | undefined };
  /** Milliseconds between periodic events. */
  readonly period: number;
}

/** The text in the form it is shown and kept, or undefined when it is not of the property's form. */
export function parseProperty(property: ConfigProperty, text: string, type: DataType): string | undefined {
  switch (property.kind) {
    case "text":
      return text;
    case "bound":
    case "delta":
      return parseBound(text, type)?.text;
    case "period":
      return parsePeriod(property.name, text);
    case "change": {
      const change = parseChange(text);
      return change && changeText(change);
    }
  }
}

function parsePeriod(name: ConfigName, text: string): string | undefined {
  const number = parseNumber(text);
  if (number === undefined) return undefined;
  if (text === NEVER || (name === "delta_t" && number === 0)) return NOT_SPECIFIED;
  return printed(Math.trunc(number));
}

export function criteriaOf(texts: ConfigTexts, type: DataType): Criteria {
  const bound = (name: ConfigName): Bound => parseBound(texts[name], type)?.value;
  const change = (name: ConfigName): Change =>
    texts[name] === NOT_SPECIFIED ? noChange : (parseChange(texts[name]) ?? noChange);
  const deltaValue = bound("delta_val");
  const deltaTime = parseNumber(texts.delta_t);
  // Bounds on enumerations and encoded values are kept but have no effect.
  const numeric = type.kind === "real" || type.kind === "integer" || type.kind === "wide";
  const alarm = (name: ConfigName): Bound => (numeric ? bound(name) : undefined);
  const alarms = {
    minAlarm: alarm("min_alarm"),
    maxAlarm: alarm("max_alarm"),
    minWarning: alarm("min_warning"),
    maxWarning: alarm("max_warning"),
    delta: deltaValue === undefined || deltaTime === undefined ? undefined : { value: deltaValue, time: deltaTime },
  };
  return {
    minValue: bound("min_value"),
    maxValue: bound("max_value"),
    ...alarms,
    alarmed: Object.values(alarms).some((value) => value !== undefined),
    change: { rel: change("rel_change"), abs: change("abs_change") },
    archive: {
      rel: change("archive_rel_change"),
      abs: change("archive_abs_change"),
      period: parseNumber(texts.archive_period),
    },
    period: parseNumber(texts.event_period) ?? 1000,
  };
}
