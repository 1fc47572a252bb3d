// SPDX-License-Identifier: MIT

/** domain/family/member at the end of a locator, "#dbase=no" left out. */
const own = /[^/]+\/[^/]+\/[^/#]+(?=#|$)/;

/** The locator of another device where that of `trl` is: in its control system, or its server when there is no database. */
export const sibling = (trl: string, device: string): string => (own.test(trl) ? trl.replace(own, device) : device);

/** domain/family/member of a locator; an alias stays what it is. */
export const deviceOf = (trl: string): string => own.exec(trl)?.[0] ?? trl;
