// Flows of a secret through whole programs, by the command itself: no byte of what is printed or
// written may tell it (language 11.7).

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "@lumen/cli";
import { type Random, randomOf } from "../random.ts";
import { type Flow, flowOf, programOf } from "./flow.ts";
import { tells } from "./leaks.ts";
import { COPY_NAME, openWorld, SECRET_NAME, type World, writeMcpServer } from "./world.ts";

/** One flow in so many meets its secret at an MCP server, a process that has to be started. */
const SERVER_EVERY = 50;
const FAILURE_COUNT_MAX = 10;

/** What a campaign found. */
export interface SecretFindings {
  readonly failures: readonly string[];
  /** Flows whose secret came out as its mark: the others never let out what they took. */
  readonly marked: number;
  /** Flows that were refused because they held the secret from the beginning. */
  readonly refused: number;
  /** Runs that were taken up again. */
  readonly resumed: number;
}

/** Runs flows `from` to `from + count`; stops at the tenth failure. */
export async function runSecretCampaign(asked: {
  readonly seed: number;
  readonly from: number;
  readonly count: number;
}): Promise<SecretFindings> {
  const root = mkdtempSync(join(tmpdir(), "lumen-secrets-"));
  const world = await openWorld();
  const failures: string[] = [];
  const counts = { marked: 0, refused: 0, resumed: 0 };
  try {
    for (let index = asked.from; index < asked.from + asked.count; index += 1) {
      const random = randomOf(asked.seed, index);
      const flow = flowOf(random, index % SERVER_EVERY === 0);
      const folder = join(root, `flow-${index}`);
      mkdirSync(folder);
      const seen = await outputOf(flow, { random, folder, world });
      const leaks = leaksOf(flow, folder, seen.text);
      if (seen.text.includes(`[secret ${SECRET_NAME}]`)) counts.marked += 1;
      if (seen.text.includes("holds the value of the secret")) counts.refused += 1;
      if (seen.resumed) counts.resumed += 1;
      const { source, encoding, exits } = flow;
      const what = `${source}, ${encoding}, ${exits.join(" ")}, ${JSON.stringify(flow.secret)}`;
      for (const leak of leaks) failures.push(`--from ${index} ${what}: ${leak}`);
      rmSync(folder, { recursive: true });
      if (failures.length >= FAILURE_COUNT_MAX) break;
    }
  } finally {
    world.close();
    delete process.env[SECRET_NAME];
    delete process.env[COPY_NAME];
    rmSync(root, { recursive: true, force: true });
  }
  return { failures, ...counts };
}

interface Stage {
  readonly random: Random;
  readonly folder: string;
  readonly world: World;
}

/** Names of files that hold the secret because others wrote it. */
const GIVEN = ["main.lm", "lumen.toml", "told.txt", "half1.txt", "half2.txt", "server.mjs"];

/** All that the commands print about one flow. */
async function outputOf(
  flow: Flow,
  stage: Stage,
): Promise<{ readonly text: string; readonly resumed: boolean }> {
  const { random, folder } = stage;
  prepare(flow, stage);
  let text = "";
  const run = async (...words: string[]): Promise<void> => {
    text += await commandOutput(words, folder, flow.told);
  };
  const common = ["--allow-unstable", "--trace-io", flow.io, "--trace-format", flow.format];
  const input = flow.source === "input" ? ["--input", JSON.stringify({ given: flow.told })] : [];
  const shown = random.below(3) === 0 ? ["--format", "json"] : [];
  const words = flow.source === "argument" ? ["--", flow.told] : [];
  await run("run", "main.lm", "--no-cache", ...common, ...input, ...shown, ...words);
  const trace = traceIn(folder);
  if (trace === null) return { text, resumed: false };
  await run("replay", trace);
  if (random.below(4) === 0) {
    await run("trace", "show", trace, ...shown);
    await run("trace", "export", trace, "--to", random.pick(["json", "jsonl"]));
    await run("trace", "step", trace, "--back", "1");
  }
  const resumed = random.below(6) === 0 && flow.format === "binary";
  if (resumed) {
    truncateSync(trace, random.below(statSync(trace).size));
    await run("run", "--allow-unstable", "--resume", trace);
  }
  return { text, resumed };
}

function prepare(flow: Flow, { folder, world }: Stage): void {
  const { told, secret, source, fails } = flow;
  process.env[SECRET_NAME] = secret;
  process.env[COPY_NAME] = told.replaceAll("\0", "");
  const whole = source === "halves" ? secret : told;
  const scalars = [...whole];
  const middle = Math.floor(scalars.length / 2);
  world.tell(told, fails);
  writeFileSync(join(folder, "told.txt"), told);
  writeFileSync(join(folder, "half1.txt"), scalars.slice(0, middle).join(""));
  writeFileSync(join(folder, "half2.txt"), scalars.slice(middle).join(""));
  const server = source === "server" ? writeMcpServer(folder, told, fails) : null;
  const mcp = `[providers.mcp.s]\nuri = "'${process.execPath}' '${server}'"\n`;
  writeFileSync(
    join(folder, "lumen.toml"),
    `[package]
name = "flow"
version = "0.1.0"
[secrets]
key = "${SECRET_NAME}"
[providers]
"llm.chat" = "openai-compatible"
[providers.config.openai-compatible]
base_url = "${world.base}/v1"
api_key_env = "${SECRET_NAME}"
model = "m"
${server === null ? "" : mcp}`,
  );
  writeFileSync(join(folder, "main.lm"), programOf(flow, folder, world.base));
}

async function commandOutput(
  words: readonly string[],
  folder: string,
  stdin: string,
): Promise<string> {
  let text = "";
  const write = (part: string): void => {
    text += part;
  };
  await main(words, {
    stdout: write,
    stderr: write,
    stdin: () => stdin,
    interactive: false,
    color: false,
    workingDirectory: folder,
    environment: {},
  });
  return text;
}

function traceIn(folder: string): string | null {
  const traces = join(folder, "target/raster/traces");
  const [name] = existsSync(traces) ? readdirSync(traces) : [];
  return name === undefined ? null : join(traces, name);
}

/** Where the secret is told. */
function leaksOf({ secret }: Flow, folder: string, printed: string): readonly string[] {
  const found: string[] = [];
  if (tells(Buffer.from(printed), secret)) found.push(`printed ${JSON.stringify(printed)}`);
  for (const path of filesBelow(folder)) {
    const shown = path.slice(folder.length + 1);
    if (tells(Buffer.from(shown), secret)) found.push(`the name ${shown}`);
    if (!GIVEN.includes(shown) && tells(readFileSync(path), secret)) found.push(shown);
  }
  return found;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
