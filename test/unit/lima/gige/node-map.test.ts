// SPDX-License-Identifier: MIT
import { describe, expect, test } from "vitest";
import { parseXml } from "../../../../servers/lima/gige/genicam/element.ts";
import { NodeMap } from "../../../../servers/lima/gige/genicam/node-map.ts";

const register = (kind: string, name: string, address: string, rest = "", length = 4) =>
  `<${kind} Name="${name}"><Address>${address}</Address><Length>${length}</Length><pPort>Device</pPort>${rest}</${kind}>`;
const big = "<Endianess>BigEndian</Endianess>";

/** Registers of 256 bytes behind a description. */
function camera(nodes: string) {
  const bytes = new Uint8Array(256);
  const view = new DataView(bytes.buffer);
  const xml = `<?xml version="1.0"?><RegisterDescription>${nodes}<Port Name="Device"/></RegisterDescription>`;
  const features = new NodeMap(parseXml(xml), {
    read: async (address, length) => {
      if (address + length > 256) throw new Error(`nothing at ${address}`);
      return bytes.slice(address, address + length);
    },
    write: async (address, data) => void bytes.set(data, address),
  });
  return { features, bytes, view };
}

describe("features", () => {
  test("integers in registers of either order, signed, of eight bytes, in some bits", async () => {
    const { features, view } = camera(
      register("IntReg", "Big", "0", big) +
        register("IntReg", "Little", "0x4") +
        register("IntReg", "Signed", "8", `${big}<Sign>Signed</Sign>`, 2) +
        register("IntReg", "Long", "16", big, 8) +
        register("MaskedIntReg", "Low", "24", `${big}<LSB>31</LSB><MSB>16</MSB>`) +
        register("MaskedIntReg", "Bit", "24", `${big}<Bit>0</Bit>`) +
        register("MaskedIntReg", "Nibble", "28", "<LSB>4</LSB><MSB>7</MSB><Sign>Signed</Sign>"),
    );
    view.setUint32(0, 0xdeadbeef);
    view.setUint32(4, 7, true);
    view.setInt16(8, -2);
    view.setBigUint64(16, 2n ** 40n);
    view.setUint32(24, 0x8000_1234);
    view.setUint32(28, 0xf1, true);
    for (const [name, value] of Object.entries({
      Big: 0xdeadbeef,
      Little: 7,
      Signed: -2,
      Long: 2 ** 40,
      Low: 0x1234,
      Bit: 1,
      Nibble: -1,
    }))
      expect([name, await features.read(name)]).toEqual([name, value]);
    await features.write("Low", 0xffff);
    await features.write("Nibble", -8);
    await features.write("Signed", "-3");
    expect(view.getUint32(24)).toBe(0x8000_ffff);
    expect(view.getUint32(28, true)).toBe(0x81);
    expect(view.getInt16(8)).toBe(-3);
    await expect(features.write("Low", 0x10000)).rejects.toThrow("Feature Low: 65536 does not fit into 16 bits");
    await expect(features.write("Nibble", 8)).rejects.toThrow("8 does not fit into 4 signed bits");
  });

  test("numbers have limits and steps, which may depend on others", async () => {
    const { features, view } = camera(
      `<Integer Name="Width"><pValue>W</pValue><Min>4</Min><pMax>Sensor</pMax><Inc>4</Inc></Integer>` +
        `<Float Name="Gain"><pValue>G</pValue><Min>0</Min><Max>24</Max></Float>` +
        register("IntReg", "W", "0", big) +
        register("IntReg", "Sensor", "4", `${big}<AccessMode>RO</AccessMode>`) +
        register("FloatReg", "G", "8", big),
    );
    view.setUint32(4, 640);
    await features.write("Width", 320);
    expect(view.getUint32(0)).toBe(320);
    await features.write("Gain", 1.5);
    expect(view.getFloat32(8)).toBe(1.5);
    expect(await features.range("Width")).toEqual({ min: 4, max: 640 });
    for (const [name, value, why] of [
      ["Width", 644, "Feature Width: 644 is outside 4 to 640"],
      ["Width", 321, "321 is no multiple of 4 above 4"],
      ["Width", 3.5, "3.5 is no whole number"],
      ["Width", "wide", '"wide" is no number'],
      ["Gain", 25, "25 is outside 0 to 24"],
      ["Gain", Number.NaN, "NaN is no number"],
      ["Sensor", 1, "it can only be read"],
      ["Height", 1, "The camera has no feature Height"],
    ] as const)
      await expect(features.write(name, value)).rejects.toThrow(why);
  });

  test("enumerations, booleans, texts, commands", async () => {
    const { features, bytes, view } = camera(
      `<Enumeration Name="Mode"><EnumEntry Name="Off"><Value>0</Value></EnumEntry><EnumEntry Name="On"><Value>0x10</Value></EnumEntry>` +
        `<EnumEntry Name="Never"><pIsImplemented>Zero</pIsImplemented><Value>3</Value></EnumEntry><pValue>M</pValue></Enumeration>` +
        `<Integer Name="Zero"><Value>0</Value></Integer>` +
        `<Boolean Name="Flip"><pValue>M</pValue><OnValue>16</OnValue><OffValue>0</OffValue></Boolean>` +
        `<Command Name="Go"><pValue>C</pValue><CommandValue>7</CommandValue></Command>` +
        register("IntReg", "M", "0", big) +
        register("IntReg", "C", "4", `${big}<AccessMode>WO</AccessMode>`) +
        register("StringReg", "User", "8", "", 8),
    );
    expect(await features.read("Mode")).toBe("Off");
    await features.write("Mode", "On");
    expect([await features.read("Mode"), await features.read("Flip"), view.getUint32(0)]).toEqual(["On", true, 16]);
    await features.write("Flip", false);
    expect(await features.read("Mode")).toBe("Off");
    expect(await features.entries("Mode")).toEqual(["Off", "On"]);
    view.setUint32(0, 9);
    expect(await features.read("Mode")).toBe("9");
    await features.execute("Go");
    expect(view.getUint32(4)).toBe(7);
    await features.write("User", "hutch 1");
    expect(Buffer.from(bytes.subarray(8, 16)).toString("latin1")).toBe("hutch 1\0");
    expect(await features.read("User")).toBe("hutch 1");
    await expect(features.write("Mode", "Maybe")).rejects.toThrow('Feature Mode: "Maybe" is none of Off, On, Never');
    await expect(features.execute("Mode")).rejects.toThrow("Feature Mode is no command but a Enumeration");
    await expect(features.read("C")).rejects.toThrow("it can only be written");
    await expect(features.write("User", "a hutch far away")).rejects.toThrow("16 bytes of text, 8 fit");
  });

  test("converters, formulas, constants, chosen registers, structures, groups", async () => {
    const { features, view } = camera(
      `<Group Comment="all"><Float Name="Exposure"><pValue>Conv</pValue></Float>` +
        `<Converter Name="Conv"><FormulaTo>FROM * TICKS</FormulaTo><FormulaFrom>TO / TICKS</FormulaFrom>` +
        `<Constant Name="TICKS">10</Constant><pValue>Raw</pValue></Converter></Group>` +
        register("IntReg", "Raw", "0", big) +
        `<IntSwissKnife Name="Half"><pVariable Name="X">Raw</pVariable><pVariable Name="Y">Raw</pVariable><Expression Name="H">Y / 2</Expression><Formula>H + 0 * X</Formula></IntSwissKnife>` +
        `<Integer Name="Which"><Value>0</Value><Min>0</Min><Max>1</Max></Integer>` +
        register("IntReg", "Chosen", "16", `${big}<pIndex Offset="0x10">Which</pIndex>`) +
        register(
          "IntReg",
          "Computed",
          "0",
          `${big}<IntSwissKnife><pVariable Name="W">Which</pVariable><Formula>64 + 4 * W</Formula></IntSwissKnife>`,
        ) +
        `<StructReg><Address>80</Address><Length>4</Length>${big}<StructEntry Name="Top"><LSB>15</LSB><MSB>0</MSB></StructEntry></StructReg>` +
        `<Integer Name="Both"><pValue>Raw</pValue><pValueCopy>Chosen</pValueCopy></Integer>`,
    );
    await features.write("Exposure", 2.04);
    expect([view.getUint32(0), await features.read("Exposure")]).toEqual([20, 2]);
    view.setUint32(0, 21);
    expect(await features.read("Half")).toBe(10);
    await features.write("Which", 1);
    await features.write("Chosen", 5);
    await features.write("Computed", 6);
    await features.write("Top", 0xabcd);
    expect([view.getUint32(32), view.getUint32(68), view.getUint32(80)]).toEqual([5, 6, 0xabcd0000]);
    await features.write("Both", 3);
    expect([view.getUint32(0), view.getUint32(32)]).toEqual([3, 3]);
    await expect(features.write("Half", 1)).rejects.toThrow("it is computed, not set");
  });

  test("locked and unavailable features say so", async () => {
    const { features, view } = camera(
      `<Integer Name="Width"><pIsLocked>Lock</pIsLocked><pValue>W</pValue></Integer>` +
        `<Integer Name="Delay"><pIsAvailable>Lock</pIsAvailable><pValue>W</pValue></Integer>` +
        register("IntReg", "W", "0", big) +
        register("IntReg", "Lock", "4", big),
    );
    await expect(features.write("Delay", 1)).rejects.toThrow("Feature Delay: it is not available now");
    view.setUint32(4, 1);
    await expect(features.write("Width", 1)).rejects.toThrow("Feature Width: it is locked now");
  });

  test("the list of features follows the categories, each once", () => {
    const { features } = camera(
      `<Category Name="Root"><pFeature>Image</pFeature><pFeature>Image</pFeature><pFeature>Root</pFeature><pFeature>Absent</pFeature></Category>` +
        `<Category Name="Image"><pFeature>Width</pFeature></Category><Integer Name="Width"><Value>1</Value></Integer>`,
    );
    expect(features.features()).toEqual(["Width"]);
  });

  test("descriptions that go in circles, have nothing, or are none", async () => {
    const { features } = camera(
      `<Integer Name="A"><pValue>B</pValue></Integer><Integer Name="B"><pValue>A</pValue></Integer><Integer Name="C"/>` +
        register("IntReg", "Huge", "0", "", 1e6) +
        register("MaskedIntReg", "Bits", "0", "<LSB>40</LSB><MSB>41</MSB>") +
        register("IntReg", "Out", "0x1000", big),
    );
    await expect(features.read("A")).rejects.toThrow("round in circles");
    await expect(features.write("A", 1)).rejects.toThrow("round in circles");
    await expect(features.read("C")).rejects.toThrow("a Integer without a value");
    await expect(features.read("Huge")).rejects.toThrow("a register of 1000000 bytes");
    await expect(features.read("Bits")).rejects.toThrow("bits 40 to 41 in 4 bytes");
    await expect(features.read("Out")).rejects.toThrow("Feature Out: nothing at 4096");
    expect(() => parseXml("<a><b></a>")).toThrow("The XML is broken");
    expect(() => parseXml("")).toThrow();
    expect(() => parseXml("<a>".repeat(100))).toThrow("nested deeper than 64");
    const nothing = { read: async () => new Uint8Array(4), write: async () => {} };
    expect(() => new NodeMap(parseXml("<html/>"), nothing)).toThrow("begins with <html>, not <RegisterDescription>");
  });
});
