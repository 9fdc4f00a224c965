// Native builtins of language 16.8 that ask nothing outside: paths as text, times as text.

import { Float } from "@lumen/core/value";
import { formatUtc } from "../text/utc-time.ts";
import { runtimeTrap } from "../trap.ts";
import { type Native, type Natives, numberArg, textArg } from "./native.ts";

const pathJoin: Native = (args) => {
  const base = textArg("path_join", args, 0);
  const path = textArg("path_join", args, 1);
  if (path.startsWith("/") || base === "") return path;
  return base.endsWith("/") || path === "" ? base + path : `${base}/${path}`;
};

/** A path without the slashes at its end; the root stays. */
function withoutTrailingSlashes(path: string): string {
  const end = path.replace(/\/+$/, "");
  return end === "" && path !== "" ? "/" : end;
}

function parentOf(path: string): string {
  const whole = withoutTrailingSlashes(path);
  const at = whole.lastIndexOf("/");
  if (at < 0 || whole === "/") return "";
  return withoutTrailingSlashes(whole.slice(0, at + 1));
}

function filenameOf(path: string): string {
  const whole = withoutTrailingSlashes(path);
  return whole === "/" ? "" : whole.slice(whole.lastIndexOf("/") + 1);
}

/** Name and extension; a dot at the beginning of a name begins no extension. */
function splitName(path: string): { readonly stem: string; readonly extension: string } {
  const name = filenameOf(path);
  const at = name === ".." ? -1 : name.lastIndexOf(".");
  if (at <= 0) return { stem: name, extension: "" };
  return { stem: name.slice(0, at), extension: name.slice(at + 1) };
}

function onPath(name: string, part: (path: string) => string): Native {
  return (args) => part(textArg(name, args, 0));
}

const formatTime: Native = (args) => {
  const seconds = numberArg("format_time", args, 0);
  const format = textArg("format_time", args, 1);
  if (!(seconds instanceof Float)) return formatUtc(BigInt(seconds) * 1000n, format);
  const { value } = seconds;
  if (!Number.isFinite(value)) throw runtimeTrap(`format_time: ${value} is no time`);
  // Beyond 2^43 seconds a double has no milliseconds to round.
  const rounded = Math.abs(value) < 2 ** 43;
  const ms = rounded ? BigInt(Math.round(value * 1000)) : BigInt(Math.trunc(value)) * 1000n;
  return formatUtc(ms, format);
};

/** Natives by name. */
export const SYSTEM_NATIVES: Natives<
  "path_join" | "path_parent" | "path_extension" | "path_filename" | "path_stem" | "format_time"
> = {
  path_join: pathJoin,
  path_parent: onPath("path_parent", parentOf),
  path_extension: onPath("path_extension", (path) => splitName(path).extension),
  path_filename: onPath("path_filename", filenameOf),
  path_stem: onPath("path_stem", (path) => splitName(path).stem),
  format_time: formatTime,
};
