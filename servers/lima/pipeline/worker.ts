// SPDX-License-Identifier: MIT
// A processing thread: frames in memory it shares with the server, one after the other.
import { answering } from "../threads/answering.ts";
import { work } from "./work.ts";

answering(work);
