// Compiles fixtures in memory, and shows diagnostics one per line.

import { compileProgram, type ModuleHost, type ModuleSource } from "@lumen/compiler";
import { type Diagnostic, hasErrors, positionOf } from "@lumen/core/diagnostic";
import type { Program } from "@lumen/core/program";
import { evaluateComptime } from "@lumen/toolchain";
import type { Fixture, FixtureSource } from "./fixture.ts";

/** A program or null, and what the compiler says. */
export interface Compiled {
  readonly program: Program | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly failed: boolean;
}

/** Compiles the source of a fixture, or another source with the fixture's modules. */
export function compileFixture(fixture: Fixture, source: FixtureSource = fixture.source): Compiled {
  return compileText(source, fixture.modules);
}

/** Compiles a source as module `name`; imports are looked up in `modules`. */
export function compileText(
  source: FixtureSource,
  modules: ReadonlyMap<string, FixtureSource> = new Map(),
  name = "main",
): Compiled {
  const host: ModuleHost = {
    resolve: (path): ModuleSource | null => {
      const found = modules.get(path);
      return found === undefined ? null : moduleOf(path, found);
    },
  };
  const options = { project: "fixture", version: "0.1.0", comptime: evaluateComptime };
  const { value, diagnostics } = compileProgram(moduleOf(name, source), host, options);
  return { program: value, diagnostics, failed: hasErrors(diagnostics) };
}

function moduleOf(name: string, { text, extension }: FixtureSource): ModuleSource {
  return { name, path: `${name.replaceAll(".", "/")}.${extension}`, text };
}

/** `E0200 2:10-2:17 message`, in the order of the source; `none` when there are none. */
export function diagnosticLines(diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return "none\n";
  const ordered = [...diagnostics].sort(
    (a, b) =>
      compare(a.source.path, b.source.path) ||
      a.span.start - b.span.start ||
      compare(a.code, b.code),
  );
  return ordered.map(diagnosticLine).join("");
}

function diagnosticLine({ code, severity, source, span, message }: Diagnostic): string {
  const [start, end] = [positionOf(source, span.start), positionOf(source, span.end)];
  const place = `${start.line}:${start.column}-${end.line}:${end.column}`;
  const module = /^main\./.test(source.path) ? "" : `${source.path} `;
  const mark = severity === "warning" ? "warning: " : "";
  return `${code} ${module}${place} ${mark}${message}\n`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
