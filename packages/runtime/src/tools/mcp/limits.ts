// Bounds of what a server may send and how long it may take.

/** Most bytes of one message, in either direction. */
export const MCP_MESSAGE_MAX: number = 8 * 1024 * 1024;

/** Most bytes of lines that are no messages, in the life of a server. */
export const MCP_NOISE_MAX: number = 1024 * 1024;

/** Most bytes that wait for a server that does not read. */
export const MCP_UNREAD_MAX: number = 32 * 1024 * 1024;

/** Most tools of a server, and most pages on which it lists them. */
export const MCP_TOOLS_MAX = 10_000;
export const MCP_PAGES_MAX = 100;

/** From the start of the process to the list of its tools; `npx` may have to download it. */
export const MCP_START_MS = 60_000;

/** One call, where the grant states no `timeout_ms`. */
export const MCP_CALL_MS = 300_000;

/** What a server has, after each sign that it shall end, before it gets the next. */
export const MCP_END_MS = 1000;
