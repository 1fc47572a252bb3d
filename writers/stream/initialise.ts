// SPDX-License-Identifier: MIT
// Making an empty database ready, as blissdata's DataStore(init_db=True) does, and telling whether one is.
import { createHash } from "node:crypto";
import { type Answer, type CallOptions, type CommandLine, type Connection, StoreError } from "./connection.ts";
import { identityFields, keys, protocolVersion } from "./scan-document.ts";

const tag = (path: string, name: string) => [path, "AS", name, "TAG", "SEPARATOR", "|"];
const schemaArguments = [
  ...["ON", "JSON", "PREFIX", "1", "esrf:scan:", "SCHEMA"],
  ...tag("$.pk", "pk"),
  ...tag("$.id.pk", "id_pk"),
  ...identityFields.flatMap((field) =>
    field === "number" ? ["$.id.number", "AS", "id_number", "NUMERIC"] : tag(`$.id.${field}`, `id_${field}`),
  ),
  ...tag("$.state_stream.pk", "state_stream_pk"),
];

/** In Lua: ends a stream by the last possible entry, with the number of points before it. Ours does what theirs does. */
const functions = `#!lua name=mylib
local SEAL = '18446744073709551615-18446744073709551615'
redis.register_function('seal_stream', function(keys)
  local last = redis.call('XREVRANGE', keys[1], '+', '-', 'COUNT', 1)[1]
  local points = 0
  if last then
    if last[1] == SEAL then
      return redis.error_reply('ERR ' .. keys[1] .. ' is already sealed.')
    end
    points = tonumber(string.match(last[1], '^%d+')) + 1
    for at = 1, #last[2], 2 do
      if last[2][at] == 'len' then
        points = points - 1 + tonumber(last[2][at + 1])
      end
    end
  end
  redis.call('XADD', keys[1], SEAL, 'id', points)
  return points
end)`;

/** Makes an empty database ready. @throws StoreError when it is not empty or cannot hold a data stream */
export async function initialiseDatabase(connection: Connection, options: CallOptions = {}): Promise<void> {
  const count = await connection.call(["DBSIZE"], options);
  if (count !== 0)
    throw new StoreError(
      `${connection.url} holds ${count} keys and is not a data stream: use an empty database, or another one`,
    );
  const modules = moduleNames(await connection.call(["MODULE", "LIST"], options));
  for (const module of ["ReJSON", "search"])
    if (!modules.includes(module))
      throw new StoreError(
        `${connection.url} has no module ${module}: use Redis Stack 7.4, Redis 8, or \`bandoneon store\``,
      );
  await connection.call(["FT.CREATE", keys.index, ...schemaArguments], options);
  const schema = schemaArguments.join(" ");
  const hash = createHash("sha1").update(schema).digest("hex");
  await connection.call(["SET", `${keys.index}:hash`, hash], options);
  await connection.call(["SET", `${keys.index}:schema`, schema], options);
  await raisePrefixLimit(connection, options);
  await connection.call(["FUNCTION", "LOAD", "REPLACE", functions], options);
  await connection.call(["SET", keys.protocol, protocolVersion], options);
}

/** Searches with a wildcard would silently leave out what is beyond this many terms. */
async function raisePrefixLimit(connection: Connection, options: CallOptions): Promise<void> {
  const redis8: CommandLine = ["CONFIG", "SET", "search-max-prefix-expansions", 2000];
  try {
    await connection.call(redis8, options);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    await connection.call(["FT.CONFIG", "SET", "MAXPREFIXEXPANSIONS", 2000], options);
  }
}

/** Whether the database is ready. @throws StoreError when it is of another version */
export async function isInitialised(connection: Connection, options: CallOptions = {}): Promise<boolean> {
  const version = await connection.call(["GET", keys.protocol], options);
  if (version === null) return false;
  if (String(version) !== String(protocolVersion))
    throw new StoreError(`${connection.url} is of blissdata protocol ${version}, known is ${protocolVersion}`);
  return true;
}

const moduleNames = (answer: Answer): string[] =>
  (Array.isArray(answer) ? answer : []).map((module: Answer) => {
    const words = Array.isArray(module) ? module.map(String) : [];
    return words[words.indexOf("name") + 1] ?? "";
  });
