// SPDX-License-Identifier: MIT
// The basic policy: one file at a path made of templates, by default `<base_path>/<session>/data.h5`.
import { join } from "node:path";
import { userName } from "../context.ts";
import { dated, fill, numbered, type SavingPolicy } from "./policy.ts";

/** The parameters, by the names users know; any further ones can be used in the templates. */
export interface BasicParameters {
  base_path: string;
  template: string;
  data_filename: string;
  images_path_relative: boolean;
  images_path_template: string;
  images_prefix: string;
  date_format: string;
  scan_number_format: string;
  /** Named in the document: who writes the file. */
  writer: string;
  [further: string]: string | boolean;
}

export interface BasicPolicy extends SavingPolicy {
  /** May be changed at any time; the next scan follows. */
  readonly parameters: BasicParameters;
}

export function basicPolicy(session: string, given: Partial<BasicParameters> = {}): BasicPolicy {
  const parameters: BasicParameters = {
    base_path: join(process.cwd(), "data"),
    template: "{session}/",
    data_filename: "data",
    images_path_relative: true,
    images_path_template: "scan{scan_number}",
    images_prefix: "{img_acq_device}_",
    date_format: "%Y%m%d",
    scan_number_format: "%04d",
    writer: "nexus",
    ...given,
  };
  const words = (scan?: { name: string; number: number }): Record<string, string> => ({
    ...Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, String(value)])),
    session,
    user_name: userName(),
    date: dated(parameters.date_format, new Date()),
    data_policy: "None",
    ...(scan && { scan_name: scan.name, scan_number: numbered(parameters.scan_number_format, scan.number) }),
  });
  const root = (values: Record<string, string>) => join(parameters.base_path, fill(parameters.template, values));
  return {
    name: "None",
    parameters,
    numbering: "", // numbers continue, whatever the path
    saving(scan) {
      const values = words(scan);
      const images = fill(join(parameters.images_path_template, parameters.images_prefix), values);
      return {
        policy: { dataPolicy: "None", session, proposal: null, collection: null, dataset: null },
        filename: scan.save ? join(root(values), `${fill(parameters.data_filename, values)}.h5`) : null,
        imagesPath: parameters.images_path_relative ? join(root(values), images) : images,
        info: writerInfo(session, parameters.writer, "None"),
      };
    },
    describe: () => Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, String(value)])),
  };
}

export const writerInfo = (session: string, writer: string, policy: string): Readonly<Record<string, unknown>> => ({
  session_name: session,
  user_name: userName(),
  data_writer: writer,
  writer_options: { chunk_options: {}, separate_scan_files: null },
  data_policy: policy,
});
