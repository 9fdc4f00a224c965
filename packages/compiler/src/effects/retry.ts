// Attributes of a cell about the tools that it calls itself (language 18): `@retry(max: n, base_ms:
// n)`, how often they are asked again, and `@durable`.

import type { Span } from "@lumen/core/diagnostic";
import type { ToolRetry } from "@lumen/core/program";
import type { Attribute, AttributeArg, CellDecl } from "@lumen/syntax";

/** What is not said: as without the attribute (language 11.4). */
const DEFAULTS: ToolRetry = { max: 3, baseMs: 100 };

/** Most retries, and longest first wait in milliseconds. */
const LIMITS: { readonly [name: string]: number } = { max: 100, base_ms: 60_000 };

/** Whether a checkpoint is made after each call of a tool (language 14). */
export function isDurable(decl: Pick<CellDecl, "attributes"> | null): boolean {
  return decl?.attributes.some((a) => a.name.text === "durable") === true;
}

/** The policy of a cell; null without the attribute. */
export function retryOf(decl: Pick<CellDecl, "attributes"> | null): ToolRetry | null {
  const attribute = decl?.attributes.find((a) => a.name.text === "retry");
  if (attribute === undefined) return null;
  return {
    max: numberOf(attribute, "max") ?? DEFAULTS.max,
    baseMs: numberOf(attribute, "base_ms") ?? DEFAULTS.baseMs,
  };
}

/** Arguments of `@retry` that are none of its two, or no literals within the limits. */
export function retryMistakes(
  decl: CellDecl,
): readonly { readonly span: Span; readonly message: string }[] {
  const attributes = decl.attributes.filter((a) => a.name.text === "retry");
  return attributes.flatMap((attribute) =>
    attribute.args.flatMap((arg, i) => {
      const name = arg.name?.text ?? "";
      const limit = Object.hasOwn(LIMITS, name) ? LIMITS[name] : undefined;
      const { span } = arg.value;
      if (limit === undefined) return [{ span, message: "`@retry` takes `max` and `base_ms`" }];
      if (attribute.args.findIndex((a) => a.name?.text === name) < i)
        return [{ span, message: `'${name}' is given twice` }];
      if (readCount(arg, limit) !== null) return [];
      return [{ span, message: `'${name}' is an integer literal from 0 to ${limit}` }];
    }),
  );
}

function numberOf(attribute: Attribute, name: string): number | null {
  const arg = attribute.args.find((a) => a.name?.text === name);
  return arg === undefined ? null : readCount(arg, LIMITS[name] ?? 0);
}

function readCount({ value }: AttributeArg, limit: number): number | null {
  return value.kind === "int" && value.value <= BigInt(limit) ? Number(value.value) : null;
}
