// lumen repl

import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import { type Diagnostic, type Failure, failure } from "@lumen/core/diagnostic";
import { disassemble } from "@lumen/core/lir";
import { asksForMore } from "@lumen/syntax";
import {
  complete,
  type History,
  openHistory,
  type ReplAnswer,
  ReplSession,
  typedProgram,
} from "@lumen/toolchain";
import { type Command, EXIT, type Invocation, type LineEditor } from "../command.ts";
import { renderDiagnostic } from "../render/diagnostics.ts";
import { showFailure } from "../render/failures.ts";
import { paintFor } from "../render/paint.ts";
import { frameLines } from "../render/run.ts";
import { visible } from "../render/visible.ts";
import { fromWorkingDirectory } from "./inputs.ts";

/** Evaluates what somebody types. */
export const replCommand: Command = {
  name: "repl",
  group: "write",
  summary: "evaluate declarations and statements as they are typed",
  positionals: "[FILE]",
  positionalsMax: 1,
  options: {
    strict: { help: "end with status 1 at the first error" },
    deterministic: { help: "logical clock, seeded random numbers" },
    history: { value: "FILE", help: "typed lines (default: LUMEN_HISTORY, ~/.lumen/history)" },
    "allow-unstable": { help: "experimental features need no @feature" },
    "deny-unstable": { help: "refuse features that are not stable" },
  },
  run: (invocation) => new Repl(invocation).run(),
};

const BANNER = ":help lists the commands, Ctrl-D ends\n";

/** The commands, with what they take and do. */
const HELP: readonly (readonly [string, string])[] = [
  [":type EXPR", "the type of an expression, which is not run"],
  [":effects [EXPR]", "what an expression performs; without one, every declared cell"],
  [":lir NAME|EXPR", "the code of a cell or of an expression"],
  [":vars", "the variables and their types"],
  [":load FILE", "take the declarations and statements of a document"],
  [":reset", "forget everything"],
  [":help", "this list"],
  [":quit", "the end"],
];

/** What an input left to be done. `failed`: something went wrong in it. */
type Done =
  | { readonly kind: "go on"; readonly failed: boolean }
  | { readonly kind: "end"; readonly status: number };

const FINE: Done = { kind: "go on", failed: false };
const WRONG: Done = { kind: "go on", failed: true };

/** One session in a terminal. */
class Repl {
  readonly #invocation: Invocation;
  readonly #session: ReplSession;
  /** Of the input that runs. */
  #running: AbortController | null = null;

  constructor(invocation: Invocation) {
    const { terminal, flags } = invocation;
    this.#invocation = invocation;
    this.#session = new ReplSession({
      project: typedProgram(terminal.workingDirectory),
      console: {
        stdout: terminal.stdout,
        stderr: terminal.stderr,
        readLine: noInput,
        readRest: noInput,
      },
      deterministic: flags.has("deterministic"),
      allowUnstable: flags.has("allow-unstable"),
      denyUnstable: flags.has("deny-unstable"),
    });
  }

  async run(): Promise<number> {
    const { terminal, flags, positionals } = this.#invocation;
    const [file] = positionals;
    if (file !== undefined) {
      const loaded = await this.#load(file);
      if (loaded.kind === "end") return loaded.status;
      if (loaded.failed && flags.has("strict")) return EXIT.failed;
    }
    const isTyped = terminal.typed === true && terminal.editor !== undefined;
    const history = isTyped ? this.#history() : null;
    const editor = terminal.editor?.({
      history: history?.lines ?? [],
      complete: (line) => this.#complete(line),
      interrupted: () => this.#running?.abort(),
    });
    if (isTyped && !flags.has("quiet")) terminal.stdout(BANNER);
    const status = await this.#readAll(editor ?? linesOf(terminal.stdin), history);
    editor?.close();
    return status;
  }

  /** Reads inputs to the end; lines that an input needs more of are put together. */
  async #readAll(editor: LineEditor, history: History | null): Promise<number> {
    const { flags } = this.#invocation;
    let input = "";
    let givenUp = false;
    for (;;) {
      const line = await editor.next(input === "" ? "> " : "| ");
      if (line === null && input === "") return EXIT.ok;
      if (line !== null) history?.add(line);
      // Ctrl-C gives an empty line in place of the one that was typed.
      givenUp = line === "" && input !== "" && this.#isTyped();
      input = line === null ? input : input === "" ? line : `${input}\n${line}`;
      if (line !== null && !givenUp && asksForMore(input)) continue;
      const done = await this.#take(input);
      input = "";
      if (done.kind === "end") return done.status;
      if (done.failed && flags.has("strict")) return EXIT.failed;
      if (line === null) return EXIT.ok;
    }
  }

  #isTyped(): boolean {
    return this.#invocation.terminal.typed === true;
  }

  /** A command, or an input. */
  #take(text: string): Promise<Done> | Done {
    const trimmed = text.trim();
    if (trimmed === "") return FINE;
    if (!trimmed.startsWith(":")) return this.#evaluate(text);
    const [, name = "", argument = ""] = /^(:\w*)\s*(.*)$/s.exec(trimmed) ?? [];
    return this.#command(name, argument.trim());
  }

  #command(name: string, argument: string): Promise<Done> | Done {
    const { terminal } = this.#invocation;
    switch (name) {
      case ":quit":
      case ":q":
        return { kind: "end", status: EXIT.ok };
      case ":help":
        terminal.stdout(HELP.map(([use, does]) => `  ${use.padEnd(17)}${does}\n`).join(""));
        return FINE;
      case ":reset":
        this.#session.reset();
        return FINE;
      case ":vars":
        for (const { name: variable, type } of this.#session.variables)
          terminal.stdout(`${variable}: ${visible(type)}\n`);
        return FINE;
      case ":load":
        return this.#load(argument);
      case ":type":
      case ":effects":
        return this.#describe(name, argument);
      case ":lir":
        return this.#code(argument);
      default:
        return this.#wrong(`there is no command '${name}'; :help lists them`);
    }
  }

  #wrong(message: string): Done {
    const { terminal } = this.#invocation;
    terminal.stderr(`${paintFor(terminal).red("error")}: ${visible(message)}\n`);
    return WRONG;
  }

  #describe(name: string, argument: string): Done {
    const { terminal } = this.#invocation;
    if (argument === "")
      return name === ":effects" ? this.#allEffects() : this.#wrong(":type needs an expression");
    const found = this.#session.typeOf(argument);
    if (!found.ok) return this.#noExpression(found.error);
    const { type, row } = found.value;
    terminal.stdout(name === ":type" ? `${visible(type)}\n` : `${rowText(row)}\n`);
    return FINE;
  }

  #noExpression(diagnostics: readonly Diagnostic[]): Done {
    if (diagnostics.length === 0) return this.#wrong("expected one expression");
    return this.#refuse(diagnostics);
  }

  #allEffects(): Done {
    const { terminal } = this.#invocation;
    for (const { name, row } of this.#session.outline?.cells ?? [])
      if (!/[$.]|^repl_|^__/.test(name) && this.#session.declares(name))
        terminal.stdout(`${name}: ${rowText(row)}\n`);
    return FINE;
  }

  #code(argument: string): Done {
    const isCell = this.#session.declares(argument);
    const program = this.#session.programOf(isCell ? null : argument);
    if (argument === "") return this.#wrong(":lir needs the name of a cell, or an expression");
    if (!program.ok) return this.#noExpression(program.error);
    const [root] = program.value.modules;
    const cells = root === undefined ? [] : disassemble(root).split(/^(?=cell )/m);
    // The lambdas of a cell belong to it; an expression is compiled as one of the script's.
    const owner = isCell ? `${argument}[ $]` : "(main|__script_main)[$]lambda";
    const wanted = cells.filter((cell) => new RegExp(`^cell ${owner}`).test(cell));
    this.#invocation.terminal.stdout(visibleLines(wanted.join("")));
    return FINE;
  }

  async #load(file: string): Promise<Done> {
    const path = fromWorkingDirectory(this.#invocation, file);
    if (file === "" || !existsSync(path) || !statSync(path).isFile())
      return this.#wrong(`there is no file '${file}'`);
    return this.#evaluate(readFileSync(path, "utf8"), basename(path));
  }

  async #evaluate(text: string, path?: string): Promise<Done> {
    const running = new AbortController();
    this.#running = running;
    const named = path === undefined ? {} : { path };
    const answer = await this.#session.evaluate(text, { ...named, interrupt: running.signal });
    this.#running = null;
    return this.#show(answer);
  }

  #show({ diagnostics, notes, outcome }: ReplAnswer): Done {
    const { terminal } = this.#invocation;
    const paint = paintFor(terminal);
    this.#refuse(diagnostics);
    for (const note of notes) terminal.stderr(`${paint.yellow("note")}: ${visible(note)}\n`);
    switch (outcome.kind) {
      case "refused":
        return WRONG;
      case "defined":
        return FINE;
      case "value":
        if (outcome.shown !== null) terminal.stdout(`${visible(outcome.shown)}\n`);
        return FINE;
      case "failed": {
        const { code, message, stack } = outcome;
        const head = `${paint.red(paint.bold(`error[${code}]`))}: ${paint.bold(visible(message))}`;
        terminal.stderr(`${[head, ...frameLines(stack, paint)].join("\n")}\n`);
        return WRONG;
      }
      case "interrupted":
        terminal.stderr("interrupted\n");
        return WRONG;
      case "exited":
        return { kind: "end", status: outcome.status };
    }
  }

  #refuse(diagnostics: readonly Diagnostic[]): Done {
    const { terminal } = this.#invocation;
    const paint = paintFor(terminal);
    for (const diagnostic of diagnostics)
      terminal.stderr(`${renderDiagnostic(diagnostic, paint)}\n`);
    return WRONG;
  }

  #complete(line: string): { readonly word: string; readonly words: readonly string[] } {
    if (!line.startsWith(":")) return complete(this.#session, line);
    const commands = HELP.map(([use]) => use.split(" ")[0] ?? "");
    return { word: line, words: commands.filter((command) => command.startsWith(line)) };
  }

  /** Null: there is no home, or the file cannot be used, which is said. */
  #history(): History | null {
    const { terminal, options } = this.#invocation;
    const named = options.history ?? terminal.environment.LUMEN_HISTORY ?? "";
    const home = terminal.environment.HOME || terminal.environment.USERPROFILE || "";
    if (named === "" && !isAbsolute(home)) return null;
    const path =
      named === ""
        ? join(home, ".lumen", "history")
        : fromWorkingDirectory(this.#invocation, named);
    const opened = openHistory(path);
    if (opened.ok) return opened.value;
    showFailure({ terminal, format: "text" }, opened.error);
    return null;
  }
}

function rowText(row: readonly string[]): string {
  return row.length === 0 ? "pure" : row.join(", ");
}

function visibleLines(text: string): string {
  return text.split("\n").map(visible).join("\n");
}

/** What is typed is for the session. */
function noInput(): Failure {
  return failure("E_IO", "execute", "a program in a session cannot read what is typed");
}

/** The lines of a text, as if they were typed. */
function linesOf(stdin: () => string | Failure): LineEditor {
  const text = stdin();
  const lines = typeof text === "string" ? text.split("\n") : [];
  if (lines.at(-1) === "") lines.pop();
  return { next: async () => lines.shift() ?? null, close: () => {} };
}
