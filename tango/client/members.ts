// SPDX-License-Identifier: MIT
// What is known of a device's attributes and commands: from its interface, else asked of the device once a connection.
import type { AttributeDefinition, CommandDefinition, InterfaceDefinition } from "../interface.ts";
import { standardAttributes, standardCommands } from "../interface.ts";
import type { WritableAttribute } from "./attribute-writing.ts";
import { invoking } from "./callee.ts";
import type { CallOptions, Live } from "./device-route.ts";
import { dialects } from "./dialect/index.ts";
import { typeNamed } from "./type-names.ts";

/** Names without regard to case, as Tango has them. */
function byLowerName<T>(members: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(Object.entries(members).map(([name, member]) => [name.toLowerCase(), member]));
}

export class Members {
  readonly #attributes: ReadonlyMap<string, AttributeDefinition>;
  readonly #commands: ReadonlyMap<string, CommandDefinition>;
  /** What the device at the other end of `#askedOn` said. */
  readonly #askedAttributes = new Map<string, WritableAttribute>();
  readonly #askedCommands = new Map<string, number>();
  #askedOn: Live | undefined;

  constructor(definition: InterfaceDefinition | undefined) {
    this.#attributes = byLowerName<AttributeDefinition>({ ...definition?.attributes, ...standardAttributes });
    this.#commands = byLowerName<CommandDefinition>({ ...definition?.commands, ...(standardCommands as object) });
  }

  async attribute(live: Live, name: string, options: CallOptions): Promise<WritableAttribute> {
    const key = name.toLowerCase();
    const defined = this.#attributes.get(key);
    if (defined) return { code: defined.type.code, format: defined.format, ...labels(defined.options.enumLabels) };
    this.#renew(live);
    const known = this.#askedAttributes.get(key);
    if (known) return known;
    const [config] = await dialects[live.version].readConfigs(invoking(live, options), [name]);
    const code = typeNamed(config?.type ?? "")?.code ?? 0;
    const asked = { code, format: config?.format ?? "FMT_UNKNOWN", ...labels(config?.enumLabels) } as const;
    this.#askedAttributes.set(key, asked);
    return asked;
  }

  /** The number of a command's input type. */
  async commandInput(live: Live, name: string, options: CallOptions): Promise<number> {
    const key = name.toLowerCase();
    const defined = this.#commands.get(key);
    if (defined) return defined.input.code;
    this.#renew(live);
    const known = this.#askedCommands.get(key);
    if (known !== undefined) return known;
    const { inputCode } = await dialects[live.version].queryCommand(invoking(live, options), name);
    this.#askedCommands.set(key, inputCode);
    return inputCode;
  }

  /** Forgets what was asked, e.g. because the device's interface has changed. */
  forget(): void {
    this.#askedOn = undefined;
    this.#askedAttributes.clear();
    this.#askedCommands.clear();
  }

  /** A device that was connected anew may have another interface. */
  #renew(live: Live): void {
    if (live === this.#askedOn) return;
    this.forget();
    this.#askedOn = live;
  }
}

const labels = (enumLabels: readonly string[] | undefined) => (enumLabels?.length ? { enumLabels } : {});
