// The table `[providers]` of a package manifest (language 17.4): which provider has a tool, how
// providers are configured, which MCP servers there are.

import { err, ok, type Result } from "@lumen/core/result";
import type { ServerSettings, ToolSettings } from "@lumen/runtime";

type Table = { readonly [key: string]: unknown };

/** Tables in `[providers]` that are no tools. */
const CONFIG = "config";
const SERVERS = "mcp";

/** Reads the table. The error says in plain words what is wrong. */
export function toolSettings(manifest: Table): Result<ToolSettings, string> {
  const { providers = {} } = manifest;
  if (!isTable(providers)) return err("[providers] is not a table");
  const tools = new Map<string, string>();
  for (const [id, name] of Object.entries(providers)) {
    if (id === CONFIG || id === SERVERS) continue;
    if (typeof name !== "string" || name === "") {
      const shown = JSON.stringify(name);
      return err(`[providers] ${id}: expected the name of a provider, found ${shown}`);
    }
    tools.set(id, name);
  }
  const configs = tablesIn(providers, CONFIG);
  if (!configs.ok) return configs;
  const servers = tablesIn(providers, SERVERS);
  if (!servers.ok) return servers;
  const read = new Map<string, ServerSettings>();
  for (const [name, config] of servers.value) {
    const server = serverOf(name, config);
    if (!server.ok) return server;
    read.set(name, server.value);
  }
  return ok({ tools, configs: configs.value, servers: read });
}

function tablesIn(providers: Table, key: string): Result<ReadonlyMap<string, Table>, string> {
  const tables = providers[key] ?? {};
  if (!isTable(tables)) return err(`[providers.${key}] is not a table`);
  const found = new Map<string, Table>();
  for (const [name, table] of Object.entries(tables)) {
    if (!isTable(table)) return err(`[providers.${key}.${name}] is not a table`);
    found.set(name, table);
  }
  return ok(found);
}

function serverOf(name: string, config: Table): Result<ServerSettings, string> {
  const where = `[providers.mcp.${name}]`;
  const { uri, tools = null, env = [], api_key_env: apiKeyEnv = null } = config;
  if (typeof uri !== "string" || uri.trim() === "") {
    return err(`${where} uri: expected the command that starts the server`);
  }
  if (tools !== null && !isTexts(tools)) {
    return err(`${where} tools: expected a list of ids such as "${name}.search"`);
  }
  const foreign = tools?.find((id) => !id.startsWith(`${name}.`));
  if (foreign !== undefined)
    return err(`${where} tools: '${foreign}' does not begin with ${name}.`);
  if (!isTexts(env)) return err(`${where} env: expected a list of names of variables`);
  if (apiKeyEnv !== null && typeof apiKeyEnv !== "string") {
    return err(`${where} api_key_env: expected the name of a variable`);
  }
  return ok({ name, uri, tools, env, apiKeyEnv });
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
