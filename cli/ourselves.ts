// SPDX-License-Identifier: MIT
// Scripts of users, wherever they are, import "bandoneon/scanning" and the others: they are given this very package.
import { registerHooks } from "node:module";

/** For every import from now on. */
export function resolveOurselves(): void {
  const inCheckout = import.meta.url.endsWith(".ts");
  registerHooks({
    resolve(specifier, context, next) {
      if (!specifier.startsWith("bandoneon/")) return next(specifier, context);
      const conditions = inCheckout ? [...context.conditions, "source"] : context.conditions;
      return next(specifier, { ...context, conditions, parentURL: import.meta.url });
    },
  });
}
