// SPDX-License-Identifier: MIT
// The REST interface of a Dectris detector control unit (SIMPLON API).

export type SimplonValue = string | number | boolean | readonly unknown[];
export type Subsystem = "detector" | "stream" | "filewriter" | "monitor";

export interface SimplonOptions {
  readonly host: string;
  /** Default 80. */
  readonly port?: number;
  /** Default 1.8.0. */
  readonly version?: string;
}
interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds, default 10 s; 0: as long as it takes. */
  readonly timeout?: number;
}

export class Simplon {
  readonly #options: Required<SimplonOptions>;

  constructor(options: SimplonOptions) {
    this.#options = { port: 80, version: "1.8.0", ...options };
  }

  /** The value of a key, e.g. `config/count_time`. @throws Error naming the URL and what the detector said. */
  async read(subsystem: Subsystem, key: string, options?: CallOptions): Promise<SimplonValue> {
    const answer = await this.#call("GET", subsystem, key, undefined, options);
    if (typeof answer === "object" && answer !== null && "value" in answer) return answer.value as SimplonValue;
    throw new Error(`${this.#url(subsystem, key)} answered without a value`);
  }

  /** The words a key may be; none when the detector does not say. */
  async choices(key: string, options?: CallOptions): Promise<readonly string[]> {
    const answer = await this.#call("GET", "detector", key, undefined, options);
    const { allowed_values: allowed } = answer as { readonly allowed_values?: unknown };
    return Array.isArray(allowed) ? allowed.map(String) : [];
  }

  /** Of a number, with its limits where the detector tells them. */
  async range(key: string, options?: CallOptions): Promise<{ readonly min?: number; readonly max?: number }> {
    const answer = (await this.#call("GET", "detector", key, undefined, options)) as Readonly<Record<string, unknown>>;
    const { min, max } = answer;
    return { ...(typeof min === "number" && { min }), ...(typeof max === "number" && { max }) };
  }

  async write(subsystem: Subsystem, key: string, value: SimplonValue, options?: CallOptions): Promise<void> {
    await this.#call("PUT", subsystem, key, { value }, options);
  }

  /** `arm` gives the number of the series. */
  async command(name: string, options?: CallOptions): Promise<number | undefined> {
    const answer = await this.#call("PUT", "detector", `command/${name}`, undefined, options);
    const id = (answer as Readonly<Record<string, unknown>> | undefined)?.["sequence id"];
    return typeof id === "number" ? id : undefined;
  }

  /** Names of the files on the control unit. */
  async files(options?: CallOptions): Promise<readonly string[]> {
    const answer = await this.#call("GET", "filewriter", "files", undefined, options);
    const names = typeof answer === "object" && answer !== null && "value" in answer ? answer.value : answer;
    return Array.isArray(names) ? names.map(String) : [];
  }
  /** The content of one. @throws Error naming it and what was answered. */
  async download(name: string): Promise<ReadableStream<Uint8Array>> {
    const url = this.#fileUrl(name);
    const response = await fetch(url);
    if (!response.ok || !response.body) throw new Error(`GET ${url}: ${response.status} ${response.statusText}`);
    return response.body;
  }
  async remove(name: string): Promise<void> {
    const url = this.#fileUrl(name);
    const response = await fetch(url, { method: "DELETE" });
    if (!response.ok) throw new Error(`DELETE ${url}: ${response.status} ${response.statusText}`);
  }
  /** Deletes all of them. */
  async clearFiles(): Promise<void> {
    await this.#call("PUT", "filewriter", "command/clear", undefined);
  }

  #fileUrl(name: string): string {
    const { host, port } = this.#options;
    return `http://${host}:${port}/data/${encodeURIComponent(name)}`;
  }
  #url(subsystem: Subsystem, key: string): string {
    const { host, port, version } = this.#options;
    return `http://${host}:${port}/${subsystem}/api/${version}/${key}`;
  }

  async #call(method: string, subsystem: Subsystem, key: string, body: object | undefined, options: CallOptions = {}) {
    const url = this.#url(subsystem, key);
    const { signal, timeout = 10_000 } = options;
    const limits = [...(signal ? [signal] : []), ...(timeout > 0 ? [AbortSignal.timeout(timeout)] : [])];
    const request = { method, signal: AbortSignal.any(limits), ...(body && json(body)) };
    let response: Response;
    try {
      response = await fetch(url, request);
    } catch (error) {
      if (signal?.aborted) throw error;
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error);
      throw new Error(`${method} ${url}: no answer: ${cause.message}`, { cause: error });
    }
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text.slice(0, 200)}`);
    if (text === "") return undefined;
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new Error(`${method} ${url}: the answer is no JSON: ${text.slice(0, 80)}`);
    }
  }
}

const json = (body: object) => ({ body: JSON.stringify(body), headers: { "content-type": "application/json" } });
