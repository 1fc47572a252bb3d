// SPDX-License-Identifier: MIT
import { timingSafeEqual } from "node:crypto";
import { CommandError, ok, type Protocol, type Reply, Status } from "../reply.ts";
import { type Call, type CommandTable, type Connection, integerOf, syntaxError, textOf, upper } from "./command.ts";

/** The Redis whose answers these are like: clients choose their commands by it. */
export const redisVersion = "7.4.1";

function authorise(connection: Connection, user: string, password: string): void {
  if (connection.password === undefined)
    throw new CommandError("ERR AUTH <password> called without any password configured for the default user");
  const [given, wanted] = [Buffer.from(password), Buffer.from(connection.password)];
  if (user !== "default" || given.length !== wanted.length || !timingSafeEqual(given, wanted))
    throw new CommandError("WRONGPASS invalid username-password pair or user is disabled.");
  connection.authorised = true;
}

/** HELLO [protocol [AUTH user password] [SETNAME name]] */
function hello({ args, connection }: Call): Reply {
  let protocol: Protocol = connection.protocol;
  let at = 0;
  if (args.length > 0) {
    const wanted = integerOf(args[at++], "Protocol version");
    if (wanted !== 2 && wanted !== 3) throw new CommandError("NOPROTO unsupported protocol version");
    protocol = wanted;
  }
  while (at < args.length) {
    const option = upper(args[at]);
    if (option === "AUTH" && at + 2 < args.length) {
      authorise(connection, textOf(args[at + 1]!), textOf(args[at + 2]!));
      at += 3;
    } else if (option === "SETNAME" && at + 1 < args.length) {
      connection.name = textOf(args[at + 1]!);
      at += 2;
    } else throw syntaxError();
  }
  if (connection.password !== undefined && !connection.authorised)
    throw new CommandError("NOAUTH HELLO must be called with the client already authenticated");
  connection.protocol = protocol;
  return new Map<string, Reply>([
    ["server", "redis"],
    ["version", redisVersion],
    ["proto", protocol],
    ["id", connection.id],
    ["mode", "standalone"],
    ["role", "master"],
    ["modules", []],
  ]);
}

function client({ args, connection }: Call): Reply {
  switch (upper(args[0])) {
    case "SETNAME":
      connection.name = textOf(args[1] ?? Buffer.alloc(0));
      return ok;
    case "GETNAME":
      return connection.name || null;
    case "ID":
      return connection.id;
    case "INFO":
      return `id=${connection.id} addr=${connection.address} name=${connection.name} resp=${connection.protocol}\n`;
    case "SETINFO":
    case "NO-EVICT":
    case "NO-TOUCH":
      return ok;
    default:
      throw new CommandError(
        `ERR Unknown subcommand or wrong number of arguments for '${textOf(args[0]!)}'. Try CLIENT HELP.`,
      );
  }
}

function quit({ connection }: Call): Reply {
  connection.quit();
  return ok;
}

function reset({ connection }: Call): Reply {
  connection.reset();
  return new Status("RESET");
}

export const connectionCommands: CommandTable = {
  HELLO: { arity: -1, run: hello },
  AUTH: {
    arity: -2,
    run: ({ args, connection }) => {
      const [user, password] = args.length > 1 ? [textOf(args[0]!), args[1]!] : ["default", args[0]!];
      authorise(connection, user, textOf(password));
      return ok;
    },
  },
  PING: { arity: -1, run: ({ args }) => args[0] ?? new Status("PONG") },
  ECHO: { arity: 2, run: ({ args }) => args[0]! },
  SELECT: {
    arity: 2,
    run: ({ args }) => {
      if (textOf(args[0]!) !== "0")
        throw new CommandError("ERR DB index is out of range: this store has database 0 only");
      return ok;
    },
  },
  CLIENT: { arity: -2, run: client },
  QUIT: { arity: -1, run: quit },
  RESET: { arity: 1, run: reset },
};
