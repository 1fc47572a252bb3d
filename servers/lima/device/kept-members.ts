// SPDX-License-Identifier: MIT
// Settings of the C++ server's machinery (its allocators, its shared memory, its traces). They are kept so that
// configurations written for it apply; nothing here depends on them.

import { keptChoice } from "./choices.ts";
import { atLeast, kept } from "./fields.ts";
import type { LimaMembers } from "./lima.ts";

const policies = ["EPHEMERAL", "PERSISTENT"] as const;
const sizes = ["AUTOMATIC", "FIXED"] as const;

export const keptChoices = () => ({
  acc_buffer_duration_policy: keptChoice(policies, "EPHEMERAL"),
  acc_buffer_size_policy: keptChoice(sizes, "AUTOMATIC"),
  buffer_alloc_duration_policy: keptChoice(policies, "EPHEMERAL"),
  buffer_alloc_size_policy: keptChoice(sizes, "AUTOMATIC"),
  saving_zbuffer_duration_policy: keptChoice(policies, "EPHEMERAL"),
  saving_zbuffer_size_policy: keptChoice(sizes, "AUTOMATIC"),
});

const modules = [
  "None", "Common", "Hardware", "HardwareSerial", "Control", "Espia", "EspiaSerial", "Focla", "Camera", "CameraCom", "Test",
  "Application",
]; // biome-ignore format: a list
const kinds = ["Fatal", "Error", "Warning", "Trace", "Funct", "Param", "Return", "Always"];

export const keptMembers = (instance: string, trimPad: bigint) =>
  ({
    acc_hw_nb_buffers: kept<number>(64, atLeast("acc_hw_nb_buffers", 16)),
    acc_saturated_cblevel: kept(-1),
    acc_buffer_init_mem: kept(false),
    acc_buffer_req_mem_size_percent: kept(0),
    buffer_alloc_init_mem: kept(true),
    buffer_alloc_req_mem_size_percent: kept(70),
    saving_zbuffer_init_mem: kept(false),
    saving_zbuffer_req_mem_size_percent: kept(0),
    buffer_malloc_trim_pad: kept(trimPad),
    shared_memory_names: kept(["LimaCCds", instance]),
    shared_memory_active: kept(false),
    debug_modules_possible: () => modules,
    debug_modules: kept<string[]>([]),
    debug_types_possible: () => kinds,
    debug_types: kept<string[]>([]),
  }) satisfies LimaMembers;
