// SPDX-License-Identifier: MIT
// An emulated Ocean FX on a TCP port: enough of the Ocean Binary Protocol for this server and for the SeaBreeze library.
import { createServer, type Server, type Socket } from "node:net";
import { EmulatedInstrument, limits, wavelengthCoefficients } from "./emulated-instrument.ts";
import { encodeMessage, flag, type Message, MessageReader } from "./message.ts";
import { AFTER_SPECTRUM, METADATA, messages, SPECTRA_PER_MESSAGE, triggers } from "./message-table.ts";

export interface EmulatorOptions {
  /** Default: a free one. */
  readonly port?: number;
  readonly serial?: string;
  /** Default 2136, as the Ocean FX. */
  readonly pixels?: number;
  readonly seed?: number;
}
export interface OceanEmulator extends AsyncDisposable {
  readonly port: number;
  readonly instrument: EmulatedInstrument;
  /** Cuts every connection, as a pulled cable. */
  cut(): void;
}

export async function startOceanEmulator(options: EmulatorOptions = {}): Promise<OceanEmulator> {
  const { port = 0, serial = "FX-EMULATED", pixels = 2136, seed = 1 } = options;
  const instrument = new EmulatedInstrument({ pixels, seed, now: () => performance.now() });
  const answers = answersOf(instrument, serial);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    serve(socket, answers);
  });
  await listening(server, port);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    instrument,
    cut,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      cut();
      await closed;
    },
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

/** A refusal is the number of the error. */
type Answer = (data: Uint8Array) => Uint8Array | number | Promise<Uint8Array> | undefined;

function serve(socket: Socket, answers: ReadonlyMap<number, Answer>): void {
  const reader = new MessageReader();
  let turn = Promise.resolve();
  socket.on("data", (bytes) => {
    try {
      for (const request of reader.take(bytes)) turn = turn.then(() => answer(socket, request, answers));
    } catch {
      socket.destroy();
    }
  });
}

async function answer(socket: Socket, request: Message, answers: ReadonlyMap<number, Answer>): Promise<void> {
  const said = answers.has(request.type) ? await answers.get(request.type)?.(request.data) : 2;
  const wanted = (request.flags & flag.wanted) !== 0;
  if (said === undefined && !wanted) return;
  const refused = typeof said === "number";
  const flags = flag.response | (refused ? flag.refused : wanted ? flag.acknowledge : 0);
  const data = said instanceof Uint8Array ? said : new Uint8Array();
  if (!socket.destroyed) socket.write(encodeMessage({ ...request, flags, error: refused ? said : 0, data }));
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const numbers = (size: 1 | 2 | 4, ...values: number[]): Uint8Array => {
  const buffer = Buffer.alloc(size * values.length);
  for (const [index, value] of values.entries()) buffer.writeUIntLE(value, size * index, size);
  return buffer;
};
/** The number a request carries, whatever its width. */
const numberIn = (data: Uint8Array): number =>
  data.length >= 1 && data.length <= 6 ? Buffer.from(data).readUIntLE(0, data.length) : Number.NaN;
function within(
  value: number,
  [least, most]: readonly [number, number],
  then: (value: number) => void,
): undefined | 5 | 6 {
  if (Number.isNaN(value)) return 5;
  if (value < least || value > most) return 6;
  then(value);
  return undefined;
}

function answersOf(instrument: EmulatedInstrument, serial: string): ReadonlyMap<number, Answer> {
  const one = (): Promise<Uint8Array> =>
    new Promise((resolve) => setTimeout(() => resolve(instrument.now()), instrument.integration / 1000));
  const countsOnly = async () => (await one()).subarray(METADATA);
  const { pixels } = instrument;
  const ranges = (...bounds: number[]) => numbers(4, ...bounds);
  const table: Partial<Record<keyof typeof messages, Answer>> = {
    serial: () => text(serial),
    serialLength: () => numbers(1, serial.length),
    vendor: () => numbers(2, 0x2457),
    product: () => numbers(2, 0x2001),
    productName: () => text("Ocean FX"),
    pixels: () => numbers(4, pixels),
    activePixels: () => ranges(20, pixels - 1),
    opticalDarkPixels: () => ranges(),
    electricDarkPixels: () => ranges(0, 19),
    wavelengthCoefficients: () => numbers(1, wavelengthCoefficients.length),
    wavelengthCoefficient: (data) => coefficient(numberIn(data)),
    integrationTime: () => numbers(4, instrument.integration),
    integrationTimeLeast: () => numbers(4, limits.integration[0]),
    integrationTimeMost: () => numbers(4, limits.integration[1]),
    integrationTimeStep: () => numbers(4, 1),
    setIntegrationTime: (data) =>
      within(numberIn(data), limits.integration, (us) => void (instrument.integration = us)),
    triggerMode: () => numbers(1, instrument.trigger),
    setTriggerMode: (data) => {
      const mode = numberIn(data);
      if (mode !== 0xff && !Object.values<number>(triggers).includes(mode)) return 6;
      instrument.trigger = mode;
      return undefined;
    },
    scansPerTrigger: () => numbers(4, instrument.scansPerTrigger),
    setScansPerTrigger: (data) =>
      within(numberIn(data), limits.buffer, (scans) => void (instrument.scansPerTrigger = scans)),
    bufferingEnabled: () => numbers(1, instrument.bufferingEnabled ? 1 : 0),
    setBufferingEnabled: (data) =>
      within(numberIn(data), [0, 1], (on) => void (instrument.bufferingEnabled = on === 1)),
    bufferSizeMost: () => numbers(4, limits.buffer[1]),
    bufferSizeLeast: () => numbers(4, limits.buffer[0]),
    bufferSize: () => numbers(4, instrument.bufferSize),
    setBufferSize: (data) => within(numberIn(data), limits.buffer, (size) => void (instrument.bufferSize = size)),
    clearBuffer: () => void instrument.clear(),
    buffered: () => numbers(4, instrument.buffered),
    idle: () => numbers(1, instrument.idle ? 1 : 0),
    fillBuffer: () => (instrument.bufferingEnabled ? void instrument.fill() : 7),
    abort: () => void instrument.abort(),
    pulse: () => void instrument.edge(),
    spectrum: countsOnly,
    rawSpectrum: countsOnly,
    bufferedSpectra: (data) => bufferedSpectra(instrument, numberIn(data), one),
  };
  return new Map(Object.entries(table).map(([word, said]) => [messages[word as keyof typeof messages], said]));
}

function coefficient(index: number): Uint8Array | number {
  const value = wavelengthCoefficients[index];
  if (value === undefined) return 12;
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

/** What is in the ring. Without buffering, or when nothing is and nothing comes, new ones are taken for whoever asks. */
async function bufferedSpectra(
  instrument: EmulatedInstrument,
  wanted: number,
  one: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const most = Math.min(wanted, SPECTRA_PER_MESSAGE);
  const spectra = instrument.bufferingEnabled ? instrument.read(most) : [];
  if (spectra.length === 0 && instrument.trigger === triggers.FREERUN && instrument.idle)
    while (spectra.length < most) spectra.push(await one());
  return Buffer.concat(spectra.flatMap((spectrum) => [spectrum, new Uint8Array(AFTER_SPECTRUM)]));
}
