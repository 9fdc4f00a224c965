// `npm run bench:report`: bench/results/report.html from the newest result of each kind, a page
// that opens without a network. It says of each part when and on what it was measured.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { html, type Markup } from "@lumen/analysis";
import { type Results, SECTIONS } from "./sections.ts";
import { STYLE } from "./style.ts";

const FOLDER = "bench/results";
const PAGE = `${FOLDER}/report.html`;

/** What every result has (../results.ts). */
interface Head {
  readonly date: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly load: number };
  readonly versions: Readonly<Record<string, string | null>>;
}

const files = readdirSync(FOLDER).sort();
const parts = [
  part("programs"),
  part("startup"),
  part("compiler"),
  part("latency"),
  part("tasks"),
  part("recording"),
  part("verify"),
];
const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Lumen: what was measured</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
<h1>What was measured</h1>
<p>Made from the newest file of each kind in this folder;
<a href="../README.md">how it is measured</a>.</p>
${parts}</body>
</html>
`;
writeFileSync(PAGE, page.markup);
console.log(PAGE);

/** The part about the newest result of a kind; a sentence where there is none. */
function part<K extends keyof Results>(kind: K): Markup {
  const { title, draw } = SECTIONS[kind];
  const file = files
    .filter((name) => new RegExp(`^${kind}-\\d{4}-\\d{2}-\\d{2}\\.json$`).test(name))
    .at(-1);
  if (file === undefined)
    return html`<section><h2>${title}</h2><p>Not measured yet.</p></section>
`;
  const result: Head & Results[K] = JSON.parse(readFileSync(`${FOLDER}/${file}`, "utf8"));
  const { date, machine, versions } = result;
  const found = Object.entries(versions).flatMap(([name, version]) =>
    version === null ? [] : [`${name} ${version}`],
  );
  const load = `${machine.load.toFixed(1)} processes waiting`;
  const where = `${machine.cores} cores of ${machine.cpu}, ${load}. ${found.join("; ")}`;
  return html`<section><h2>${title}</h2>
${draw(result)}<p class="source"><a href="${file}">${file}</a>: ${date}, ${where}</p>
</section>
`;
}
