// The builtin `eval` (language 16.1). Who can compile is passed in: a runtime cannot.

import type { Result } from "@lumen/core/result";
import type { Value } from "@lumen/core/value";
import { answer, failed, type ProviderTable, textArgument } from "./provider.ts";

/** The value of an expression, which has a JSON form, or in one line why there is none. */
export type ExpressionEvaluator = (expression: string) => Result<Value, string>;

/** `eval`. */
export function evalProviders(evaluate: ExpressionEvaluator): ProviderTable {
  return {
    "external.eval": (args) => {
      const found = evaluate(textArgument(args, 0));
      return found.ok ? answer(found.value) : failed("eval", found.error, "E_TRAP_OTHER");
    },
  };
}
