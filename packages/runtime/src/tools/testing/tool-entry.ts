// Entries of tools for the tests of this folder.

import type { ToolEntry, ToolGrant } from "@lumen/core/program";

const NO_GRANT: ToolGrant = { domains: null, paths: null, timeoutMs: null, maxima: [], fixed: [] };

/** The entry of a tool with this id; its alias is the last part of it. */
export function toolNamed(
  id: string,
  grant: Partial<ToolGrant> = {},
  more: Partial<ToolEntry> = {},
): ToolEntry {
  const alias = id.split(".").at(-1) ?? id;
  const none = { version: null, provider: null, mcp: null, result: null, retry: null };
  return { ref: `main#${alias}`, alias, id, ...none, grant: { ...NO_GRANT, ...grant }, ...more };
}
