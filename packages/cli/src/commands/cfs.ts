// lumen cfs

import type { CfsDocument } from "@lumen/core/cfs";
import { checkSchema, schema } from "@lumen/toolchain";
import { type Command, EXIT, type Invocation } from "../command.ts";
import { paintFor } from "../render/paint.ts";
import { fromWorkingDirectory, PROJECT_OPTIONS, projectOptionsOf, targetOf } from "./inputs.ts";
import { conclude, oneLine } from "./outcome.ts";

/** Writes or checks the control-flow schema. */
export const cfsCommand: Command = {
  name: "cfs",
  group: "run",
  summary: "write or check the control-flow schema",
  positionals: "[FILE|DIR]",
  positionalsMax: 1,
  options: {
    ...PROJECT_OPTIONS,
    output: { value: "FILE", help: "where to write it (default: target/raster/cfs.json)" },
    check: { value: "FILE", help: "check a schema file instead, and compare it with the sources" },
  },
  run: async (invocation) => {
    const { options, terminal, format } = invocation;
    const paint = paintFor(terminal);
    const file = options.check;
    if (file !== undefined) {
      return conclude(
        invocation,
        checkSchema(
          targetOf(invocation),
          fromWorkingDirectory(invocation, file),
          projectOptionsOf(invocation),
        ),
        (found) => {
          const same = found.hash === found.current;
          if (format === "json") terminal.stdout(`${JSON.stringify({ ...found, same })}\n`);
          else if (same)
            terminal.stdout(
              `${paint.green("ok")}  ${file} is the schema of the sources: ${found.hash}\n`,
            );
          else
            terminal.stdout(
              `${file} is a valid schema, but not that of the sources\n  file     ${found.hash}\n  sources  ${found.current}\n`,
            );
          return same ? EXIT.ok : EXIT.failed;
        },
      );
    }
    const output = options.output;
    return conclude(
      invocation,
      schema(
        targetOf(invocation),
        output === undefined ? undefined : fromWorkingDirectory(invocation, output),
        projectOptionsOf(invocation),
      ),
      (report) => {
        if (format === "json") terminal.stdout(oneLine(report.text));
        else showText(invocation, report.project.program.cfs, report);
        return EXIT.ok;
      },
    );
  },
};

type Items = CfsDocument["sequences"][number]["items"];

function showText(
  invocation: Invocation,
  cfs: CfsDocument,
  report: { readonly path: string | null; readonly hash: string; readonly version: string },
): void {
  const { terminal } = invocation;
  const paint = paintFor(terminal);
  terminal.stdout(`${paint.bold(cfs.project)}: control-flow schema ${report.version}\n`);
  for (const sequence of cfs.sequences) {
    const inputs = (sequence.input_names ?? []).join(", ");
    terminal.stdout(
      `\n${paint.bold(sequence.id)}(${inputs})\n${itemLines(sequence.items, "  ").join("\n")}\n`,
    );
  }
  terminal.stdout(`\nschema hash ${report.hash}\nwritten to ${report.path}\n`);
}

function itemLines(items: Items, indent: string): readonly string[] {
  return items.flatMap((item, i): readonly string[] => {
    const name = item.name === undefined ? "" : `${item.name} = `;
    switch (item.item_type) {
      case "branch":
        return [
          `${indent}${i}  ${name}branch on ${bindings(item.input_sources)}`,
          ...item.arms.flatMap((arm) => [
            `${indent}   when ${JSON.stringify(arm.when)}`,
            ...itemLines(arm.items, `${indent}     `),
          ]),
        ];
      case "loop":
        return [
          `${indent}${i}  ${name}${item.mode === "for_each" ? "for each of" : "while over"} ${bindings(item.input_sources)}`,
          ...itemLines(item.head?.items ?? [], `${indent}     `),
          ...itemLines(item.body.items, `${indent}     `),
        ];
      default: {
        const bang = item.recursive === true ? "!" : "";
        return [`${indent}${i}  ${name}${item.item_id}${bang}(${bindings(item.input_sources)})`];
      }
    }
  });
}

function bindings(list: Items[number]["input_sources"]): string {
  return list.map(bindingText).join(", ");
}

function bindingText(binding: Items[number]["input_sources"][number]): string {
  if (binding.literal !== undefined) return "literal";
  const { source } = binding;
  switch (source.type) {
    case "external":
      return "external";
    case "seq_input":
      return `input ${source.input_index}`;
    case "item_output":
      return `item ${source.item_index}${binding.whole === true || source.output_index === 0 ? "" : `.${source.output_index}`}${upText(source.up)}`;
    case "arm_input":
      return `payload ${source.input_index}`;
    case "loop_state":
      return `state ${source.input_index}`;
    case "loop_element":
      return "element";
    case "loop_index":
      return "index";
  }
}

function upText(up: unknown): string {
  return up === undefined || up === 0 ? "" : ` (${String(up)} up)`;
}
