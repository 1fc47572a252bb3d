// SPDX-License-Identifier: MIT
// Writing attributes: all that can be, are; what cannot is told by name.
import { MultiDevFailed, type NamedDevError } from "../../errors.ts";
import type { ServedAttribute } from "../attribute/attribute.ts";
import type { Layout } from "../attribute/layout.ts";
import type { Written } from "../attribute/written.ts";
import { andThen, attempt, inTurn } from "../awaitable.ts";
import type { ServedDevice } from "../device/device.ts";
import { memorize } from "../device/memorized.ts";
import { devErrors } from "../failure.ts";
import type { Awaitable, Call } from "../types.ts";
import { attributeNotFound } from "./read.ts";

interface Accepted {
  readonly index: number;
  readonly attribute: ServedAttribute;
  readonly layout: Layout;
}

/** The caller has the device's turn. @throws MultiDevFailed naming every attribute that failed. */
export function writeAttributes(device: ServedDevice, values: readonly Written[], call: Call): Awaitable<void> {
  const failures: NamedDevError[] = [];
  const fail = (index: number, name: string, error: unknown): void => {
    failures.push({ name, index_in_call: index, err_list: devErrors(error, `${device.className}.${name}`) });
  };
  // Every value is checked before anything is written.
  const accepted: Accepted[] = [];
  for (const [index, written] of values.entries()) {
    try {
      const attribute = device.attribute(written.name);
      if (!attribute) throw attributeNotFound(written.name);
      accepted.push({ index, attribute, layout: attribute.accept(written) });
    } catch (error) {
      fail(index, written.name, error);
    }
  }
  const done = inTurn(accepted, ({ index, attribute, layout }) =>
    attempt(
      () => writeOne(device, attribute, layout, call),
      () => undefined,
      (error) => fail(index, attribute.name, error),
    ),
  );
  return andThen(done, () => {
    if (failures.length > 0)
      throw new MultiDevFailed(failures.sort((one, other) => one.index_in_call - other.index_in_call));
  });
}

function writeOne(device: ServedDevice, attribute: ServedAttribute, layout: Layout, call: Call): Awaitable<void> {
  return andThen(attribute.write(layout, call), () => {
    device.condition.trouble(`memorized ${attribute.key}`, undefined);
    return attribute.definition.options.memorized ? memorize(device, attribute) : undefined;
  });
}
