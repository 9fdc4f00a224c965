// A session of `lumen repl`: declarations and variables that stay, inputs that are compiled and run
// one after the other. Each input is an ordinary program: what was declared, the variables as they
// are, and the input. A variable keeps its value itself, so that functions and instances last.

import { compileOutlined, type ModuleOutline, type OutlinedProgram } from "@lumen/compiler";
import { type Diagnostic, type Fault, hasErrors } from "@lumen/core/diagnostic";
import type { Program } from "@lumen/core/program";
import { err, ok, type Result, required } from "@lumen/core/result";
import { isList, type Value } from "@lumen/core/value";
import { type CellOutcome, makeNetwork, runCell } from "@lumen/runtime";
import { linkProgram } from "@lumen/vm";
import { evaluateComptime } from "../comptime.ts";
import { makeLocalHost } from "../local-host.ts";
import type { LocatedFrame } from "../located-frames.ts";
import { makeDiskHost } from "../module-host.ts";
import type { Project } from "../project.ts";
import type { RunConsole } from "../run-report.ts";
import { shownValue } from "../shown-value.ts";
import { LOCAL_KINDS, openTools } from "../tools.ts";
import {
  assemble,
  giveUp,
  planOf,
  retype,
  scriptOf,
  VALUE_INDEX,
  type Variable,
  type VariablePlan,
  variablesLayer,
} from "./assemble.ts";
import { locateInputFrames } from "./locate-input.ts";
import { type Definition, readInput, type Statements, textOf } from "./repl-input.ts";
import { inputText, type ReplSource, type VariableLine } from "./repl-source.ts";

/** What a session works with. */
export interface SessionOptions {
  /** A lone program: its folder is where imports are looked for. */
  readonly project: Project;
  readonly console: RunConsole;
  readonly deterministic: boolean;
  readonly allowUnstable: boolean;
  readonly denyUnstable: boolean;
}

/** What came of an input. `notes`: variables that could not be kept, and why. */
export interface ReplAnswer {
  readonly diagnostics: readonly Diagnostic[];
  readonly notes: readonly string[];
  readonly outcome:
    | { readonly kind: "refused" }
    | { readonly kind: "defined"; readonly names: readonly string[] }
    /** `shown` null: there is nothing to show. */
    | { readonly kind: "value"; readonly shown: string | null }
    | {
        readonly kind: "failed";
        readonly code: string;
        readonly message: string;
        readonly stack: readonly LocatedFrame[];
      }
    | { readonly kind: "interrupted" }
    | { readonly kind: "exited"; readonly status: number };
}

/** Type and effects of an expression. */
export interface ReplType {
  readonly type: string;
  /** Ascending; empty: pure. */
  readonly row: readonly string[];
}

/** An input that compiles. */
export interface Compiled extends OutlinedProgram {
  readonly source: ReplSource;
  readonly warnings: readonly Diagnostic[];
  readonly notes: readonly string[];
  readonly plan: VariablePlan;
  readonly sources: ReadonlyMap<string, string>;
}

/** A session. Inputs are evaluated one at a time. */
export class ReplSession {
  readonly #options: SessionOptions;
  #definitions = new Map<string, Definition>();
  #variables = new Map<string, Variable>();
  #outline: ModuleOutline | null = null;
  #count = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Names of the variables, with their types. */
  get variables(): readonly { readonly name: string; readonly type: string }[] {
    return [...this.#variables].map(([name, { type }]) => ({ name, type }));
  }

  /** Whether a declaration of this name is there. */
  declares(name: string): boolean {
    return [...this.#definitions.values()].some((d) => d.name === name && d.rank === 2);
  }

  /** What is declared so far; null before the first input that compiled. */
  get outline(): ModuleOutline | null {
    return this.#outline;
  }

  /** Forgets everything. */
  reset(): void {
    this.#definitions = new Map();
    this.#variables = new Map();
    this.#outline = null;
  }

  /**
   * Takes an input: declarations stay, statements are run. An input that does not compile leaves
   * everything as it was, one whose run fails the variables. `path`: the name of the document
   * that the text is; an input has a number instead.
   */
  async evaluate(
    text: string,
    { path, interrupt }: { readonly path?: string; readonly interrupt?: AbortSignal } = {},
  ): Promise<ReplAnswer> {
    this.#count += 1;
    const source = inputText(path ?? this.#count, text);
    const input = readInput(source);
    if (!input.ok) return refused(input.error);
    const { definitions, statements } = input.value;
    const next = this.#with(definitions);
    const plan = planOf(this.#variables, statements);
    const retyped = retype(plan, this.#replaced(definitions));
    const compiled = this.#compile(next, statements, plan);
    if (!compiled.ok) return refused(compiled.error);
    const { warnings: diagnostics } = compiled.value;
    const notes = [...retyped, ...compiled.value.notes];
    this.#adopt(next, compiled.value);
    if (statements !== null)
      return this.#runAll({ ...compiled.value, notes }, statements, interrupt);
    const names = definitions.map((d) => d.name).filter((name) => name !== "");
    return { diagnostics, notes, outcome: { kind: "defined", names } };
  }

  /** Runs the statements, again where the value of a variable does not fit its type any more. */
  async #runAll(
    first: Compiled,
    statements: Statements,
    interrupt: AbortSignal | undefined,
  ): Promise<ReplAnswer> {
    const notes: string[] = [];
    for (let compiled = first; ; ) {
      const kept = new Map<number, Value>();
      const ran = await this.#run(compiled, kept, interrupt);
      notes.push(...compiled.notes);
      const stale = ran.kind === "faulted" ? staleLine(ran.fault, compiled) : null;
      if (stale === null) {
        if (ran.kind === "finished") this.#keep(compiled, kept);
        const isStopped = interrupt?.aborted === true && ran.kind === "stopped";
        const value = shownOf(kept.get(VALUE_INDEX) ?? null, statements);
        const outcome = isStopped
          ? ({ kind: "interrupted" } as const)
          : outcomeOf(ran, compiled, value);
        return { diagnostics: compiled.warnings, notes, outcome };
      }
      notes.push(giveUp(compiled.plan, stale));
      const again = this.#compile(this.#definitions, statements, compiled.plan);
      if (!again.ok) return refused(again.error);
      compiled = again.value;
    }
  }

  /** Type and effects of an expression, which is not run. No diagnostics: it is not one. */
  typeOf(text: string): Result<ReplType, readonly Diagnostic[]> {
    const compiled = this.#expression(text);
    if (!compiled.ok) return compiled;
    const { program, outline } = compiled.value;
    // The function that computes the expression is the first of the script.
    const name = `${scriptOf(program).name}$lambda0`;
    const { result, row } = required(
      outline.cells.find((cell) => cell.name === name),
      "the expression is a function",
    );
    return ok({ type: result, row });
  }

  /** The program of an expression, or of what is declared, for looking at its code. */
  programOf(text: string | null): Result<Program, readonly Diagnostic[]> {
    const compiled =
      text === null
        ? this.#compile(this.#definitions, null, planOf(this.#variables, null))
        : this.#expression(text);
    return compiled.ok ? ok(compiled.value.program) : compiled;
  }

  /** Compiles `fn() => EXPRESSION` as the value of an input. */
  #expression(text: string): Result<Compiled, readonly Diagnostic[]> {
    const input = readInput(inputText(this.#count + 1, text));
    if (!input.ok) return input;
    const { definitions, statements } = input.value;
    if (definitions.length > 0 || statements?.isExpression !== true) return err([]);
    const plan = { ...planOf(this.#variables, null), asFunction: true };
    return this.#compile(this.#definitions, statements, plan);
  }

  /** Names of declarations that these declare anew, with another text. */
  #replaced(definitions: readonly Definition[]): readonly string[] {
    return definitions.flatMap((definition) => {
      const before = this.#definitions.get(definition.key);
      return before === undefined || textOf(before) === textOf(definition) ? [] : [before.name];
    });
  }

  /** The declarations with these among them. */
  #with(definitions: readonly Definition[]): Map<string, Definition> {
    const next = new Map(this.#definitions);
    for (const definition of definitions) {
      next.delete(definition.key);
      next.set(definition.key, definition);
    }
    return next;
  }

  /** Compiles an input; what cannot be passed in or kept is left out, with a note. */
  #compile(
    definitions: ReadonlyMap<string, Definition>,
    statements: Statements | null,
    plan: VariablePlan,
  ): Result<Compiled, readonly Diagnostic[]> {
    const notes: string[] = [];
    for (;;) {
      const source = assemble(definitions, statements, plan);
      const { value, diagnostics, sources } = this.#compileText(source.text);
      if (value !== null) {
        const warnings = diagnostics.flatMap((d) => source.typedDiagnostic(d) ?? []);
        const { program, outline } = value;
        return ok({ program, outline, source, warnings, notes, plan, sources });
      }
      const [line] = diagnostics.flatMap((d) => source.variableAt(d.span.start) ?? []);
      if (line === undefined) return err(typedOnly(source, diagnostics));
      notes.push(giveUp(plan, line));
    }
  }

  #compileText(text: string): {
    readonly value: OutlinedProgram | null;
    readonly diagnostics: readonly Diagnostic[];
    readonly sources: ReadonlyMap<string, string>;
  } {
    const { project, allowUnstable, denyUnstable } = this.#options;
    const disk = makeDiskHost(project, text);
    const { root, host, sources } = required(disk.ok ? disk.value : null, "the entry is given");
    const compiled = compileOutlined(root, host, {
      project: project.name,
      version: project.version,
      comptime: evaluateComptime,
      secrets: project.secrets,
      allowUnstable,
      denyUnstable,
    });
    return { ...compiled, sources };
  }

  async #run(
    compiled: Compiled,
    kept: Map<number, Value>,
    interrupt: AbortSignal | undefined,
  ): Promise<CellOutcome> {
    const { program, plan, sources } = compiled;
    const { project, console, deterministic } = this.#options;
    const linked = linkProgram(program.modules);
    if (!linked.ok) return { kind: "stopped", failure: linked.error };
    const runnable = { project, program, diagnostics: [], sources };
    const tools = openTools(runnable, { kinds: LOCAL_KINDS, deterministic });
    if (!tools.ok) return { kind: "stopped", failure: tools.error };
    const network = makeNetwork();
    const values = [...plan.given.keys()].map((name) => this.#variables.get(name)?.value ?? null);
    try {
      return await runCell({
        program: linked.value,
        entry: scriptOf(program).cell,
        args: [],
        host: makeLocalHost(runnable, {
          console,
          deterministic,
          args: [],
          runId: "repl",
          network,
          journal: [variablesLayer(values, kept)],
          tools: tools.value,
          checkpoints: null,
          snapshots: null,
        }),
        runTile: null,
        ...(interrupt === undefined ? {} : { interrupt }),
      });
    } finally {
      network.close();
      await tools.value.close();
    }
  }

  #adopt(definitions: Map<string, Definition>, { plan, outline }: Compiled): void {
    this.#definitions = definitions;
    this.#outline = outline;
    for (const [name, { value }] of this.#variables) {
      const type = plan.given.get(name);
      if (type === undefined) this.#variables.delete(name);
      else this.#variables.set(name, { type, value });
    }
  }

  #keep({ plan, outline, program }: Compiled, kept: ReadonlyMap<number, Value>): void {
    const script = scriptOf(program).name;
    const locals = outline.cells.find((cell) => cell.name === script)?.locals ?? [];
    for (const [i, name] of plan.kept.entries()) {
      const value = kept.get(i);
      const local = locals.findLast((l) => l.name === name);
      if (value !== undefined && local !== undefined)
        this.#variables.set(name, { type: local.type, value });
    }
    for (const name of this.#variables.keys())
      if (!plan.kept.includes(name)) this.#variables.delete(name);
  }
}

function refused(diagnostics: readonly Diagnostic[]): ReplAnswer {
  return { diagnostics, notes: [], outcome: { kind: "refused" } };
}

/** The line of ours that could not give a variable its value; nothing of the input has run then. */
function staleLine({ stack }: Fault, { source, program }: Compiled): VariableLine | null {
  const [outer, inner] = stack;
  const span = inner === undefined && outer?.cell === scriptOf(program).name ? outer.span : null;
  const line = span === null ? null : source.variableAt(span.start);
  return line?.does === "take" ? line : null;
}

/** The value, or null where there is nothing to look at: a loop that made no values. */
function shownOf(value: Value, { isLoop }: Statements): Value {
  if (!isLoop || !isList(value)) return value;
  return value.every((item) => item === null) ? null : value;
}

/** `E_IO interrupted` and the like are no business of the session: its caller knows why. */
function outcomeOf(ran: CellOutcome, compiled: Compiled, value: Value): ReplAnswer["outcome"] {
  switch (ran.kind) {
    case "finished":
      return { kind: "value", shown: value === null ? null : shownValue(value) };
    case "exited":
      return { kind: "exited", status: ran.status };
    case "faulted": {
      const { code, message, stack } = ran.fault;
      return { kind: "failed", code, message, stack: locateInputFrames(stack, compiled) };
    }
    case "stopped":
      return { kind: "failed", code: ran.failure.code, message: ran.failure.message, stack: [] };
  }
}

/** What is wrong with the input; where nothing of it is, all that is wrong. */
function typedOnly(source: ReplSource, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const typed = diagnostics.flatMap((d) => source.typedDiagnostic(d) ?? []);
  return hasErrors(typed) ? typed : diagnostics;
}
