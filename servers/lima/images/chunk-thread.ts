// SPDX-License-Identifier: MIT
// The thread that unpacks images of HDF5 files.
import { answering } from "../threads/answering.ts";
import { unpackImage } from "./chunk.ts";

answering(unpackImage);
