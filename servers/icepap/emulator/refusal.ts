// SPDX-License-Identifier: MIT
/** What an emulated controller does not do, in its own words. */
export class Refusal extends Error {}
