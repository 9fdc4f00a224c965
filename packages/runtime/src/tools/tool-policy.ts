// The policy of tools (language 11.4): a call that its grants do not allow is refused before
// anything is asked. What depends on files, the rule of `path`, is in tool-paths.ts.

import type { ToolEntry, ToolGrant } from "@lumen/core/program";
import {
  displayNested,
  equalValues,
  isInt,
  MapValue,
  mapEntries,
  mapFromEntries,
  mapGet,
  mapHas,
  share,
  typeName,
  type Value,
} from "@lumen/core/value";
import type { DoorAnswer, DoorRequest, Layer } from "../door.ts";
import { hostOf, matchesDomain } from "./domain.ts";

/** Argument that holds the time that a call may take. */
export const TIMEOUT_ARGUMENT = "timeout_ms";

/** Refuses what the grants of a call do not allow, and puts fixed values in as defaults. */
export function toolPolicyLayer(): Layer {
  return {
    name: "tool policy",
    handle: async (request, next): Promise<DoorAnswer> => {
      const { tool } = request;
      if (tool === undefined) return next(request);
      const input = inputOf(request);
      const broken = input === null ? "the input is no map" : firstBroken(tool.grant, input);
      if (input === null || broken !== null) return violation(tool, broken ?? "");
      return next({ ...request, args: [withDefaults(tool.grant, input)] });
    },
  };
}

/** The refusal of a call. */
export function violation(tool: ToolEntry, why: string): DoorAnswer & { readonly ok: false } {
  const message = `policy violation for '${tool.alias}': ${why}`;
  return { ok: false, code: "E_POLICY", message };
}

/** The arguments of a call by name; null where the input is no map. */
export function inputOf({ args }: DoorRequest): MapValue | null {
  const [input = null] = args;
  return input instanceof MapValue ? input : null;
}

/** An argument; undefined where it is not given. */
export function argumentOf(input: MapValue, name: string): Value | undefined {
  return mapHas(input, name) ? (mapGet(input, name) ?? null) : undefined;
}

/** The rule that the arguments break, in the order of the table of language 11.4. */
function firstBroken(grant: ToolGrant, input: MapValue): string | null {
  const timeout =
    grant.timeoutMs === null ? [] : [{ name: TIMEOUT_ARGUMENT, max: grant.timeoutMs }];
  const maxima = grant.maxima.map(({ name, value }) => ({ name, max: value }));
  const rules: readonly (() => string | null)[] = [
    () => brokenDomain(grant.domains, argumentOf(input, "url")),
    () => brokenPath(grant.paths, argumentOf(input, "path")),
    ...[...timeout, ...maxima].map(
      ({ name, max }) =>
        () =>
          brokenMaximum(name, max, argumentOf(input, name)),
    ),
    ...grant.fixed.map(
      ({ name, value }) =>
        () =>
          brokenFixed(name, value, argumentOf(input, name)),
    ),
  ];
  for (const rule of rules) {
    const broken = rule();
    if (broken !== null) return broken;
  }
  return null;
}

function brokenDomain(domains: readonly string[] | null, url: Value | undefined): string | null {
  if (domains === null) return null;
  const granted = `the grant allows ${listed(domains)}`;
  if (typeof url !== "string") return `'url' is ${foundText(url)}, expected a String: ${granted}`;
  const host = hostOf(url);
  if (host === null) return `'url' has no host: ${granted}`;
  if (domains.some((pattern) => matchesDomain(host, pattern))) return null;
  return `'${host}' is not a granted domain: ${granted}`;
}

/** Whether the path is granted depends on the files: tool-paths.ts. */
function brokenPath(paths: readonly string[] | null, path: Value | undefined): string | null {
  if (paths === null || typeof path === "string") return null;
  return `'path' is ${foundText(path)}, expected a String: the grant allows ${listed(paths)}`;
}

function brokenMaximum(name: string, max: Value, given: Value | undefined): string | null {
  if (given === undefined) return null;
  const granted = `the grant allows at most ${displayNested(max)}`;
  if (!isInt(given)) return `'${name}' is ${foundText(given)}, expected an Int: ${granted}`;
  if (!isInt(max) || given > max) return `'${name}' is ${displayNested(given)}: ${granted}`;
  return null;
}

function brokenFixed(name: string, value: Value, given: Value | undefined): string | null {
  if (given === undefined || equalValues(given, value)) return null;
  return `'${name}' is ${foundText(given)}, the grant fixes it to ${displayNested(value)}`;
}

function listed(texts: readonly string[]): string {
  return texts.length === 0 ? "none" : texts.join(", ");
}

/** Longest text of an argument within a message. */
const SHOWN_MAX = 40;

/** What was given, in a few words: containers by their type. */
function foundText(given: Value | undefined): string {
  if (given === undefined) return "not given";
  const isScalar = typeof given !== "object" || given === null || typeName(given) === "Float";
  if (!isScalar) return `a ${typeName(given)}`;
  const text = displayNested(given);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}

function withDefaults(grant: ToolGrant, input: MapValue): MapValue {
  const given = mapEntries(input);
  for (const { value } of given) share(value);
  const fixed = grant.fixed.map(({ name, value }) => ({ key: name, value }));
  // Of equal keys the last one stays: what is given.
  return mapFromEntries([...fixed, ...given]);
}
