// What `run --commit` wrote and `run --audit` found, for people and as JSON.

import { formatPath, recordToJson } from "@lumen/core/commit";
import type { PlainJson } from "@lumen/core/diagnostic";
import { toHex } from "@lumen/core/hash";
import type { FingerprintReport } from "@lumen/toolchain";
import type { Invocation } from "../command.ts";
import { renderFailure } from "./failures.ts";
import { paintFor } from "./paint.ts";
import { grouped } from "./table.ts";
import { visible } from "./visible.ts";

type Audited = FingerprintReport & { readonly kind: "audited" };

/** The key and value that a result in JSON has beside its own. */
export function fingerprintJson(report: FingerprintReport | null): { [key: string]: PlainJson } {
  if (report === null) return {};
  if (report.kind === "committed") {
    const { path, size, root, commitment, bitsPerItem, windowSize } = report;
    const hashes = { root: toHex(root), commitment: toHex(commitment) };
    return { commit: { path, size, ...hashes, bitsPerItem, windowSize } };
  }
  const { path, failure, local } = report;
  const agrees = failure === null;
  if (agrees) return { audit: { path, agrees } };
  const { code, message, details = {} } = failure;
  return { audit: { path, agrees, code, message, ...details, local: localJson(local) } };
}

function localJson(local: Audited["local"]): PlainJson {
  if (local === null) return null;
  const { leaf, record, backend, methodId } = local;
  return { leaf, backend, methodId: toHex(methodId), record: recordToJson(record) };
}

/** Says on stderr what became of the fingerprint; of success only unless `--quiet`. */
export function showFingerprint(invocation: Invocation, report: FingerprintReport | null): void {
  if (report === null || invocation.format === "json") return;
  const { terminal, flags } = invocation;
  const paint = paintFor(terminal);
  const failed = report.kind === "audited" ? report.failure : null;
  if (failed !== null && report.kind === "audited") {
    terminal.stderr(renderFailure(failed, invocation));
    terminal.stderr(sidesText(failed.details ?? {}) + localText(report.local));
    return;
  }
  if (flags.has("quiet")) return;
  const path = visible(report.path);
  const said =
    report.kind === "committed"
      ? `committed to ${grouped(report.size)} leaves in ${path}\ncommitment ${toHex(report.commitment)}`
      : `the run agrees with ${path}`;
  terminal.stderr(paint.dim(`${said}\n`));
}

function sidesText({ expected, found }: { readonly [key: string]: PlainJson }): string {
  return `  expected    ${String(expected)}\n  found       ${String(found)}\n`;
}

/** The record of the own run, with the code that ran and how. */
function localText(local: Audited["local"]): string {
  if (local === null) return "";
  const { leaf, record, backend, methodId } = local;
  if (record.kind !== "Tile") return `  own record  leaf ${leaf}, ${record.kind}\n`;
  const path = record.path.length === 0 ? "" : `, path ${formatPath(record.path)}`;
  return [
    `  own record  leaf ${leaf}, tile ${visible(record.tileId)}${path}\n`,
    `  code        ${toHex(record.code)}\n`,
    `  ran on      ${visible(backend)}, method id ${toHex(methodId)}\n`,
  ].join("");
}
