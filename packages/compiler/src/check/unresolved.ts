// Names that mean nothing: an error, a warning under `@strict false`, nothing under `@doc_mode`
// (language 18). What is not refused has type Any and faults when it runs.

import type { DiagnosticCode, Span } from "@lumen/core/diagnostic";
import type { HirExpr } from "../hir/hir.ts";
import { isLost, isUnreadBinding, renameFix } from "../resolve/scope.ts";
import { ANY, STRING } from "../types/simple-types.ts";
import { constant, errorExpr } from "./build.ts";
import { type CellContext, complain } from "./context.ts";

/** What is unknown, and how to say so. */
export interface Unresolved {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly help?: string;
  /** The message of the fault, where the code runs all the same. */
  readonly fault: string;
  /** The name, and what could have been meant. */
  readonly name: string;
  readonly known: readonly string[];
}

/** Stands for an unknown name. */
export function unresolved(c: CellContext, span: Span, what: Unresolved): HirExpr {
  const { docMode, strict } = c.scope.settings;
  if (isLost(c.scope, what.name) || isUnreadBinding(c.scope, what.name, span))
    return errorExpr(span);
  if (!docMode) {
    complain(c, what.code, span, what.message, {
      severity: strict ? "error" : "warning",
      ...(what.help === undefined ? {} : { help: what.help }),
      ...renameFix(c.scope, span, what.name, what.known),
    });
  }
  if (!docMode && strict) return errorExpr(span);
  const message = constant({ kind: "string", value: what.fault }, STRING, span);
  return { kind: "fault", trap: "E_TRAP_OTHER", message, type: ANY, span };
}
