// SPDX-License-Identifier: MIT
// The camera device of GigE Vision cameras. Properties and attributes are those of LIMA's Basler plugin, and what every
// GigE Vision camera has beside them.
import {
  DevBoolean, DevDouble, DevFloat, DevLong, DevString, DevVarDoubleArray, DevVarStringArray, DevVoid,
} from "../../tango/idl/tango-types.ts"; // biome-ignore format: a list
import { command, defineInterface, property, readable, writable } from "../../tango/interface.ts";

const members = {
  properties: {
    camera_id: property(
      DevString,
      "",
      'ip://<address>, sn://<serial number> or uname://<user name>; "": uname://<server instance>',
    ),
    packet_size: property(
      DevLong,
      8000,
      "bytes of a stream packet with its headers; 1500 where the network has no larger ones",
    ),
    inter_packet_delay: property(DevLong, 0, "ticks of the camera's clock"),
    frame_transmission_delay: property(DevLong, 0, "ticks of the camera's clock"),
    blank_image_for_missed: property(
      DevBoolean,
      false,
      "a lost image is given with zeros in all pixels; else it ends the acquisition in Fault",
    ),
    trigger_line: property(DevString, "", 'input of external triggers; "": Line1, or the first there is'),
    pixel_size: property(DevVarDoubleArray, Float64Array.of(5e-6, 5e-6), "m: x, y; cameras do not tell it"),
  },
  attributes: {
    statistics_total_buffer_count: readable(DevLong, { description: "images, lost ones too, since Init" }),
    statistics_failed_buffer_count: readable(DevLong, { description: "lost images since Init" }),
    statistics_resend_count: readable(DevLong, { description: "packets asked for again in this acquisition" }),
    test_image_selector: writable(DevString, { description: "the camera's test pattern; OFF: the sensor" }),
    output1_line_source: writable(DevString, { description: "what the output line shows" }),
    user_output_line1: writable(DevBoolean, { description: "the output line when its source is the user" }),
    temperature: readable(DevFloat, { unit: "degC" }),
    frame_rate: readable(DevDouble, { unit: "Hz", description: "that the camera reaches with its settings" }),
    gain: writable(DevDouble, { description: "dB, or the camera's own steps" }),
    pixel_format: writable(DevString),
  },
  commands: {
    getFeatureList: command(DevVoid, DevVarStringArray, {
      outputDescription: "names of the camera's GenICam features",
    }),
    getFeature: command(DevString, DevString, {
      inputDescription: "name of a feature",
      outputDescription: "its value",
    }),
    setFeature: command(DevVarStringArray, DevVoid, {
      inputDescription: "name of a feature, and its value unless it is a command",
    }),
    getAttrStringValueList: command(DevString, DevVarStringArray),
  },
} as const;

export const gige = defineInterface({
  name: "GigE",
  description: "A GigE Vision camera of any maker, by its own GenICam description",
  ...members,
});

/** The same under the name that Basler cameras have in databases. */
export const basler = defineInterface({ name: "Basler", description: "A Basler GigE camera", ...members });
