// SPDX-License-Identifier: MIT
// Every operation of the six Tango interfaces: what the black box says of it, and what it does.
import { DevFailed, devFailed, MultiDevFailed } from "../../errors.ts";
import type { DevSource, OperationArgs, OperationName, OperationResult } from "../../idl/index.ts";
import { oldConfig1, oldConfig2, oldConfig3 } from "../attribute/old-configs.ts";
import { type Sample, toValue1, toValue3, toValue4, toValue5 } from "../attribute/sample.ts";
import { type Written, writtenAny, writtenUnion } from "../attribute/written.ts";
import { andThen, attempt, mapInTurn } from "../awaitable.ts";
import { oldInfo } from "../command.ts";
import type { ServedDevice } from "../device/device.ts";
import { devErrors } from "../failure.ts";
import {
  attributeHistory2,
  attributeHistory3,
  attributeHistory5,
  commandHistory2,
  commandHistory4,
} from "../polling/history.ts";
import type { Awaitable } from "../types.ts";
import { commandOf, executeCommand } from "./commands.ts";
import { attributeConfigs, pipeConfigs, pipeNotFound, setAttributeConfigs, setPipeConfigs } from "./configs.ts";
import type { OperationContext } from "./context.ts";
import { attributeRecords, commandRecords } from "./histories.ts";
import { information } from "./information.ts";
import { readAttributes, readDevice } from "./read.ts";
import { writeAttributes } from "./write.ts";

type Implementation<Name extends OperationName> = {
  /** For the black box; undefined: not recorded. */
  readonly note: ((args: OperationArgs<Name>) => string) | undefined;
  readonly run: (context: OperationContext, args: OperationArgs<Name>) => Awaitable<OperationResult<Name>>;
};

const sources: Readonly<Record<DevSource, string>> = { DEV: "device ", CACHE: "cache ", CACHE_DEV: "cache_device " };
const list = (names: readonly string[]) => `(${names.join(", ")}) `;
const namesOf = (values: readonly { readonly name: string }[]) => values.map(({ name }) => name);

// ---- reading

const read = <T>(
  { device, call }: OperationContext,
  names: readonly string[],
  source: DevSource,
  form: (sample: Sample) => T,
) => andThen(readAttributes(device, names, source, call), (samples) => samples.map((sample) => formed(sample, form)));

/** A value that is not of the attribute's type fails for that attribute alone. */
function formed<T>(sample: Sample, form: (sample: Sample) => T): T {
  if (sample.errors) return form(sample);
  try {
    return form(sample);
  } catch (error) {
    const { name, type, format, time } = sample;
    return form({ name, type, format, time, quality: "ATTR_INVALID", errors: devErrors(error, name) });
  }
}

/** The first two interfaces have no place for the failure of one attribute, nor a type for State. */
function readStrictly(context: OperationContext, names: readonly string[], source: DevSource) {
  const standard = names.find((name) => /^stat(e|us)$/i.test(name));
  if (standard !== undefined) {
    const problem = `Attribute ${standard} of this device cannot be read by a client of the first two Tango interfaces`;
    throw devFailed("API_NotSupportedFeature", problem, "Device_2Impl::read_attributes");
  }
  return read(context, names, source, (sample) => {
    if (sample.errors) throw new DevFailed(sample.errors);
    return toValue1(sample);
  });
}

const historyOf = (device: ServedDevice, name: string, count: number) =>
  andThen(attributeRecords(device, name, count), ({ attribute, records }) => {
    const { definition, type } = attribute;
    return attributeHistory5(records, { name: attribute.name, format: definition.format, type });
  });

// ---- writing

function write(context: OperationContext, values: readonly Written[]): Awaitable<undefined> {
  const { device, call } = context;
  const execute = () => writeAttributes(device, values, call);
  const waits = values.every(({ name }) => device.attribute(name)?.definition.options.waits);
  return andThen(waits ? execute() : device.turns.run(execute), () => undefined);
}

/** The first interface answers with the first failure alone. */
function writeFirst(context: OperationContext, values: readonly Written[]): Awaitable<undefined> {
  return attempt(
    () => write(context, values),
    () => undefined,
    (error) => {
      throw error instanceof MultiDevFailed ? new DevFailed(error.errors[0]?.err_list ?? []) : error;
    },
  );
}

/** Writes, then reads, in one turn. */
function writeRead<T>(
  context: OperationContext,
  values: readonly Written[],
  names: readonly string[],
  form: (sample: Sample) => T,
) {
  const { device, call } = context;
  return device.turns.run(() =>
    andThen(writeAttributes(device, values, call), () => {
      const known = names.flatMap((name) => device.attribute(name) ?? []);
      if (known.length === names.length)
        return andThen(readDevice(device, known, call), (samples) => samples.map((sample) => formed(sample, form)));
      return mapInTurn(names, (name) => {
        const attribute = device.attribute(name);
        return attribute
          ? andThen(attribute.read(call), (sample) => formed(sample, form))
          : form(unknownSample(context, name));
      });
    }),
  );
}

const unknownSample = ({ device }: OperationContext, name: string): Sample => ({
  name,
  type: undefined,
  format: "FMT_UNKNOWN",
  quality: "ATTR_INVALID",
  time: device.now(),
  errors: devFailed("API_AttrNotFound", `${name} attribute not found`, "MultiAttribute::get_attr_by_name").errors,
});

type Value4 = OperationArgs<"write_attributes_4">[0][number];
const written4 = (values: readonly Value4[]) =>
  values.map(({ name, value, w_dim }) => writtenUnion(name, value, w_dim));

// ---- commands

function execute(
  context: OperationContext,
  name: string,
  argument: OperationArgs<"command_inout">[1],
  source: DevSource,
) {
  const { device } = context;
  device.lock.checkCommand(name, context.identity, device.class.allowedCommands, "Device_Impl::command_inout4");
  return executeCommand(device, name, argument, source, context.call);
}

const infos = ({ device }: OperationContext) =>
  [...device.commands.values()]
    .map(({ info }) => info)
    .sort((one, other) => (one.cmd_name.toLowerCase() < other.cmd_name.toLowerCase() ? -1 : 1));

const pipeOf = ({ device }: OperationContext, name: string) => {
  const pipe = device.pipes.get(name.toLowerCase());
  if (!pipe) throw pipeNotFound(name);
  return pipe;
};

/** Runs in the device's turn, locked by nobody else, and gives nothing. */
const inTurnUnlocked = (
  context: OperationContext,
  origin: string,
  run: () => Awaitable<void>,
): Awaitable<undefined> => {
  context.checkLock(origin);
  return andThen(context.device.turns.run(run), () => undefined);
};

const operation = (name: string) => () => `Operation ${name} `;
const attribute = (name: string) => () => `Attribute ${name} `;

// biome-ignore format: a table
export const implementations: { readonly [Name in OperationName]: Implementation<Name> } = {
  _get_name: { note: attribute("name"), run: ({ device }) => device.name },
  _get_description: { note: attribute("description"), run: ({ device }) => device.definition.description ?? "A Tango device" },
  _get_state: { note: attribute("state"), run: ({ device, call }) => device.turns.run(() => device.condition.currentState(call)) },
  _get_status: { note: attribute("status"), run: ({ device, call }) => device.turns.run(() => device.condition.currentStatus(call)) },
  _get_adm_name: { note: attribute("adm_name"), run: ({ device }) => device.server.adminName },
  ping: { note: operation("ping"), run: () => undefined },
  black_box: {
    // Recorded after its answer: the call itself is in the next one.
    note: undefined,
    run: async ({ device, origin }, [count]) => {
      const lines = await device.blackBox.read(count, device.server.hostNames);
      device.blackBox.add(device.now(), "Operation blackbox ", origin.peer);
      return lines;
    },
  },

  info: { note: operation("info"), run: ({ device }) => information(device) },
  info_3: { note: operation("info_3"), run: ({ device }) => information(device) },
  info_6: { note: operation("info_6"), run: ({ device }) => information(device) },

  command_list_query: { note: operation("command_list_query"), run: (context) => infos(context).map(oldInfo) },
  command_list_query_2: { note: operation("command_list_query_2"), run: (context) => infos(context) },
  command_query: { note: operation("command_query"), run: ({ device }, [name]) => oldInfo(commandOf(device, name, "Device_Impl::command_query").info) },
  command_query_2: { note: operation("command_query_2"), run: ({ device }, [name]) => commandOf(device, name, "Device_2Impl::command_query_2").info },
  command_inout: { note: ([name]) => `Operation command_inout (cmd = ${name}) from device `, run: (context, [name, argument]) => execute(context, name, argument, "DEV") },
  command_inout_2: { note: ([name, , source]) => `Operation command_inout_2 (cmd = ${name}) from ${sources[source]}`, run: (context, [name, argument, source]) => execute(context, name, argument, source) },
  command_inout_4: { note: ([name, , source]) => `Operation command_inout_4 (cmd = ${name}) from ${sources[source]}`, run: (context, [name, argument, source]) => execute(context, name, argument, source) },
  command_inout_history_2: {
    note: operation("command_inout_history_2"),
    run: ({ device }, [name, count]) => {
      const { command, records } = commandRecords(device, name, count);
      return commandHistory2(records, command.definition.output.code);
    },
  },
  command_inout_history_4: {
    note: operation("command_inout_history_4"),
    run: ({ device }, [name, count]) => {
      const { command, records } = commandRecords(device, name, count);
      return commandHistory4(records, command.definition.output.code);
    },
  },

  read_attributes: { note: ([names]) => `Operation read_attributes ${list(names)}from device `, run: (context, [names]) => readStrictly(context, names, "DEV") },
  read_attributes_2: { note: ([names, source]) => `Operation read_attributes_2 ${list(names)}from ${sources[source]}`, run: (context, [names, source]) => readStrictly(context, names, source) },
  read_attributes_3: { note: ([names, source]) => `Operation read_attributes_3 ${list(names)}from ${sources[source]}`, run: (context, [names, source]) => read(context, names, source, toValue3) },
  read_attributes_4: { note: ([names, source]) => `Operation read_attributes_4 ${list(names)}from ${sources[source]}`, run: (context, [names, source]) => read(context, names, source, toValue4) },
  read_attributes_5: { note: ([names, source]) => `Operation read_attributes_5 ${list(names)}from ${sources[source]}`, run: (context, [names, source]) => read(context, names, source, toValue5) },
  read_attribute_history_2: { note: operation("read_attribute_history_2"), run: ({ device }, [name, count]) => andThen(attributeRecords(device, name, count), ({ records }) => attributeHistory2(records)) },
  read_attribute_history_3: { note: operation("read_attribute_history_3"), run: ({ device }, [name, count]) => andThen(attributeRecords(device, name, count), ({ records }) => attributeHistory3(records)) },
  read_attribute_history_4: {
    note: operation("read_attribute_history_4"),
    run: ({ device }, [name, count]) => andThen(historyOf(device, name, count), ({ data_format: _, data_type: __, ...history }) => history),
  },
  read_attribute_history_5: { note: operation("read_attribute_history_5"), run: ({ device }, [name, count]) => historyOf(device, name, count) },

  write_attributes: { note: ([values]) => `Operation write_attributes ${list(namesOf(values))}`, run: (context, [values]) => { context.checkLock("write_attributes"); return writeFirst(context, values.map(writtenAny)); } },
  write_attributes_3: { note: ([values]) => `Operation write_attributes_3 ${list(namesOf(values))}`, run: (context, [values]) => { context.checkLock("write_attributes_3"); return write(context, values.map(writtenAny)); } },
  write_attributes_4: { note: ([values]) => `Operation write_attributes_4 ${list(namesOf(values))}`, run: (context, [values]) => { context.checkLock("write_attributes_4"); return write(context, written4(values)); } },
  write_read_attributes_4: {
    note: ([values]) => `Operation write_read_attributes_4 ${list(namesOf(values))}`,
    run: (context, [values]) => { context.checkLock("write_read_attributes_4"); return writeRead(context, written4(values), namesOf(values), toValue4); },
  },
  write_read_attributes_5: {
    note: ([values, names]) => `Operation write_read_attributes_5 (${namesOf(values).join(", ")}/${names.join(", ")}) `,
    run: (context, [values, names]) => { context.checkLock("write_read_attributes_5"); return writeRead(context, written4(values), names, toValue5); },
  },

  get_attribute_config: { note: operation("get_attribute_config"), run: ({ device }, [names]) => attributeConfigs(device, names).map(oldConfig1) },
  get_attribute_config_2: { note: operation("get_attribute_config_2"), run: ({ device }, [names]) => attributeConfigs(device, names).map(oldConfig2) },
  get_attribute_config_3: { note: operation("get_attribute_config_3"), run: ({ device }, [names]) => attributeConfigs(device, names).map(oldConfig3) },
  get_attribute_config_5: { note: operation("get_attribute_config_5"), run: ({ device }, [names]) => attributeConfigs(device, names) },
  set_attribute_config: { note: operation("set_attribute_config"), run: (context, [configs]) => inTurnUnlocked(context, "set_attribute_config", () => setAttributeConfigs(context.device, configs)) },
  set_attribute_config_3: { note: operation("set_attribute_config_3"), run: (context, [configs]) => inTurnUnlocked(context, "set_attribute_config_3", () => setAttributeConfigs(context.device, configs)) },
  set_attribute_config_4: { note: operation("set_attribute_config_4"), run: (context, [configs]) => inTurnUnlocked(context, "set_attribute_config_4", () => setAttributeConfigs(context.device, configs)) },
  set_attribute_config_5: { note: operation("set_attribute_config_5"), run: (context, [configs]) => inTurnUnlocked(context, "set_attribute_config_5", () => setAttributeConfigs(context.device, configs)) },

  get_pipe_config_5: { note: operation("get_pipe_config_5"), run: ({ device }, [names]) => pipeConfigs(device, names) },
  set_pipe_config_5: { note: operation("set_pipe_config_5"), run: (context, [configs]) => inTurnUnlocked(context, "set_pipe_config_5", () => setPipeConfigs(context.device, configs)) },
  read_pipe_5: { note: ([name]) => `Operation read_pipe_5 (${name}) `, run: (context, [name]) => context.device.turns.run(() => pipeOf(context, name).read(context.call)) },
  write_pipe_5: { note: ([value]) => `Operation write_pipe_5 (${value.name}) `, run: (context, [value]) => inTurnUnlocked(context, "write_pipe_5", () => pipeOf(context, value.name).write(value, context.call)) },
  write_read_pipe_5: {
    note: ([value]) => `Operation write_read_pipe_5 (${value.name}) `,
    run: (context, [value]) => {
      context.checkLock("write_read_pipe_5");
      const pipe = pipeOf(context, value.name);
      return context.device.turns.run(() => andThen(pipe.write(value, context.call), () => pipe.read(context.call)));
    },
  },
};
