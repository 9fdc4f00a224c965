// The languages that are measured: how a program is built in each, and how it is started. Every
// program prints its result, then the milliseconds of each round on a line, and may add lines that
// begin with `# `: `peak` and the bytes of its memory, or how it ran.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { openLlvmEngine } from "@lumen/runtime/llvm";

/** A way to run the programs of the set. */
export interface Peer {
  readonly name: string;
  /** The program that must be installed, with the arguments that print its version. */
  readonly needs: readonly [string, ...string[]];
  /** Prepares a program and gives the command that runs it; `N ROUNDS` and `rest` follow. */
  readonly prepare: (folder: string, build: string) => readonly [string, ...string[]];
  readonly rest?: readonly string[];
  /** Measured only where this option asks for it, or its name. */
  readonly option?: "interpreter" | "native";
  /** What else it needs: why it cannot be measured here, or null. */
  readonly obstacle?: () => string | null;
  /** Of its environment, beside what is inherited. */
  readonly env?: Readonly<Record<string, string>>;
}

const HERE = "bench/programs";
const LUMEN = "dist/bench-lumen.mjs";

/** All peers; what is measured comes first, and Node is what the ratios refer to. */
export const PEERS: readonly Peer[] = [
  {
    name: "Lumen",
    needs: ["node", "--version"],
    prepare: (folder) => ["node", LUMEN, join(folder, "main.lm.md")],
  },
  {
    name: "Lumen T0",
    needs: ["node", "--version"],
    prepare: (folder) => ["node", LUMEN, join(folder, "main.lm.md")],
    rest: ["t0"],
    option: "interpreter",
  },
  {
    name: "Lumen T3",
    needs: ["node", "--version"],
    prepare: (folder) => ["node", LUMEN, join(folder, "main.lm.md")],
    rest: ["auto-t3"],
    option: "native",
    obstacle: () => {
      const engine = openLlvmEngine();
      return engine.ok ? null : engine.error;
    },
  },
  {
    name: "Node",
    needs: ["node", "--version"],
    prepare: (folder) => ["node", join(folder, "peer.mjs")],
  },
  { name: "C", needs: ["gcc", "--version"], prepare: prepareC },
  { name: "Go", needs: ["go", "version"], prepare: prepareGo },
  {
    name: "LuaJIT",
    needs: ["luajit", "-v"],
    prepare: (folder) => ["luajit", join(folder, "peer.lua")],
    env: { LUA_PATH: `${HERE}/?.lua` },
  },
  {
    name: "Lua",
    needs: ["lua5.4", "-v"],
    prepare: (folder) => ["lua5.4", join(folder, "peer.lua")],
    env: { LUA_PATH: `${HERE}/?.lua` },
  },
  {
    name: "Python",
    needs: ["python3", "--version"],
    prepare: (folder) => ["python3", join(folder, "peer.py")],
    env: { PYTHONPATH: HERE, PYTHONDONTWRITEBYTECODE: "1" },
  },
];

function prepareC(folder: string, build: string): readonly [string] {
  const binary = join(build, "peer-c");
  execFileSync("gcc", ["-O2", "-o", binary, join(folder, "peer.c"), "-lm"]);
  return [binary];
}

/** Files of one package must stand in one folder. */
function prepareGo(folder: string, build: string): readonly [string] {
  const source = join(build, "go");
  mkdirSync(source, { recursive: true });
  copyFileSync(join(HERE, "bench.go"), join(source, "bench.go"));
  copyFileSync(join(folder, "peer.go"), join(source, "peer.go"));
  const binary = join(build, "peer-go");
  execFileSync("go", ["build", "-o", binary, join(source, "bench.go"), join(source, "peer.go")]);
  return [binary];
}

/** The first line of what a peer says about its version, or null where it is not installed. */
export function versionOf({ needs: [command, ...args] }: Peer): string | null {
  try {
    const text = execFileSync(command, args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    return text.split("\n")[0] ?? "";
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
