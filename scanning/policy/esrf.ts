// SPDX-License-Identifier: MIT
// The ESRF policy: proposal / beamline / session / RAW_DATA / collection / dataset, one file a dataset, and master files.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../session/settings.ts";
import { writerInfo } from "./basic.ts";
import { dated, numbered, type SavingPolicy } from "./policy.ts";

export interface EsrfOptions {
  readonly beamline: string;
  /** Mount points by kind of proposal; `{beamline}` is filled in. */
  readonly roots?: Readonly<Record<ProposalKind, string>>;
  /** Version of the directory structure: 3 RAW_DATA, 2 raw, 1 none. */
  readonly structure?: 1 | 2 | 3;
  readonly writer?: string;
  readonly now?: () => Date;
}
export type ProposalKind = "visitor" | "inhouse" | "tmp";

export interface EsrfPolicy extends SavingPolicy {
  readonly proposal: string;
  /** YYYYMMDD. */
  readonly proposalSession: string;
  readonly collection: string;
  readonly dataset: string;
  readonly sample: string;
  /** Folder of the dataset, and its file. */
  readonly path: string;
  readonly file: string;
  /** Default: the beamline's own proposal of the month. The session's name is its date. */
  newproposal(name?: string, sessionName?: string): Promise<void>;
  /** A sample's name is its collection's, unless newcollection says otherwise. */
  newsample(name?: string): Promise<void>;
  newcollection(name?: string, options?: { readonly sample?: string }): Promise<void>;
  /** A number or nothing: the next free number; a name: that name, or with _0002 and so on when it exists. */
  newdataset(name?: string | number): Promise<void>;
  enddataset(): Promise<void>;
  endproposal(): Promise<void>;
}

const defaultRoots = { visitor: "/data/visitor", inhouse: "/data/{beamline}/inhouse", tmp: "/data/{beamline}/tmp" };
const raw = { 1: "", 2: "raw", 3: "RAW_DATA" } as const;

interface Names {
  proposal: string;
  session: string;
  collection: string;
  sample: string;
  dataset: string;
  /** Changes with every newproposal, newcollection and newdataset: each starts scan numbers at 1. */
  serial: number;
}

export async function esrfPolicy(session: string, settings: Settings, options: EsrfOptions): Promise<EsrfPolicy> {
  const { beamline, roots = defaultRoots, structure = 3, writer = "nexus" } = options;
  const now = options.now ?? (() => new Date());
  const inhouse = () => `${beamline}${dated("%y%m", now())}`;
  const month = () => dated("%Y%m01", now());
  const blank = (): Names => ({
    proposal: inhouse(),
    session: month(),
    collection: "sample",
    sample: "sample",
    dataset: "0001",
    serial: 0,
  });
  let names = { ...blank(), ...(settings.get(`${session}:esrf`) as Partial<Names> | undefined) };
  const keep = async (change: Partial<Names>) => {
    names = { ...names, ...change, serial: names.serial + 1 };
    await settings.set(`${session}:esrf`, names);
  };
  const top = () => {
    const root = roots[kindOf(names.proposal, beamline)].replaceAll("{beamline}", beamline);
    return join(root, names.proposal, beamline, names.session, raw[structure]);
  };
  const folder = (dataset = names.dataset) => join(top(), names.collection, `${names.collection}_${dataset}`);
  const exists = (dataset: string) => listed(join(top(), names.collection)).includes(`${names.collection}_${dataset}`);
  const file = () => join(folder(), `${names.collection}_${names.dataset}.h5`);
  const nextNumber = (from: number) => {
    let number = from;
    while (exists(numbered("%04d", number))) number++;
    return numbered("%04d", number);
  };
  if (!settings.get(`${session}:esrf`)) await keep({ dataset: nextNumber(1) });

  // biome-ignore format: getters one a line
  const policy: EsrfPolicy = {
    name: "ESRF",
    get proposal() { return names.proposal; },
    get proposalSession() { return names.session; },
    get collection() { return names.collection; },
    get dataset() { return names.dataset; },
    get sample() { return names.sample; },
    get path() { return folder(); },
    get file() { return file(); },
    get numbering() { return file(); },
    async newproposal(name = inhouse(), sessionName) {
      checkName("proposal", name);
      if (sessionName !== undefined && !/^\d{8}$/.test(sessionName))
        throw new RangeError(`proposal session "${sessionName}" is not a date like 20261124`);
      const kind = kindOf(name, beamline);
      const date = sessionName ?? (kind === "visitor" ? dated("%Y%m%d", now()) : month());
      await keep({ proposal: name, session: date, collection: "sample", sample: "sample" });
      await keep({ dataset: nextNumber(1) });
    },
    async newsample(name = "sample") {
      checkName("sample", name);
      await keep({ collection: name, sample: name });
      await keep({ dataset: nextNumber(1) });
    },
    async newcollection(name = "sample", { sample = names.sample } = {}) {
      checkName("collection", name);
      await keep({ collection: name, sample });
      await keep({ dataset: nextNumber(1) });
    },
    async newdataset(name) {
      if (name === undefined || typeof name === "number" || /^\d+$/.test(name)) {
        await keep({ dataset: nextNumber(Math.max(1, Number(name ?? 1))) });
        return;
      }
      checkName("dataset", name);
      let free = name;
      for (let n = 2; exists(free); n++) free = `${name}_${numbered("%04d", n)}`;
      await keep({ dataset: free });
    },
    async enddataset() {
      await policy.newdataset();
    },
    async endproposal() {
      await policy.newproposal();
    },
    saving: (scan) => ({
      policy: { dataPolicy: "ESRF", session, proposal: names.proposal, collection: names.collection, dataset: names.dataset },
      filename: scan.save ? file() : null,
      imagesPath: join(folder(), numbered("scan%04d", scan.number), "{img_acq_device}_"),
      info: {
        ...writerInfo(session, writer, "ESRF"),
        nexuswriter: {
          masterfiles: {
            dataset_collection: join(top(), names.collection, `${names.proposal}_${names.collection}.h5`),
            proposal: join(top(), `${names.proposal}_${beamline}.h5`),
          },
        },
      },
    }),
    describe: () => ({ ...names, serial: String(names.serial), beamline, filename: file() }),
  };
  return policy;
}

function kindOf(proposal: string, beamline: string): ProposalKind {
  if (/^(tmp|temp|test)/i.test(proposal)) return "tmp";
  const own = beamline.replace(/\W/g, "").toLowerCase();
  return /^(ih|blc)/i.test(proposal) || proposal.toLowerCase().startsWith(own) ? "inhouse" : "visitor";
}

function checkName(what: string, name: string): void {
  if (!/^[\w.-]+$/.test(name))
    throw new RangeError(`${what} "${name}": use letters, digits, _ - and . only, as it becomes a folder`);
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
