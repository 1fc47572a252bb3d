// SPDX-License-Identifier: MIT
// Pogo's names of types, and what they are called everywhere else.

/** Types of commands and attributes. */
export const pogoTypes: Readonly<Record<string, string>> = {
  VoidType: "DevVoid", BooleanType: "DevBoolean", CharType: "DevUChar", UCharType: "DevUChar", ShortType: "DevShort",
  UShortType: "DevUShort", IntType: "DevLong", UIntType: "DevULong", LongType: "DevLong64", ULongType: "DevULong64",
  FloatType: "DevFloat", DoubleType: "DevDouble", StringType: "DevString", ConstStringType: "DevString", StateType: "DevState",
  EnumType: "DevEnum", EncodedType: "DevEncoded",
  BooleanArrayType: "DevVarBooleanArray", CharArrayType: "DevVarCharArray", ShortArrayType: "DevVarShortArray",
  UShortArrayType: "DevVarUShortArray", IntArrayType: "DevVarLongArray", UIntArrayType: "DevVarULongArray",
  LongArrayType: "DevVarLong64Array", ULongArrayType: "DevVarULong64Array", FloatArrayType: "DevVarFloatArray",
  DoubleArrayType: "DevVarDoubleArray", StringArrayType: "DevVarStringArray", LongStringArrayType: "DevVarLongStringArray",
  DoubleStringArrayType: "DevVarDoubleStringArray",
  // Properties have lists of their own.
  ShortVectorType: "DevVarShortArray", IntVectorType: "DevVarLongArray", LongVectorType: "DevVarLong64Array",
  FloatVectorType: "DevVarFloatArray", DoubleVectorType: "DevVarDoubleArray", StringVectorType: "DevVarStringArray",
}; // biome-ignore format: a table

export const pogoFormats: Readonly<Record<string, "SCALAR" | "SPECTRUM" | "IMAGE">> = {
  Scalar: "SCALAR",
  Spectrum: "SPECTRUM",
  Image: "IMAGE",
};

/** Attribute properties of Pogo that are numbers, and the options they become. */
export const numericOptions: Readonly<Record<string, string>> = {
  minValue: "minValue", maxValue: "maxValue", minAlarm: "minAlarm", maxAlarm: "maxAlarm", minWarning: "minWarning",
  maxWarning: "maxWarning", deltaTime: "deltaTime", deltaValue: "deltaValue",
}; // biome-ignore format: a table
/** Those that are texts. */
export const textOptions: Readonly<Record<string, string>> = {
  standardUnit: "standardUnit", displayUnit: "displayUnit", format: "format",
}; // biome-ignore format: a table
/** Criteria of change and archive events. */
export const changeOptions = { relChange: "relChange", absChange: "absChange", period: "eventPeriod" } as const;
export const archiveOptions = {
  relChange: "archiveRelChange",
  absChange: "archiveAbsChange",
  period: "archivePeriod",
} as const;
