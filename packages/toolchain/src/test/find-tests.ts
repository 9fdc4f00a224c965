// The documents with tests that targets on a command line stand for.

import { testModule } from "@lumen/compiler";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import { parseModule } from "@lumen/syntax";
import { documentsOf } from "../documents.ts";
import { isFile, readText } from "../files.ts";

/**
 * Documents to test, ascending: every file that is named, and of folders those that have tests.
 * E_NO_CELL where there is nothing to test.
 */
export function findTests(targets: readonly string[]): Result<readonly string[], Failure> {
  const found = documentsOf(targets);
  if (!found.ok) return found;
  const named = documentsOf(targets.filter(isFile));
  if (!named.ok) return named;
  const paths: string[] = [];
  for (const path of found.value) {
    const text = readText(path, "load");
    if (!text.ok) return text;
    if (named.value.includes(path) || hasTests(path, text.value)) paths.push(path);
  }
  if (paths.length > 0) return ok(paths);
  const [subject = "."] = targets;
  const hint = "A test is a cell marked @test or named test_….";
  return err(failure("E_NO_CELL", "discover", "there are no tests", { subject, hint }));
}

/** A document with syntax errors and the word in it is tested, so that its mistakes are told. */
function hasTests(path: string, text: string): boolean {
  if (!/@test|@snapshot|\btest_/.test(text)) return false;
  const { module, diagnostics } = parseModule(path, text);
  const { tests, snapshots } = testModule(module);
  return tests.length > 0 || snapshots.length > 0 || diagnostics.length > 0;
}
