// SPDX-License-Identifier: MIT
import {
  type Blob,
  command,
  DevDouble,
  type Device,
  devFailed,
  deviceClass,
  invalid,
  readable,
  readablePipe,
} from "../../../tango/index.ts";
import { keepEveryType } from "./every-type.ts";
import { oneOfEverything } from "./interface.ts";

type Everything = Device<typeof oneOfEverything>;

const refusal = (reason = "MyReason") => devFailed(reason, "my description", "my origin");

const firstBlob: Blob = {
  name: "root",
  elements: [
    { name: "a", value: { type: "DevDouble", value: 1.5 } },
    { name: "b", value: { type: "DevVarStringArray", value: ["x", "y"] } },
    { name: "c", value: { name: "inner", elements: [{ name: "d", value: { type: "DevLong", value: 7 } }] } },
  ],
};

/** An attribute, or what stands before the colon: `command:x`, `pipe:x`. */
function attach(device: Everything, name: string): Disposable {
  const [kind, member = kind] = name.split(":") as [string, string?];
  if (kind === "command") return device.attach(member, command(DevDouble, DevDouble), (value) => 2 * value);
  if (kind === "pipe") return device.attach(member, readablePipe({ label: "Late" }), { read: () => firstBlob });
  return device.attach(member, readable(DevDouble), () => 4.5);
}

const wait = (seconds: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** The ways of telling listeners something, by the word PushOther is given. */
const pushes = (device: Everything, count: () => number): Readonly<Record<string, () => void>> => ({
  archive: () => device.pushArchive("pushed", count()),
  user: () => device.pushUser("pushed", count()),
  data_ready: () => device.pushDataReady("pushed", count()),
  error: () => device.pushError("pushed", refusal()),
  unit: () => device.configure("limited", { unit: "km" }),
  pipe: () => device.pushPipe("aPipe", firstBlob),
});

export const OneOfEverything = deviceClass(oneOfEverything, (device) => {
  let alarmed = 0;
  let alarmedList: readonly number[] = [1, 2];
  let [limited, followed, kept, shown, turning, count, calls] = [0, 0, 0, 0, 0, 0, 0];
  let blob = firstBlob;
  const list = new Float64Array(2); // the same memory at every read and push
  const writes: string[] = [];
  const attached = new Map<string, Disposable>();
  const other = pushes(device, () => count);
  device.status = "All is well";
  device.state = "ON";
  return {
    ...keepEveryType(),
    limited: { read: () => limited, write: (value) => void (limited = value) },
    alarmed: () => alarmed,
    alarmedList: () => alarmedList,
    followed: { read: () => 0, write: (value) => void (followed = value) },
    kept: {
      read: () => kept,
      write: (value) => {
        if (value === 13) throw refusal("Unlucky");
        writes.push(`kept ${value}`);
        kept = value;
      },
    },
    shown: {
      read: () => shown,
      write: (value) => {
        writes.push(`shown ${value}`);
        shown = value;
      },
    },
    setOnly: (value) => void writes.push(`setOnly ${value}`),
    withSet: () => limited + followed / 10,
    failing: () => {
      throw refusal();
    },
    invalid: () => invalid(),
    tooLong: () => [1, 2, 3],
    refused: { read: () => true, allowed: () => device.state !== "ON" },
    counter: () => ++calls,
    pushed: () => count,
    checked: () => 0,
    checkedList: () => list,
    turning: () => {
      if (turning === 99) throw refusal();
      return turning;
    },

    Turn: (value) => void (turning = value),
    Push: (value) => {
      count = value;
      device.push("pushed", value);
    },
    PushMany: (many) => {
      for (let pushed = 0; pushed < many; pushed++) device.push("pushed", ++count);
    },
    PushOther: (kind) => {
      const push = other[kind];
      if (!push) throw devFailed("API_InvalidArgs", `${kind}: one of ${Object.keys(other).join(", ")} expected`);
      push();
    },
    PushChecked: (value) => {
      device.push("checked", value);
      list.fill(value);
      device.push("checkedList", list);
    },
    SetAlarmed: (values) => {
      [alarmed = 0, ...alarmedList] = [...values];
    },
    SetState: (state) => void (device.state = state),
    SetStatus: (status) => void (device.status = status),
    Trigger: (name) => device.triggerPolling(name),
    Count: () => ++calls,
    Writes: () => writes,
    Fail: () => {
      throw refusal();
    },
    Break: () => {
      throw new TypeError("not what was meant");
    },
    Sleep: (seconds, { signal }) => wait(seconds, signal),
    Refused: { execute: () => {}, allowed: () => device.state !== "ON" },
    Attach: (name) => void attached.set(name, attach(device, name)),
    Detach: (name) => attached.get(name)?.[Symbol.dispose](),
    Speak: (text) => {
      device.log.debug(`debug ${text}`);
      device.log.warn(`warn ${text}`);
    },
    aPipe: { read: () => blob, write: (written) => void (blob = written) },
    fixedPipe: { read: () => firstBlob },
  };
});
