// Snapshots of values (language 16.10): what `assert_snapshot` compares with.

import { answer, type ProviderTable, textArgument } from "./provider.ts";

/** Compares a value's text with what is kept under a name: null, or why the assertion fails. */
export type SnapshotComparison = (name: string, text: string) => string | null;

/** `assert_snapshot`; null outside of tests, where nothing is kept. */
export function snapshotProviders(compare: SnapshotComparison | null): ProviderTable {
  return {
    "trace.assert_snapshot": (args) => {
      const why =
        compare === null
          ? "snapshots are compared by `lumen test`"
          : compare(textArgument(args, 0), textArgument(args, 1));
      if (why === null) return answer(null);
      const message = `runtime error: assert_snapshot failed: ${why}`;
      return { ok: false, code: "E_TRAP_ASSERT", message };
    },
  };
}
