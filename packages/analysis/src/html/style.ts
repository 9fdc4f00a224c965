// The style sheet of pages: light and dark as the reader's system has it.

import type { Markup } from "./markup.ts";

/** For a `style` element. */
export const STYLE: Markup = {
  markup: `
:root { color-scheme: light dark; --line: #d0d0d4; --soft: #6a6a74; --tile: #4c8bd6;
  --sequence: #8f9bb3; --cell: #8f9bb3; --request: #d69a3c; --task: #8a6fc4; --bad: #c8413b; }
body { font: 14px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 1200px; padding: 1rem; }
h1 { font-size: 1.3rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 1.6rem 0 0.5rem; }
.status { font-weight: 600; margin: 0.2rem 0; }
.status.failed, .status.aborted, .verdict.rejected, .error { color: var(--bad); }
.note, .axis, .figures, dt { color: var(--soft); }
.cards { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0; }
.cards div { border: 1px solid var(--line); border-radius: 6px; min-width: 8rem;
  padding: 0.4rem 0.7rem; }
dd { font-size: 1.05rem; font-weight: 600; margin: 0; }
table { border-collapse: collapse; width: 100%; }
th { color: var(--soft); font-weight: 500; text-align: left; }
th, td { border-bottom: 1px solid var(--line); overflow-wrap: anywhere; padding: 0.25rem 0.5rem; }
.number { font-variant-numeric: tabular-nums; text-align: right; }
svg { display: block; }
svg text { fill: currentColor; font: 11px system-ui, sans-serif; }
svg.timeline { width: 100%; }
#flow { overflow-x: auto; }
svg.bar { height: 10px; width: 90px; }
svg.bar rect, rect.tile { fill: var(--tile); }
rect.sequence { fill: var(--sequence); }
rect.cell { fill: var(--cell); }
rect.request { fill: var(--request); }
rect.task { fill: var(--task); }
rect.failed { fill: var(--bad); }
rect.open { opacity: 0.55; }
.flow rect { fill-opacity: 0.22; stroke: var(--soft); }
path.calls, path.gives { fill: none; stroke: var(--soft); stroke-width: 1.2; }
path.gives { stroke: var(--tile); stroke-dasharray: 4 3; }
.calls-head { fill: var(--soft); }
.gives-head { fill: var(--tile); }
.tick { stroke: var(--line); }
`,
};
