// SPDX-License-Identifier: MIT
// An attribute's configuration: library, class code, class property and device property, the last of them that says
// something winning; and what a change of it from outside means.
import { type DevFailed, devFailed } from "../../errors.ts";
import type { AttributeConfig_5 } from "../../idl/index.ts";
import type { AttributeDefinition } from "../../interface.ts";
import type { PropertyRows } from "../database/port.ts";
import {
  type ConfigName,
  type ConfigProperty,
  type ConfigTexts,
  configProperties,
  hardFields,
  NOT_SPECIFIED,
} from "./config-table.ts";
import { type Criteria, criteriaOf, parseProperty } from "./criteria.ts";
import type { DataType } from "./data-type-table.ts";
import { changeRows, NEVER, noChange, parseChange } from "./number-text.ts";

/** What the database is to hold of an attribute, and no longer. */
export interface StoredChange {
  readonly put: Readonly<Record<string, readonly string[]>>;
  readonly remove: readonly string[];
}

export interface SettingsSource {
  readonly device: string;
  readonly attribute: string;
  readonly definition: AttributeDefinition;
  readonly type: DataType;
  /** Attribute properties of the class and of the device in the database. */
  readonly classRows: PropertyRows;
  readonly deviceRows: PropertyRows;
  /** Of the class: worked out for its first device. */
  readonly shared?: SharedSettings | undefined;
}

const isEmpty = (rows: PropertyRows): boolean => {
  for (const _ in rows) return false;
  return true;
};

/** What an attribute begins with when the database says nothing of it: the same for all devices of a class. */
export interface InitialSettings {
  readonly attribute: string;
  readonly texts: Record<ConfigName, string>;
  readonly criteria: Criteria;
}
export type SharedSettings = WeakMap<AttributeDefinition, InitialSettings>;

/** The database's value of a property; two-sided ones are stored as two. */
const stored = (rows: PropertyRows, name: string): string | undefined => rows[name]?.join(",");

export class AttributeSettings {
  readonly #source: SettingsSource;
  #device: Record<string, readonly string[]>;
  #texts: Record<ConfigName, string>;
  #criteria: Criteria;
  #labels: readonly string[];
  /** Properties whose text in the database is of no use, with the reason. */
  #wrong: Map<string, string> | undefined;

  constructor(source: SettingsSource) {
    this.#source = source;
    this.#device = { ...source.deviceRows };
    this.#labels = source.deviceRows.enum_labels ?? source.classRows.enum_labels ?? this.#userLabels;
    const { texts, criteria } = this.#initialSettings();
    this.#texts = texts;
    this.#criteria = criteria;
  }

  #initialSettings(): InitialSettings {
    const { attribute, definition, deviceRows, classRows } = this.#source;
    const shared = isEmpty(deviceRows) && isEmpty(classRows) ? this.#source.shared : undefined;
    const known = shared?.get(definition);
    if (known?.attribute === attribute) return known;
    const initial = this.#workedOut();
    if (!this.#wrong) shared?.set(definition, initial);
    return initial;
  }

  #workedOut(): InitialSettings {
    const { attribute, type } = this.#source;
    const texts = Object.fromEntries(
      configProperties.map((property) => [property.name, this.#initial(property)]),
    ) as Record<ConfigName, string>;
    const problem = orderProblem(texts, type);
    if (problem) this.#isWrong(problem, `${this.#where}\n${problem}`);
    return { attribute, texts, criteria: criteriaOf(texts, type) };
  }

  #isWrong(name: string, reason: string): void {
    this.#wrong ??= new Map();
    this.#wrong.set(name, reason);
  }

  get texts(): ConfigTexts {
    return this.#texts;
  }
  get criteria(): Criteria {
    return this.#criteria;
  }
  get enumLabels(): readonly string[] {
    return this.#labels;
  }
  /** The memorised set value, as stored. */
  get memorized(): string | undefined {
    return this.#device.__value?.[0];
  }
  /** Why the attribute cannot be used, or undefined: a property in the database is wrong. */
  get fault(): string | undefined {
    return this.#wrong ? `\n${[...this.#wrong.values()].join("\n")}` : undefined;
  }

  get #userLabels(): readonly string[] {
    return this.#source.definition.options.enumLabels ?? [];
  }
  get #where(): string {
    return `Device ${this.#source.device}-> Attribute : ${this.#source.attribute}`;
  }

  #initial(property: ConfigProperty): string {
    const { deviceRows, classRows } = this.#source;
    const text = stored(deviceRows, property.name) ?? stored(classRows, property.name);
    if (text === undefined || property.settable(this.#source.type) !== "yes") return this.#user(property);
    if (property.kind === "text") return text;
    if (text === NOT_SPECIFIED || text === NEVER) return property.library(this.#source.type, this.#source.attribute);
    const parsed = parseProperty(property, text, this.#source.type);
    if (parsed !== undefined) return parsed;
    this.#isWrong(property.name, this.#wrongFormat(property));
    return property.kind === "bound" ? text : NOT_SPECIFIED;
  }

  #wrongFormat(property: ConfigProperty): string {
    const problem = `${this.#where}\nThe property ${property.name} is defined in an unsupported format`;
    if (property.kind === "bound") return problem;
    return `${problem}\nSetting a valid value (also 'NaN', 'Not specified' and '' - empty string) for any property for this attribute will automatically bring the above-mentioned property to its library defaults\nHint : Check also class level attribute properties`;
  }

  /** The value when neither the class nor the device property says anything. */
  #user(property: ConfigProperty): string {
    const { type, attribute, definition } = this.#source;
    return property.user(definition.options) ?? property.library(type, attribute);
  }

  /** The value when the device property says nothing. */
  #withoutDevice(property: ConfigProperty): string {
    const text = stored(this.#source.classRows, property.name);
    if (text === undefined || property.settable(this.#source.type) !== "yes") return this.#user(property);
    return property.kind === "text" ? text : (parseProperty(property, text, this.#source.type) ?? this.#user(property));
  }

  /** What a text sent by a client stands for: "", "Not specified" and "NaN" ask for one of the defaults. */
  #resolve(property: ConfigProperty, text: string): string {
    if (text === "") return this.#user(property);
    const { type, attribute } = this.#source;
    if (/^not specified$/i.test(text)) return property.library(type, attribute);
    if (/^nan$/i.test(text)) return this.#withoutDevice(property);
    if (property.kind === "text") return text;
    const parsed = parseProperty(property, text, type);
    if (parsed !== undefined) return parsed;
    throw this.#refused(`The property ${property.name} is defined in an unsupported format`);
  }

  #refused(problem: string, reason = "API_AttrOptProp"): DevFailed {
    return devFailed(reason, `${this.#where}\n${problem}`, "Attribute::set_properties()");
  }

  /**
   * Checks a configuration sent by a client and takes it over as a whole, or not at all.
   * @returns what is to be stored.
   * @throws DevFailed naming the device, the attribute and the property.
   */
  change(config: AttributeConfig_5, current: AttributeConfig_5, setValue?: unknown): StoredChange {
    for (const field of hardFields) {
      if (field.of(config) === field.of(current)) continue;
      const problem = `Attribute property ${field.name} is not changeable at run time`;
      throw devFailed("API_AttrNotAllowed", problem, "Attribute::check_hard_coded_properties()");
    }
    const texts: Record<ConfigName, string> = { ...this.#texts };
    for (const property of this.#changeable) {
      const text = property.of(config);
      if (text === this.#texts[property.name] && !this.#wrong?.has(property.name)) continue;
      const settable = property.settable(this.#source.type);
      if (settable === "yes") texts[property.name] = this.#resolve(property, text);
      else if (settable === "refused" && !/^(not specified|nan|)$/i.test(text)) {
        throw this.#refused(`The property ${property.name} is not settable for the attribute data type`);
      }
    }
    const problem = orderProblem(texts, this.#source.type);
    if (problem) throw this.#refused(problem, "API_IncoherentValues");
    const criteria = criteriaOf(texts, this.#source.type);
    this.#checkMemorized(criteria, setValue);
    const labels = this.#newLabels(config.enum_labels);
    return this.#take(texts, criteria, labels);
  }

  /** Of State and Status only the periods can be changed. */
  get #changeable(): readonly ConfigProperty[] {
    return /^stat(e|us)$/i.test(this.#source.attribute)
      ? configProperties.filter(({ name }) => name === "event_period" || name === "archive_period")
      : configProperties;
  }

  #checkMemorized(criteria: Criteria, setValue: unknown): void {
    if (!this.#source.definition.options.memorized || this.memorized === undefined) return;
    if (typeof setValue !== "number" && typeof setValue !== "bigint") return;
    const sides: readonly [string, boolean][] = [
      ["below", criteria.minValue !== undefined && setValue < criteria.minValue],
      ["above", criteria.maxValue !== undefined && setValue > criteria.maxValue],
    ];
    for (const [side, beyond] of sides) {
      if (!beyond) continue;
      throw this.#refused(
        `This attribute is memorized and the memorized value (${this.memorized}) is ${side} the new limit!!`,
      );
    }
  }

  #newLabels(labels: readonly string[]): readonly string[] {
    if (this.#source.type.kind !== "enum" || same(labels, this.#labels)) return this.#labels;
    const { device, attribute } = this.#source;
    const first = labels[0];
    if (first === undefined) {
      const problem = `Device ${device}- Attribute : ${attribute}- No value defined for the property enum_labels`;
      throw devFailed("API_AttrOptProp", problem, "Attribute::set_properties()");
    }
    if (/^(nan|)$/i.test(first)) return this.#source.classRows.enum_labels ?? this.#userLabels;
    if (/^not specified$/i.test(first)) {
      throw this.#refused(
        "No enumeration label(s) default library value for attribute of the Tango::DEV_ENUM data type",
      );
    }
    if (labels.length !== this.#labels.length) {
      const problem = "It's not supported to change enumeration labels number from outside the Tango device class code";
      throw this.#refused(problem, "API_NotSupportedFeature");
    }
    const twin = labels.find((label, index) => labels.indexOf(label) !== index);
    if (twin !== undefined) {
      const problem = `Enumeration for attribute ${attribute} has two similar labels (${twin}, ${twin})`;
      throw devFailed("API_AttrOptProp", problem, "Attribute::build_check_enum_labels()");
    }
    return labels;
  }

  #take(texts: Record<ConfigName, string>, criteria: Criteria, labels: readonly string[]): StoredChange {
    const put: Record<string, readonly string[]> = {};
    const remove: string[] = [];
    const oneDelta = (texts.delta_t === NOT_SPECIFIED) !== (texts.delta_val === NOT_SPECIFIED);
    for (const property of configProperties) {
      // Half a delta is in effect but never stored.
      if (oneDelta && property.name.startsWith("delta")) continue;
      if (property.settable(this.#source.type) !== "yes") continue;
      this.#store(property.name, this.#rows(property, texts[property.name]), put, remove);
    }
    const defaults = this.#source.classRows.enum_labels ?? this.#userLabels;
    this.#store("enum_labels", same(labels, defaults) ? undefined : labels, put, remove);
    this.#texts = texts;
    this.#criteria = criteria;
    this.#labels = labels;
    this.#wrong = undefined;
    return { put, remove };
  }

  /** What the database holds for a value: nothing for the one that would be in effect anyway. */
  #rows(property: ConfigProperty, text: string): readonly string[] | undefined {
    if (text === this.#withoutDevice(property)) return undefined;
    if (property.kind === "change") return changeRows(parseChange(text) ?? noChange);
    return [property.kind === "period" && text === NOT_SPECIFIED ? NEVER : text];
  }

  #store(
    name: string,
    rows: readonly string[] | undefined,
    put: Record<string, readonly string[]>,
    remove: string[],
  ): void {
    const before = this.#device[name];
    if (rows === undefined) {
      if (before === undefined) return;
      remove.push(name);
      delete this.#device[name];
    } else if (!before || !same(before, rows)) {
      put[name] = rows;
      this.#device[name] = rows;
    }
  }

  /** Remembers what was stored as the memorised set value. */
  memorize(text: string): void {
    this.#device.__value = [text];
  }

  /** Sets properties from the device's code: in effect until the next start, never stored. */
  override(texts: Partial<ConfigTexts>): void {
    const merged = { ...this.#texts };
    for (const property of configProperties) {
      const text = texts[property.name];
      if (text !== undefined) merged[property.name] = this.#resolve(property, text);
    }
    const problem = orderProblem(merged, this.#source.type);
    if (problem) throw this.#refused(problem, "API_IncoherentValues");
    this.#texts = merged;
    this.#criteria = criteriaOf(merged, this.#source.type);
  }
}

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((text, index) => text === other[index]);

/** The pairs whose lower must be below its upper. */
const pairs: readonly (readonly [ConfigName, ConfigName])[] = [
  ["min_value", "max_value"],
  ["min_alarm", "max_alarm"],
  ["min_warning", "max_warning"],
];

function orderProblem(texts: ConfigTexts, type: DataType): string | undefined {
  const criteria = criteriaOf(texts, type);
  const bounds = [
    [criteria.minValue, criteria.maxValue],
    [criteria.minAlarm, criteria.maxAlarm],
    [criteria.minWarning, criteria.maxWarning],
  ];
  const index = bounds.findIndex(([low, high]) => low !== undefined && high !== undefined && low >= high);
  const names = pairs[index];
  return names && `Value of ${names[0]} is greater than or equal to ${names[1]}`;
}
