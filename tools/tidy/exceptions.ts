// What the checks let pass, and why. The list may only shrink: an unused entry is a finding.

import type { Finding } from "./code-file.ts";

/** A finding that is accepted: every finding of one check in one file, or in one function of it. */
export interface Exception {
  readonly check: string;
  readonly path: string;
  /** With `function-length`: the function. */
  readonly name?: string;
  readonly reason: string;
}

/** Accepted findings. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    check: "function-length",
    path: "packages/vm/src/interpreter/interpreter.ts",
    name: "interpret",
    reason: "the dispatch loop: one case per opcode",
  },
  {
    check: "file-length",
    path: "packages/compiler/src/prelude/prelude.ts",
    reason: "generated from stdlib/prelude.lm.md, one line for each of its lines",
  },
  {
    check: "file-length",
    path: "packages/compiler/src/prelude/standard-sources.ts",
    reason: "generated from stdlib/std/, one line for each of its lines",
  },
  {
    check: "file-length",
    path: "packages/toolchain/src/typescript/library-sources.ts",
    reason: "generated from the sources of the library of TypeScript tiles, line by line",
  },
  {
    check: "line-length",
    path: "packages/toolchain/src/typescript/library-declarations.ts",
    reason: "generated from what the compiler of TypeScript writes, which wraps no lines",
  },
  {
    check: "file-length",
    path: "packages/cli/src/explain/pages.ts",
    reason: "generated from docs/errors/, one line for each line of a page",
  },
  {
    check: "function-length",
    path: "packages/core/src/cfs/read.test.ts",
    name: "base",
    reason: "flat data: the document that every negative case alters in one place",
  },
  {
    check: "banned-names",
    path: "vitest.config.ts",
    reason: "vitest reads its configuration from the default export",
  },
];

/** Removes accepted findings, and reports entries of the list that nothing needs. */
export function applyExceptions(
  findings: readonly Finding[],
  exceptions: readonly Exception[],
): readonly Finding[] {
  const covers = (exception: Exception, finding: Finding): boolean =>
    exception.check === finding.check &&
    exception.path === finding.path &&
    (exception.name === undefined || finding.message.includes(`'${exception.name}'`));
  const open = findings.filter((finding) => !exceptions.some((e) => covers(e, finding)));
  const unused = exceptions.filter((e) => !findings.some((finding) => covers(e, finding)));
  return [
    ...open,
    ...unused.map(({ check, path }) => ({
      check: "exceptions",
      path,
      line: 1,
      message: `the exception for '${check}' is no longer needed: remove it`,
    })),
  ];
}
