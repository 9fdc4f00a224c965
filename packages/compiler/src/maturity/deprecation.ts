// `@deprecated "msg"`: a warning at each use of the item (language 18).

import type { Span } from "@lumen/core/diagnostic";
import type { Attribute } from "@lumen/syntax";
import { type ModuleScope, report } from "../resolve/scope.ts";

/** What `@deprecated` says: its message, empty without one; null where the item has none. */
export function deprecationOf(attributes: readonly Attribute[]): string | null {
  const attribute = attributes.find((a) => a.name.text === "deprecated");
  if (attribute === undefined) return null;
  const value = attribute.args[0]?.value;
  return value?.kind === "string" ? value.value : "";
}

/** Reports the use of an item (E0127) unless it is not deprecated. `what`: `cell 'f'`. */
export function noteUse(
  scope: ModuleScope,
  deprecation: string | null,
  what: string,
  span: Span,
): void {
  if (deprecation === null) return;
  const message =
    deprecation === "" ? `${what} is deprecated` : `${what} is deprecated: ${deprecation}`;
  report(scope, "E0127", span, message, { severity: "warning" });
}
