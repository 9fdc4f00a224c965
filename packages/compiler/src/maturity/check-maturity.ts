// What a module may use by its directives and the options of the compilation (language 18, 20).

import type { Directive } from "@lumen/syntax";
import { didYouMean, type ModuleScope, report } from "../resolve/scope.ts";
import { FEATURE_NAMES, type FeatureName, featureNamed, featureRow } from "./features.ts";

/** `allowUnstable`: experimental features need no opt-in. `denyUnstable`: only stable ones. */
export interface MaturityOptions {
  readonly allowUnstable?: boolean;
  readonly denyUnstable?: boolean;
}

/** The editions that there are. */
export const EDITIONS: readonly string[] = ["2026"];

/** Reports E0126: unknown features and editions, and features that need an opt-in or are denied. */
export function checkMaturity(scope: ModuleScope, options: MaturityOptions): void {
  const wanted = new Set<FeatureName>();
  for (const directive of scope.ast.directives) {
    if (directive.name.text === "edition") checkEdition(scope, directive);
    if (directive.name.text !== "feature") continue;
    const feature = readFeature(scope, directive);
    if (feature !== null) wanted.add(feature);
  }
  for (const [feature, span] of scope.features) {
    const { maturity, covers } = featureRow(feature);
    if (options.denyUnstable === true) {
      const message = `feature '${feature}' is ${maturity}, and only stable features are allowed`;
      const help = `Do without ${covers}, or allow unstable features.`;
      report(scope, "E0126", span, message, { help });
    } else if (
      maturity === "experimental" &&
      options.allowUnstable !== true &&
      !wanted.has(feature)
    ) {
      const message = `feature '${feature}' is experimental and needs an opt-in`;
      const help = `Write @feature "${feature}" at the top of the module.`;
      report(scope, "E0126", span, message, { help });
    }
  }
}

function readFeature(scope: ModuleScope, directive: Directive): FeatureName | null {
  const { value, span } = directive;
  const feature = featureNamed(value ?? "");
  if (feature !== null) {
    if (featureRow(feature).isReserved === true) reportReserved(scope, directive, feature);
    return feature;
  }
  const message =
    value === null
      ? "@feature needs the name of a feature"
      : `unknown feature '${value}'${didYouMean(value, FEATURE_NAMES)}`;
  report(scope, "E0126", span, message, {
    expected: FEATURE_NAMES.join(", "),
    found: value ?? "nothing",
    help: "Correct the name, or remove the directive: stable features need none.",
  });
  return null;
}

function reportReserved(scope: ModuleScope, { span }: Directive, feature: FeatureName): void {
  const message = `feature '${feature}' is reserved: there is nothing yet that it covers`;
  report(scope, "E0126", span, message, { help: "Remove the directive." });
}

function checkEdition(scope: ModuleScope, { value, span }: Directive): void {
  if (value !== null && EDITIONS.includes(value)) return;
  const expected = EDITIONS.join(", ");
  const found = value ?? "nothing";
  const message = `unknown edition: expected ${expected}, found ${found}`;
  report(scope, "E0126", span, message, { expected, found, help: `Write @edition "${expected}".` });
}
