// SPDX-License-Identifier: MIT
// A device made of nothing but the wire: its commands echo their argument. For tests of the GIOP server alone.
import type { Answer, ObjectAdapter, Request } from "../../tango/giop/index.ts";
import { systemException, UserException } from "../../tango/giop/index.ts";
import type { OperationArgs, OperationName, OperationResult } from "../../tango/idl/index.ts";
import { DEV_FAILED_ID, DevFailed, isA, operationNamed, operations, readArgs, toUnion } from "../../tango/idl/index.ts";

type Served = {
  readonly [Name in OperationName]?: (
    ...args: OperationArgs<Name>
  ) => OperationResult<Name> | Promise<OperationResult<Name>>;
};

const info = {
  dev_class: "Echo",
  server_id: "Echo/test",
  server_host: "localhost",
  server_version: 6,
  doc_url: "Doc URL = none",
};
const failed = (desc: string) =>
  new UserException(DEV_FAILED_ID, (writer) =>
    DevFailed.write(writer, { errors: [{ reason: "Echo_Failed", severity: "ERR", desc, origin: "echo" }] }),
  );
/** Names of commands are their types: "In_Out". */
const commandInfo = (cmd_name: string, in_type: number) => ({
  cmd_name,
  level: "OPERATOR" as const,
  cmd_tag: 0,
  in_type,
  out_type: in_type,
  in_type_desc: "",
  out_type_desc: "",
});

/** `size`: elements of the image attribute every name reads as. */
const device = (size: number): Served => ({
  _get_name: () => "a/b/c",
  _get_adm_name: () => "dserver/echo/test",
  _get_status: () => "ready",
  _get_state: () => "ON",
  ping: () => undefined,
  info: () => info,
  info_3: () => ({ ...info, dev_type: "Echo" }),
  info_6: () => ({ ...info, dev_type: "Echo", version_info: [] }),
  command_query_2: (name) => commandInfo(name, Number(name.replace(/\D/g, ""))),
  command_inout_4: (name, argin) => {
    if (name === "Fail") throw failed("caf\u00e9 \u2192 failed");
    return name === "Slow" ? new Promise((resolve) => setTimeout(() => resolve(argin), 300)) : argin;
  },
  read_attributes_5: (names) =>
    names.map((name) => ({
      value: toUnion(5, new Float64Array(size).fill(1.5)),
      quality: "ATTR_VALID",
      data_format: size > 1 ? "SPECTRUM" : "SCALAR",
      data_type: 5,
      time: { tv_sec: 1, tv_usec: 2, tv_nsec: 3 },
      name,
      r_dim: { dim_x: size, dim_y: 0 },
      w_dim: { dim_x: 0, dim_y: 0 },
      err_list: [],
    })),
});

/** Serves it under the key "a/b/c", or under any. */
export function echoAdapter({ size = 1, anyKey = false, onRequest = (_: Request) => {} } = {}): ObjectAdapter {
  const served = device(size) as Readonly<Record<string, ((...args: unknown[]) => unknown) | undefined>>;
  const exists = (key: Uint8Array) => anyKey || Buffer.from(key).toString("latin1") === "a/b/c";
  const answer =
    (name: OperationName, value: unknown): Answer =>
    (writer) =>
      (operations[name].result.write as (w: typeof writer, v: unknown) => void)(writer, value);
  return {
    exists,
    dispatch: (request) => {
      onRequest(request);
      if (!exists(request.key)) throw systemException("OBJECT_NOT_EXIST_NoMatch");
      if (request.operation === "_is_a") {
        const yes = isA(6, request.args.string());
        return (writer) => writer.boolean(yes);
      }
      const serve = served[request.operation];
      if (!operationNamed(request.operation) || !serve)
        throw systemException("BAD_OPERATION_UnRecognisedOperationName");
      const name = request.operation as OperationName;
      const result = serve(...readArgs(request.args, name));
      return result instanceof Promise ? result.then((value) => answer(name, value)) : answer(name, result);
    },
  };
}
