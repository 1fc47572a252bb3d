// SPDX-License-Identifier: MIT
// Settings of the C++ server's machinery (its allocators, its shared memory, its traces). They are kept so that
// configurations written for it apply; nothing here depends on them.
import { keptChoice } from "./choices.ts";
import { atLeast, kept } from "./fields.ts";
import type { Lima, LimaMembers } from "./lima.ts";
import { bufferParameters, durationPolicies, sizePolicies } from "./properties.ts";

/** What the properties say of the three kinds of buffers. */
const buffersOf = ({ device: { properties } }: Lima) => ({
  acc: bufferParameters("AccBufferParameters", properties.AccBufferParameters),
  alloc: bufferParameters("BufferAllocParameters", properties.BufferAllocParameters),
  zbuffer: bufferParameters("SavingZBufferParameters", properties.SavingZBufferParameters),
});

export const keptChoices = (lima: Lima) => {
  const { acc, alloc, zbuffer } = buffersOf(lima);
  return {
    acc_buffer_duration_policy: keptChoice(durationPolicies, acc.durationPolicy),
    acc_buffer_size_policy: keptChoice(sizePolicies, acc.sizePolicy),
    buffer_alloc_duration_policy: keptChoice(durationPolicies, alloc.durationPolicy),
    buffer_alloc_size_policy: keptChoice(sizePolicies, alloc.sizePolicy),
    saving_zbuffer_duration_policy: keptChoice(durationPolicies, zbuffer.durationPolicy),
    saving_zbuffer_size_policy: keptChoice(sizePolicies, zbuffer.sizePolicy),
  };
};

const modules = [
  "None", "Common", "Hardware", "HardwareSerial", "Control", "Espia", "EspiaSerial", "Focla", "Camera", "CameraCom", "Test",
  "Application",
]; // biome-ignore format: a list
const kinds = ["Fatal", "Error", "Warning", "Trace", "Funct", "Param", "Return", "Always"];

export const keptMembers = (lima: Lima) => {
  const { acc, alloc, zbuffer } = buffersOf(lima);
  const { server, properties } = lima.device;
  return {
    acc_hw_nb_buffers: kept<number>(64, atLeast("acc_hw_nb_buffers", 16)),
    acc_saturated_cblevel: kept(-1),
    acc_buffer_init_mem: kept(acc.initMem),
    acc_buffer_req_mem_size_percent: kept(acc.reqMemSizePercent),
    buffer_alloc_init_mem: kept(alloc.initMem),
    buffer_alloc_req_mem_size_percent: kept(alloc.reqMemSizePercent),
    saving_zbuffer_init_mem: kept(zbuffer.initMem),
    saving_zbuffer_req_mem_size_percent: kept(zbuffer.reqMemSizePercent),
    buffer_malloc_trim_pad: kept(properties.BufferMallocTrimPad),
    shared_memory_names: kept(["LimaCCds", server.split("/").at(-1) ?? ""]),
    shared_memory_active: kept(false),
    debug_modules_possible: () => modules,
    debug_modules: kept<string[]>([]),
    debug_types_possible: () => kinds,
    debug_types: kept<string[]>([]),
  } satisfies LimaMembers;
};
