// Which provider answers a tool: what `[providers]` of the package manifest says (language 17.4).

import { type Failure, failure } from "@lumen/core/diagnostic";
import type { ToolEntry } from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import type { FindProvider } from "./tool-calls.ts";
import type { ToolProvider } from "./tool-provider.ts";

/** A table of the manifest, unchecked: each kind of provider knows its own keys. */
export type ProviderTableSettings = { readonly [key: string]: unknown };

/** A provider to be made. */
export interface ProviderSettings {
  /** As `[providers]` and `from` name it. */
  readonly name: string;
  /** `[providers.config.NAME]`; empty where there is none. */
  readonly config: ProviderTableSettings;
}

/** `[providers.mcp.NAME]`. */
export interface ServerSettings {
  /** First part of the ids of its tools. */
  readonly name: string;
  /** What starts it. */
  readonly uri: string;
  /** Ids of its tools that may be called; null for all. */
  readonly tools: readonly string[] | null;
  /** Variables of the environment that it gets. */
  readonly env: readonly string[];
  /** A variable that it gets and needs, a secret; null for none. */
  readonly apiKeyEnv: string | null;
}

/** The table `[providers]`. */
export interface ToolSettings {
  /** Names of providers by tool id. */
  readonly tools: ReadonlyMap<string, string>;
  readonly configs: ReadonlyMap<string, ProviderTableSettings>;
  readonly servers: ReadonlyMap<string, ServerSettings>;
}

/** A manifest without `[providers]`. */
export const NO_TOOLS: ToolSettings = { tools: new Map(), configs: new Map(), servers: new Map() };

/** How providers are made, by kind. A configuration with a mistake is a failure. */
export interface ProviderKinds {
  readonly byKind: {
    readonly [kind: string]: (settings: ProviderSettings) => Result<ToolProvider, Failure>;
  };
  /** Null: this host starts no servers. */
  readonly server: ((settings: ServerSettings) => Result<ToolProvider, Failure>) | null;
}

/** The providers of one run. */
export interface ToolRegistry {
  readonly find: FindProvider;
  /** Ends all of them; called once. */
  readonly close: () => Promise<void>;
}

/**
 * Makes the providers that calls of these tools need. E_PROJECT for a kind that there is not, with
 * the known ones, and for what a kind finds wrong with its table.
 */
export function makeRegistry(
  tools: readonly ToolEntry[],
  settings: ToolSettings,
  kinds: ProviderKinds,
): Result<ToolRegistry, Failure> {
  const made = new Map<string, ToolProvider>();
  for (const tool of tools) {
    const place = placeOf(tool, settings);
    if (place === null || made.has(keyOf(place))) continue;
    const provider = makeProvider(place, settings, kinds);
    if (!provider.ok) return provider;
    made.set(keyOf(place), provider.value);
  }
  return ok({
    find: (tool) => {
      const place = placeOf(tool, settings);
      return place === null ? null : (made.get(keyOf(place)) ?? null);
    },
    close: async () => {
      await Promise.all([...made.values()].map((provider) => provider.close()));
    },
  });
}

/** Where a tool is: at a provider of the table, or on a server. */
type Place =
  | { readonly kind: "provider"; readonly name: string }
  | { readonly kind: "server"; readonly server: ServerSettings };

function keyOf(place: Place): string {
  return place.kind === "provider" ? place.name : `mcp:${place.server.name}`;
}

/** `from` before the table, the table before servers; null where nothing is configured. */
function placeOf(tool: ToolEntry, settings: ToolSettings): Place | null {
  const name = tool.provider ?? settings.tools.get(tool.id);
  const [prefix = ""] = (name ?? tool.id).split(".");
  const server = settings.servers.get(name?.replace(/^mcp:/, "") ?? prefix);
  const isServer = server !== undefined && (name === undefined || !settings.configs.has(name));
  if (isServer && tool.id.startsWith(`${server.name}.`)) return { kind: "server", server };
  return name === undefined ? null : { kind: "provider", name };
}

function makeProvider(
  place: Place,
  settings: ToolSettings,
  kinds: ProviderKinds,
): Result<ToolProvider, Failure> {
  if (place.kind === "server") {
    const { server } = place;
    if (kinds.server !== null) return kinds.server(server);
    return refusal(`[providers.mcp.${server.name}]: servers are not started here`);
  }
  const { name } = place;
  const config = settings.configs.get(name) ?? {};
  const { kind = name } = config;
  const known = Object.keys(kinds.byKind).sort();
  const isKnown = typeof kind === "string" && Object.hasOwn(kinds.byKind, kind);
  const make = isKnown ? kinds.byKind[kind] : undefined;
  if (make !== undefined) return make({ name, config });
  const shown = typeof kind === "string" ? kind : JSON.stringify(kind);
  const list = known.length === 0 ? "none" : known.join(", ");
  return refusal(
    `[providers]: there is no provider of kind '${shown}'; known: ${list}`,
    kind === name ? `Name its kind: [providers.config.${name}] kind = "…"` : undefined,
  );
}

function refusal(message: string, hint?: string): Result<never, Failure> {
  const more = { subject: "lumen.toml", ...(hint === undefined ? {} : { hint }) };
  return err(failure("E_PROJECT", "load", message, more));
}
