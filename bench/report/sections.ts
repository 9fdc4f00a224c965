// What the report says about each kind of result: a plot where there is something to compare, and
// the figures as a table.

import { formatBytes, formatCount, html, type Markup } from "@lumen/analysis";
import { geometricMean, median, quantile } from "../results.ts";
import { dotPlot, type PlotRow } from "./plots.ts";

type Samples = readonly number[];

/** Results by the name that their files begin with. */
export interface Results {
  readonly programs: {
    readonly programs: readonly {
      readonly program: string;
      readonly n: number;
      readonly times: Readonly<Record<string, Samples>>;
      readonly notes?: Readonly<Record<string, string>>;
    }[];
  };
  readonly startup: { readonly times: Readonly<Record<string, Samples>> };
  readonly compiler: {
    readonly lineCount: number;
    readonly check: Samples;
    readonly recheck: Samples;
    readonly peakBytes: number;
  };
  readonly latency: { readonly first: Samples; readonly later: Samples };
  readonly tasks: {
    readonly tasks: number;
    readonly messages: number;
    readonly figures: {
      readonly spawn: Samples;
      readonly channel: Samples;
      readonly peakBytes: number;
    };
  };
  readonly recording: Readonly<Record<"small" | "large", Recorded>>;
  readonly verify: {
    readonly levels: readonly {
      readonly steps: number;
      readonly level: string;
      readonly stepsPerSecond: number;
      readonly peakBytes: number;
    }[];
    readonly dispute: {
      readonly steps: number;
      readonly rounds: number;
      readonly proofBytes: number;
      readonly executions: number;
    };
  };
}

interface Recorded {
  readonly steps: number;
  readonly samples: Readonly<Record<string, readonly { readonly cpuMs: number }[]>>;
}

/** The part of the page about one kind of result. */
export type Section<K extends keyof Results> = (result: Results[K]) => Markup;

/** The peer that ratios refer to. */
const REFERENCE = "Node";

/** All kinds, in the order of the page: what their parts are called, and how they are made. */
export const SECTIONS: {
  readonly [K in keyof Results]: { readonly title: string; readonly draw: Section<K> };
} = {
  programs: { title: "Programs in several languages", draw: drawPrograms },
  startup: { title: "Start-up", draw: drawStartup },
  compiler: { title: "The compiler", draw: drawCompiler },
  latency: { title: "Hot cells to JavaScript", draw: drawLatency },
  tasks: { title: "Tasks and channels", draw: drawTasks },
  recording: { title: "Recording", draw: drawRecording },
  verify: { title: "Verification and disputes", draw: drawVerify },
};

function drawPrograms({ programs }: Results["programs"]): Markup {
  const peers = [...new Set(programs.flatMap((p) => Object.keys(p.times)))];
  const ratio = (times: Readonly<Record<string, Samples>>, peer: string): number =>
    median(times[peer] ?? []) / median(times[REFERENCE] ?? []);
  const rows = programs.map(
    ({ program, times }): PlotRow => ({
      label: program,
      marks: peers.map((series) => ({ series, value: ratio(times, series) })),
    }),
  );
  const means = peers.map((peer) => geometricMean(programs.map((p) => ratio(p.times, peer))));
  const all = [
    ...rows,
    {
      label: "geometric mean",
      marks: peers.map((series, i) => ({ series, value: means[i] ?? 1 })),
    },
  ];
  const cells = programs.map(({ program, n, times, notes }) => [
    program,
    formatCount(n),
    ...peers.map((peer) => {
      const ms = median(times[peer] ?? []);
      return `${ms.toFixed(ms < 100 ? 1 : 0)} ms (${ratio(times, peer).toFixed(2)}×)`;
    }),
    notes?.Lumen ?? "",
  ]);
  const last = ["geometric mean", "", ...means.map((mean) => `${mean.toFixed(2)}×`), ""];
  return html`<p>Medians, as ratios to ${REFERENCE}: further left is faster. All print the same.</p>
${dotPlot(all, peers, "×")}${table(["program", "n", ...peers, "how Lumen ran"], [...cells, last])}`;
}

function drawStartup({ times }: Results["startup"]): Markup {
  const base = median(Object.values(times)[0] ?? []);
  const rows = Object.entries(times).map(([name, samples]) => {
    const ms = median(samples);
    return [name, `${ms.toFixed(0)} ms`, `+${(ms - base).toFixed(0)} ms`];
  });
  return html`<p>Whole processes in turns; medians, and what they take above the first.</p>
${table(["command", "median", "above"], rows)}`;
}

function drawCompiler({ lineCount, check, recheck, peakBytes }: Results["compiler"]): Markup {
  const perSecond = (ms: number): string => formatCount(Math.round((lineCount / ms) * 1000));
  return table(
    ["of a generated project", "median", "best"],
    [
      [
        `lines a second through check (${formatCount(lineCount)} lines)`,
        perSecond(median(check)),
        perSecond(Math.min(...check)),
      ],
      [
        "check after an edit of one line, ms",
        median(recheck).toFixed(0),
        Math.min(...recheck).toFixed(0),
      ],
      ["peak memory", formatBytes(peakBytes), ""],
    ],
  );
}

function drawLatency({ first, later }: Results["latency"]): Markup {
  const row = (name: string, samples: Samples): readonly string[] => [
    name,
    ...[0.5, 0.9, 1].map((share) => (quantile(samples, share) * 1000).toFixed(0)),
  ];
  return html`<p>Microseconds for a cell, of ${formatCount(later.length)} cells.</p>
${table(
  ["round", "median", "nine in ten", "most"],
  [row("the first of a process", first), row("later ones", later)],
)}`;
}

function drawTasks({ tasks, messages, figures }: Results["tasks"]): Markup {
  return table(
    ["what", "median ms"],
    [
      [`${formatCount(tasks)} tasks spawned and awaited`, median(figures.spawn).toFixed(0)],
      [`${formatCount(messages)} messages through a channel`, median(figures.channel).toFixed(0)],
      ["peak memory", formatBytes(figures.peakBytes)],
    ],
  );
}

function drawRecording({ small, large }: Results["recording"]): Markup {
  const rows = [small, large].flatMap(({ steps, samples }) => {
    const micros = (name: string): number =>
      (median((samples[name] ?? []).map(({ cpuMs }) => cpuMs)) / steps) * 1000;
    const none = micros("none");
    return Object.keys(samples).map((name) => [
      `${formatCount(steps)} steps, ${name === "none" ? "no trace" : name}`,
      micros(name).toFixed(1),
      `+${(micros(name) - none).toFixed(1)}`,
      `${((micros(name) / none - 1) * 100).toFixed(1)} %`,
    ]);
  });
  return html`<p>Processor time of a step. The commitment is computed in every run.</p>
${table(["run", "µs a step", "above", "share"], rows)}`;
}

function drawVerify({ levels, dispute }: Results["verify"]): Markup {
  const rows = levels.map(({ steps, level, stepsPerSecond, peakBytes }) => [
    `${formatCount(steps)} steps, ${level}`,
    formatCount(stepsPerSecond),
    formatBytes(peakBytes),
  ]);
  const { steps, rounds, proofBytes, executions } = dispute;
  return html`${table(["verification", "steps a second", "peak memory"], rows)}
<p>A lie among ${formatCount(steps)} steps was found in ${rounds} rounds; its proof has
${formatCount(proofBytes)} bytes, and checking it runs ${executions} tile.</p>
`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): Markup {
  const line = (cells: readonly Markup[]): Markup => html`<tr>${cells}</tr>
`;
  const titles = line(head.map((cell) => html`<th>${cell}</th>`));
  const lines = rows.map((row) => line(row.map((cell) => html`<td>${cell}</td>`)));
  return html`<table>
${titles}${lines}</table>
`;
}
