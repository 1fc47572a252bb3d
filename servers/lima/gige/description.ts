// SPDX-License-Identifier: MIT
// Where a device keeps the XML that describes its features, and how it is fetched: from its own memory, plain or zipped.
import { unzipSync } from "fflate";
import type { ControlChannel } from "./control.ts";
import { readText } from "./genicam/bits.ts";
import { registers, textLengths } from "./registers-table.ts";

/** Larger descriptions are refused, packed or not: the largest known have 3 MB. */
const largest = 32 << 20;

export interface FileAddress {
  readonly file: string;
  readonly address: number;
  readonly length: number;
}

/** `Local:camera.zip;10000;3e67`: address and length in hexadecimal. Undefined for a file elsewhere. @throws Error when it is none. */
export function parseUrl(url: string): FileAddress | undefined {
  if (!/^local:/i.test(url)) return undefined;
  const [file = "", address = "", length = ""] = url.slice("local:".length).replace(/\?.*$/, "").split(";");
  const [at, size] = [hexadecimal(address), hexadecimal(length)];
  if (at === undefined || size === undefined || size === 0 || size > largest)
    throw new Error(`the address of its description, "${url}", is not understood`);
  return { file: file.replace(/^\/+/, ""), address: at, length: size };
}

const hexadecimal = (text: string): number | undefined =>
  /^\s*(?:0x)?[0-9a-f]{1,8}\s*$/i.test(text) ? Number.parseInt(text.trim().replace(/^0x/i, ""), 16) : undefined;

/** The XML text. @throws Error naming the device and what is wrong with its description. */
export async function fetchDescription(
  control: ControlChannel,
  call: { readonly signal?: AbortSignal },
): Promise<string> {
  const urls: string[] = [];
  for (const name of ["xmlUrl1", "xmlUrl2"] as const) {
    const url = readText(await control.readMemory(registers[name], textLengths[name], call));
    if (url === "") continue;
    urls.push(url);
    const file = wrapped(control, () => parseUrl(url));
    if (!file) continue;
    const bytes = await control.readMemory(file.address, file.length, call);
    return wrapped(control, () => textIn(file.file, bytes));
  }
  const where = urls.length > 0 ? `only at ${urls.join(" and ")}, which is not fetched` : "nowhere";
  throw new Error(`${control.about} has its description ${where}: only devices that carry it themselves can be used`);
}

function wrapped<T>(control: ControlChannel, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${control.about}: ${(error as Error).message}`);
  }
}

/** @throws Error when a zip file holds no XML. */
export function textIn(file: string, bytes: Uint8Array): string {
  const zipped = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (!zipped) return new TextDecoder().decode(bytes);
  const entries = unzipped(file, bytes);
  const xml = Object.entries(entries).find(([name]) => /\.xml$/i.test(name))?.[1];
  if (!xml) throw new Error(`its description ${file} holds no .xml: ${Object.keys(entries).join(", ") || "nothing"}`);
  return new TextDecoder().decode(xml);
}

function unzipped(file: string, bytes: Uint8Array): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(bytes, { filter: ({ originalSize }) => originalSize <= largest });
  } catch (error) {
    throw new Error(`its description ${file} cannot be unpacked: ${(error as Error).message}`);
  }
}
