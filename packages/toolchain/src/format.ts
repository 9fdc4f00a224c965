// `lumen fmt`: formats documents in place, or says which ones it would change.

import { relative, sep } from "node:path";
import type { Diagnostic, Failure } from "@lumen/core/diagnostic";
import { assert, ok, type Result } from "@lumen/core/result";
import { dumpAst, formatSource, parseModule } from "@lumen/syntax";
import { documentsOf } from "./documents.ts";
import { readDocument, writeFileWhole } from "./files.ts";
import { refuse, type UseCase } from "./refusal.ts";

/** What to format, and whether to write. */
export interface FormatRequest {
  /** Files and folders; folders with all that is below. */
  readonly targets: readonly string[];
  /** False: nothing is written. */
  readonly write: boolean;
  /** The folder that paths are shown relative to. */
  readonly base: string;
}

/** One document. With diagnostics it has syntax errors and stays as it is. */
export interface FormattedFile {
  readonly path: string;
  readonly changed: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** All documents, by path. */
export interface FormatReport {
  readonly files: readonly FormattedFile[];
}

/** A text after formatting. */
export interface FormattedText {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Formats a text; its path decides how it is read (language 1). That the meaning stays is checked,
 * so that a mistake of ours ends here and not in somebody's file.
 */
export function formatText(path: string, text: string): FormattedText {
  const formatted = formatSource(path, text);
  if (formatted.diagnostics.length === 0 && formatted.text !== text) {
    const isSame = treeOf(path, formatted.text) === treeOf(path, text);
    assert(isSame, `formatting '${path}' keeps its meaning`);
  }
  return formatted;
}

function treeOf(path: string, text: string): string {
  const { module, diagnostics } = parseModule(path, text);
  return diagnostics.length === 0 ? dumpAst(module) : "";
}

/** Formats files and folders. E_IO; E_USAGE for a file that is no Lumen document. */
export function formatFiles(request: FormatRequest): UseCase<FormatReport> {
  const paths = documentsOf(request.targets);
  if (!paths.ok) return refuse(paths.error);
  const files: FormattedFile[] = [];
  for (const path of paths.value) {
    const formatted = formatFile(path, request);
    if (!formatted.ok) return refuse(formatted.error);
    files.push(formatted.value);
  }
  return ok({ files });
}

function formatFile(path: string, request: FormatRequest): Result<FormattedFile, Failure> {
  const text = readDocument(path, "load");
  if (!text.ok) return text;
  const shown = relative(request.base, path).split(sep).join("/");
  const formatted = formatText(shown, text.value);
  const changed = formatted.text !== text.value;
  if (changed && request.write) {
    const written = writeFileWhole(path, formatted.text, "load");
    if (!written.ok) return written;
  }
  return ok({ path: shown, changed, diagnostics: formatted.diagnostics });
}
