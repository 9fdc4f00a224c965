// Directives that change how a module is read (language 18).

import { DIAGNOSTICS, type Diagnostic, type SourceText } from "@lumen/core/diagnostic";
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
  /** Most uses of an effect or tool alias (language 10.4), by name. */
  readonly budgets: ReadonlyMap<string, number>;
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

function readBudgets(
  directives: readonly Directive[],
  complain: (directive: Directive, message: string, help: string) => void,
): ReadonlyMap<string, number> {
  const budgets = new Map<string, number>();
  for (const directive of directives) {
    if (directive.name.text !== "budget") continue;
    const match = /^([A-Za-z_]\w*)\s+(\d{1,15})$/.exec(directive.value ?? "");
    const [, name = "", count = ""] = match ?? [];
    if (match === null) {
      const help = "Write an effect or tool alias and a number: `@budget http 10`.";
      complain(directive, "'@budget' needs a name and a number", help);
    } else budgets.set(name, Number(count));
  }
  return budgets;
}
