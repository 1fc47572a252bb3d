// SPDX-License-Identifier: MIT
// An XML document as a tree of elements.
import { SaxesParser } from "saxes";

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  /** Without the spaces around it. */
  readonly text: string;
}

interface Growing {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Growing[];
  text: string;
}

/** Deeper nesting is refused: descriptions of cameras have five levels. */
const deepest = 64;

/** @throws Error with line and column of what is no XML. */
export function parseXml(text: string): Element {
  const parser = new SaxesParser();
  const root: Growing = { name: "", attributes: new Map(), children: [], text: "" };
  const open: Growing[] = [root];
  const top = () => open.at(-1) as Growing;
  parser.on("error", (error) => {
    throw new Error(`The XML is broken: ${error.message}`);
  });
  parser.on("opentag", ({ name, attributes }) => {
    if (open.length > deepest) throw new Error(`The XML is nested deeper than ${deepest} elements`);
    const element = { name, attributes: new Map(Object.entries(attributes)), children: [], text: "" };
    top().children.push(element);
    open.push(element);
  });
  const addText = (part: string) => void (top().text += part);
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => {
    const closed = open.pop() as Growing;
    closed.text = closed.text.trim();
  });
  // Some cameras pad the document with zeros.
  parser.write(text.replace(/\0+$/, "")).close();
  const [document] = root.children;
  if (!document) throw new Error("The XML has no element");
  return document;
}

/** The first child of a name. */
export const childOf = (element: Element, name: string): Element | undefined =>
  element.children.find((child) => child.name === name);
export const textOf = (element: Element, name: string): string | undefined => childOf(element, name)?.text;
export const childrenOf = (element: Element, name: string): readonly Element[] =>
  element.children.filter((child) => child.name === name);
