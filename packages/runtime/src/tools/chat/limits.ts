// Bounds of what a model server may send and how long it may take.

/** Most bytes of a request, and of an answer that comes in one piece. */
export const CHAT_BODY_MAX: number = 8 * 1024 * 1024;

/** Most bytes of an answer that comes as a stream, where each piece of text has its frame. */
export const CHAT_STREAM_MAX: number = 64 * 1024 * 1024;

/** Most UTF-16 units of one event of a stream, and of the text that all pieces make. */
export const CHAT_EVENT_MAX: number = 1024 * 1024;
export const CHAT_TEXT_MAX: number = 8 * 1024 * 1024;

/** Most calls of tools in one answer. */
export const CHAT_TOOL_CALLS_MAX = 1000;

/** Bytes of the body of a failure that are looked at for a message. */
export const CHAT_FAILURE_READ = 65_536;

/** One call, where the grant states no `timeout_ms`. */
export const CHAT_CALL_MS = 300_000;

/** Longest wait that a server can ask for: a day. */
export const CHAT_RETRY_AFTER_MS_MAX = 86_400_000;
