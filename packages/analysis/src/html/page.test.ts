// The page of a run: complete, self-contained, and text stays text whatever a trace calls things.

import { describe, expect, it } from "vitest";
import { SyntheticTrace } from "../testing/synthetic-trace.ts";
import { analyzeTrace } from "../trace-analyzer.ts";
import type { TraceValidator } from "../validator.ts";
import { FlowBuilder } from "./flow.ts";
import { escapeText, html } from "./markup.ts";
import { renderPage } from "./page.ts";
import { TimelineBuilder } from "./timeline.ts";
import type { RunPicture } from "./visualisation.ts";

const HOSTILE = `<img src=x onerror="alert('1')">&amp;\u202e`;

function pictureOf(trace: SyntheticTrace, runId = "run-1", deterministic = false): RunPicture {
  const timeline = new TimelineBuilder({ deterministic });
  const flow = new FlowBuilder({ deterministic });
  for (const event of trace.events) {
    timeline.add(event);
    flow.add(event);
  }
  const report = analyzeTrace(trace.events, { header: { runId, deterministic } });
  return { report, timeline: timeline.timeline(), flow: flow.flow(null) };
}

const someRun = (name: string): SyntheticTrace =>
  new SyntheticTrace().sequence("main", (trace) => {
    trace.tile(name, { ns: 1500, cycles: 70_000 });
    trace.tile(name, { ns: 500, cycles: 10 });
    trace.tile("bad", { ns: 10, fails: true });
  });

describe("a page", () => {
  it("has timeline, flow, tiles, path and proof, with their figures", () => {
    const page = renderPage(pictureOf(someRun("work")));
    for (const id of ["summary", "timeline", "flow", "tiles", "critical-path", "proof"])
      expect(page, id).toContain(`<section id="${id}">`);
    expect(page).toContain("<title>tile work: 1.500 us from 0 ns</title>");
    expect(page).toContain("tile bad: 1× · 10 ns · 1 failed");
    expect(page).toContain("<title>2 calls</title>");
    expect(page).toContain("196,608");
  });

  it("needs nothing from anywhere and runs nothing", () => {
    const page = renderPage(pictureOf(someRun("work")));
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|\bhref=|@import|https?:|\bon\w+=/i);
    const remote = [...page.matchAll(/url\(([^)]*)\)/g)].map((match) => match[1]);
    expect(remote.every((target) => target?.startsWith("#"))).toBe(true);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it("is well formed: every element is closed", () => {
    const page = renderPage(pictureOf(someRun("work")));
    const open: string[] = [];
    for (const [, close, name = "", rest = ""] of page.matchAll(/<(\/?)([a-z0-9]+)([^>]*)>/gi)) {
      if (["meta", "doctype"].includes(name) || rest.endsWith("/")) continue;
      if (close === "") open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  it("shows hostile names as text, everywhere", () => {
    const page = renderPage(pictureOf(someRun(HOSTILE), HOSTILE));
    expect(page).not.toContain("<img");
    expect(page).not.toContain("\u202e");
    expect(page.split("&lt;img src=x onerror=&quot;alert(").length).toBeGreaterThan(5);
    expect(page).toContain("&amp;amp;");
  });

  it("is the same for the same run", () => {
    expect(renderPage(pictureOf(someRun("a")))).toBe(renderPage(pictureOf(someRun("a"))));
  });

  it("is there for a run without any event, and one that has not ended", () => {
    const empty = renderPage(pictureOf(new SyntheticTrace()));
    expect(empty).toContain("not finished");
    expect(empty).not.toContain('<section id="timeline">');
    const open = new SyntheticTrace().startSequence("main");
    expect(renderPage(pictureOf(open))).toContain("not ended");
  });

  it("counts events where time is logical", () => {
    expect(renderPage(pictureOf(someRun("a"), "det-1", true))).toContain("from event ");
  });

  it("shows what others draw, after or instead of ours", () => {
    const count = {
      name: "count",
      title: "Executions <counted>",
      draw: ({ report }: RunPicture) => html`<p>${report.totalTileInvocations} of them</p>`,
    };
    const page = renderPage(pictureOf(someRun("a")), {
      visualisations: [count, { ...count, name: "none", draw: () => null }],
    });
    expect(page).toContain("<h2>Executions &lt;counted&gt;</h2><p>3 of them</p>");
    expect(page).not.toContain('id="timeline"');
    expect(page).not.toContain('id="none"');
  });

  it("shows what validators found", () => {
    let failures = 0;
    const validator: TraceValidator = {
      name: "no-failures",
      take: (event) => {
        if (event.kind === "TileFailure") failures += 1;
      },
      findings: () => [{ severity: "error", message: `${failures} tiles <failed>` }],
    };
    const trace = someRun("a");
    const header = { runId: "r", deterministic: false };
    const report = analyzeTrace(trace.events, { header, validators: [validator] });
    expect(report.findings).toEqual([
      { validator: "no-failures", severity: "error", message: "1 tiles <failed>" },
    ]);
    const page = renderPage({ ...pictureOf(trace), report });
    expect(page).toContain('<li class="error">no-failures: 1 tiles &lt;failed&gt;</li>');
  });
});

describe("markup", () => {
  it("escapes what is put in, in text and in attributes", () => {
    expect(html`<a b="${`"'<>&`}">${"<"}${1}${[html`<i>x</i>`]}</a>`.markup).toBe(
      '<a b="&quot;&#39;&lt;&gt;&amp;">&lt;1<i>x</i></a>',
    );
  });

  it("replaces what cannot be seen", () => {
    expect(escapeText("a\u0000b\u001b[2J\u2066c\ud800d")).toBe("a\ufffdb\ufffd[2J\ufffdc\ufffdd");
    expect(escapeText("é😀")).toBe("é😀");
  });
});

describe("bounds", () => {
  it("a long run keeps its longest spans and says how many are left out", () => {
    const builder = new TimelineBuilder({ deterministic: false, spansMax: 10 });
    const trace = new SyntheticTrace();
    for (let i = 1; i <= 500; i += 1) trace.tile("t", { ns: i });
    for (const event of trace.events) builder.add(event);
    const { spans, leftOut } = builder.timeline();
    expect(spans.map((span) => span.end - span.start)).toEqual(
      Array.from({ length: 10 }, (_, i) => 491 + i),
    );
    expect(leftOut).toBe(490);
  });

  it("a flow has at most so many names", () => {
    const builder = new FlowBuilder({ deterministic: false, nodesMax: 5 });
    const trace = new SyntheticTrace();
    for (let i = 0; i < 50; i += 1) trace.tile(`t${i}`, {});
    for (const event of trace.events) builder.add(event);
    const flow = builder.flow(null);
    expect(flow.nodes).toHaveLength(5);
    expect(flow.leftOut).toBeGreaterThan(0);
  });

  it("spans that overlap do not cover each other", () => {
    const timeline = {
      spans: [1, 2, 3].map((span) => ({
        span,
        parent: 0,
        kind: "task" as const,
        name: `t${span}`,
        start: span,
        end: 10,
        failed: false,
        open: false,
      })),
      leftOut: 0,
      end: 10,
      isLogical: false,
    };
    const picture = { ...pictureOf(new SyntheticTrace()), timeline };
    const rows = [...renderPage(picture).matchAll(/<rect class="task"[^>]*y="(\d+)"/g)];
    expect(new Set(rows.map((row) => row[1])).size).toBe(3);
  });
});
