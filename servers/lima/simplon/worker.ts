// SPDX-License-Identifier: MIT
// A thread that decompresses frames of a detector's stream into memory it shares with the server.
import { answering } from "../threads/answering.ts";
import { readMessage, type StreamFormat } from "./messages.ts";

export interface DecodingQuestion {
  readonly format: StreamFormat;
  readonly parts: readonly Uint8Array[];
}

answering(({ format, parts }: DecodingQuestion) => readMessage(format, parts));
