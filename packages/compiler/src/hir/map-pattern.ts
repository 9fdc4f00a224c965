// Copies a pattern with its parts changed, and tells each part where in the subject it stands.

import type { HirPattern } from "./hir.ts";

/**
 * Applies `change` to a pattern after its parts. `path` names the part of the subject: equal paths,
 * equal parts.
 */
export function mapPattern(
  p: HirPattern,
  change: (p: HirPattern, path: string) => HirPattern,
  path = "",
): HirPattern {
  const part = (inner: HirPattern, step: string): HirPattern =>
    mapPattern(inner, change, `${path}/${step}`);
  const optional = (inner: HirPattern | null, step: string): HirPattern | null =>
    inner === null ? null : part(inner, step);
  switch (p.kind) {
    case "variant": {
      const args = p.args.map((a, i) => optional(a, `${p.decl?.name ?? "result"} ${p.tag} ${i}`));
      return change({ ...p, args }, path);
    }
    case "record":
      return change({ ...p, fields: p.fields.map((f, i) => optional(f, `field ${i}`)) }, path);
    case "tuple":
      return change({ ...p, items: p.items.map((x, i) => part(x, `item ${i}`)) }, path);
    case "list": {
      const before = p.before.map((x, i) => part(x, `item ${i}`));
      const after = p.after.map((x, i) => part(x, `end ${p.after.length - i}`));
      return change({ ...p, before, after }, path);
    }
    case "active":
      // What an extractor gives is no part of the subject: its place tells it apart.
      return change({ ...p, inner: optional(p.inner, `at ${p.span.start}`) }, path);
    default:
      return change(p, path);
  }
}
