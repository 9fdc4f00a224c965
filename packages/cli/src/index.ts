// Public entry point of @lumen/cli: named re-exports only.
export { EXIT, type Terminal } from "./command.ts";
export { main } from "./main.ts";
