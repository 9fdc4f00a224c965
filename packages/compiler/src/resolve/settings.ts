// Directives that change how a module is read (language 18).

import { DIAGNOSTICS, type Diagnostic, type SourceText, type Span } from "@lumen/core/diagnostic";
import type { Directive } from "@lumen/syntax";

/** What the directives of a module say. */
export interface ModuleSettings {
  /** False: undeclared effects and unresolved names are warnings. */
  readonly strict: boolean;
  /** Unknown names are Any; effects, grants and determinism are not checked. */
  readonly docMode: boolean;
  readonly deterministic: boolean;
  /** Names given to `@feature`, with their places. */
  readonly features: readonly Directive[];
  /** Budgets as written (language 10.4); what their names mean is known later. */
  readonly budgets: readonly BudgetSetting[];
}

/** `@budget name limit`. */
export interface BudgetSetting {
  readonly name: string;
  readonly limit: number;
  readonly span: Span;
}

const TRUE: readonly string[] = ["true", "yes", "on", "1"];
const FALSE: readonly string[] = ["false", "no", "off", "0"];

/** Reads the directives; the last one of a name counts, a value that is no truth value is E0010. */
export function readSettings(
  directives: readonly Directive[],
  text: SourceText,
  diagnostics: Diagnostic[],
): ModuleSettings {
  const complain = (directive: Directive, message: string, help: string): void => {
    const { span } = directive;
    const { title: _title, ...row } = DIAGNOSTICS.E0010;
    diagnostics.push({
      code: "E0010",
      severity: "error",
      message,
      source: text,
      span,
      ...row,
      help,
    });
  };
  const flag = (name: string, otherwise: boolean): boolean => {
    const directive = directives.findLast((d) => d.name.text === name);
    if (directive === undefined) return otherwise;
    const value = directive.value ?? "true";
    if (TRUE.includes(value)) return true;
    if (FALSE.includes(value)) return false;
    complain(directive, `'@${name}' is true or false, not '${value}'`, `Write \`@${name} false\`.`);
    return otherwise;
  };
  return {
    strict: flag("strict", true),
    docMode: flag("doc_mode", false),
    deterministic: flag("deterministic", false),
    features: directives.filter((d) => d.name.text === "feature"),
    budgets: readBudgets(directives, complain),
  };
}

/** A name, then a number that may be too small or no whole one, for a report that says so. */
const BUDGET = /^([A-Za-z_]\w*)\s+([+-]?[\d_.]+)$/;

function readBudgets(
  directives: readonly Directive[],
  complain: (directive: Directive, message: string, help: string) => void,
): readonly BudgetSetting[] {
  return directives.flatMap((directive): readonly BudgetSetting[] => {
    if (directive.name.text !== "budget") return [];
    const [, name = "", count = ""] = BUDGET.exec(directive.value ?? "") ?? [];
    const limit = Number(count.replaceAll("_", ""));
    const help = "Write an effect or tool alias and a number of uses: `@budget http 10`.";
    if (name === "" || Number.isNaN(limit)) {
      complain(directive, "'@budget' needs a name and a number", help);
    } else if (limit < 0 || !Number.isSafeInteger(limit)) {
      complain(directive, `a budget is a whole number from 0, not ${count}`, help);
    } else return [{ name, limit, span: directive.span }];
    return [];
  });
}
