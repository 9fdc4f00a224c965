// Checks of names and habits: headers, banned names and statements, stray notes, hidden inputs.

import { type CodeFile, type Finding, findAll, isTest } from "./code-file.ts";
import { DETERMINISTIC } from "./package-rules.ts";

/** The first line says what lives in the file. */
export function checkHeaders(files: readonly CodeFile[]): readonly Finding[] {
  return files.flatMap((file) => {
    if (/^(\/\/ \S|#!)/.test(file.text)) return [];
    const message = "the first line is not a comment that says what lives here";
    return [{ check: "header", path: file.path, line: 1, message }];
  });
}

const BANNED =
  /^[ \t]*(?:export )?(?:const )?(?:enum|namespace) \w+|\bexport default\b|\bexport \*/gm;

/** Junk drawers, and syntax that this project does without. */
export function checkBannedNames(files: readonly CodeFile[]): readonly Finding[] {
  return files.flatMap((file) => {
    const name = file.path.split("/").pop() ?? "";
    const junk = /(^|-)(utils?|helpers?|misc)\.(test\.)?[a-z]+$/.test(name);
    const message = `'${name}' names no subject: call the file by what it holds`;
    const named: readonly Finding[] = junk
      ? [{ check: "banned-names", path: file.path, line: 1, message }]
      : [];
    return [
      ...named,
      ...findAll(file, {
        view: "code",
        pattern: BANNED,
        check: "banned-names",
        message: (found) => `'${found.trim()}' is not used in this project`,
      }),
    ];
  });
}

/** Notes to oneself without an issue number. */
export function checkStrayNotes(files: readonly CodeFile[]): readonly Finding[] {
  return files.flatMap((file) =>
    findAll(file, {
      view: "comments",
      pattern: /\b(?:TODO|FIXME|XXX)\b(?!\(#\d+\))/g,
      check: "stray-notes",
      message: (found) => `${found} without an issue number`,
    }),
  );
}

const HIDDEN_INPUTS = [
  "\\bDate\\.now\\b",
  "\\bnew Date\\(\\)",
  "\\bperformance\\.now\\b",
  "\\bMath\\.random\\b",
  "\\bcrypto\\.\\w+",
  "\\bprocess\\.\\w+",
  "\\.toLocale\\w*",
  "\\.localeCompare\\b",
  "\\bIntl\\b",
];

/** Clock, random, environment and locale in code that must be a function of its input. */
export function checkHiddenInputs(files: readonly CodeFile[]): readonly Finding[] {
  return files
    .filter((f) => !isTest(f.path) && DETERMINISTIC.some((prefix) => f.path.startsWith(prefix)))
    .flatMap((file) =>
      findAll(file, {
        view: "code",
        pattern: new RegExp(HIDDEN_INPUTS.join("|"), "g"),
        check: "hidden-inputs",
        message: (found) => `'${found}' makes the result depend on more than the input`,
      }),
    );
}

/** `index.ts` stands at entry points only; `entryFiles` are the sources that `exports` names. */
export function checkIndexFiles(
  files: readonly CodeFile[],
  entryFiles: ReadonlySet<string>,
): readonly Finding[] {
  return files.flatMap((file) => {
    if (!file.path.endsWith("/index.ts") || entryFiles.has(file.path)) return [];
    const message = "index.ts is for entry points of a package: name the file by its subject";
    return [{ check: "index-files", path: file.path, line: 1, message }];
  });
}
