// One request to a model server, and its answer in one piece or as a stream, bounded.

import { err, type Result } from "@lumen/core/result";
import { systemError } from "../../providers/provider.ts";
import { refusal, type ToolRefusal } from "../answers.ts";
import { ChunkCollector } from "./chunks.ts";
import { type Completion, decodeCompletion } from "./completion.ts";
import { EventStream } from "./event-stream.ts";
import { statusRefusal } from "./failures.ts";
import { CHAT_BODY_MAX, CHAT_EVENT_MAX, CHAT_FAILURE_READ, CHAT_STREAM_MAX } from "./limits.ts";

/** Headers by name. */
export type HeaderTable = { readonly [name: string]: string };

/** What is sent. */
export interface Exchange {
  readonly url: URL;
  readonly headers: HeaderTable;
  readonly body: string;
  readonly signal: AbortSignal;
}

/**
 * Sends the request. Where the signal is aborted, a refusal too: whoever aborted knows why.
 * `nowMs` is asked where the server states a date until which to wait.
 */
export async function exchange(
  request: Exchange,
  nowMs: () => number,
): Promise<Result<Completion, ToolRefusal>> {
  try {
    return await answerOf(await send(request), nowMs);
  } catch (error) {
    if (error instanceof TransportError) return err(error.refusal());
    throw error;
  }
}

/** Something between here and the server failed; not what this code does with the answer. */
class TransportError extends Error {
  override readonly name = "TransportError";

  refusal(): ToolRefusal {
    const why = this.cause instanceof Error ? systemError(this.cause) : "no reason given";
    return refusal(SILENCE.has(why) ? "Timeout" : "ProviderUnavailable", `no answer: ${why}`);
  }
}

/** Codes of the engine for a server that is silent too long. */
const SILENCE: ReadonlySet<string> = new Set([
  "ETIMEDOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
]);

async function transported<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new TransportError("transport", { cause });
  }
}

function send({ url, headers, body, signal }: Exchange): Promise<Response> {
  // A redirect could lead the key to another host: none is followed.
  return transported(fetch(url, { method: "POST", headers, body, signal, redirect: "manual" }));
}

async function answerOf(
  response: Response,
  nowMs: () => number,
): Promise<Result<Completion, ToolRefusal>> {
  const { status, headers } = response;
  if (!response.ok) {
    const { text } = await readText(response, CHAT_FAILURE_READ);
    return err(statusRefusal({ status, headers, body: text }, nowMs()));
  }
  // Some servers stream although nobody asked, and others do not although somebody did.
  const type = headers.get("content-type") ?? "";
  if (/^text\/event-stream\b/i.test(type)) return readStream(response);
  const read = await readText(response, CHAT_BODY_MAX);
  if (read.isWhole) return decodeCompletion(read.text);
  return err(refusal("ExecutionFailed", `the answer has more than ${CHAT_BODY_MAX} bytes`));
}

/** The pieces of a body; who stops reading ends the connection. */
async function* piecesOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const next = await transported(reader.read());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // An error of the stream was raised by `read`, and is raised again here.
    reader.cancel().catch(() => undefined);
  }
}

/** The text of a body, up to a bound; the rest is not read. */
async function readText(
  response: Response,
  bytesMax: number,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of piecesOf(response)) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > bytesMax) break;
  }
  const text = Buffer.concat(pieces).subarray(0, bytesMax).toString("utf8");
  return { text, isWhole: bytes <= bytesMax };
}

async function readStream(response: Response): Promise<Result<Completion, ToolRefusal>> {
  const collector = new ChunkCollector();
  let failed: ToolRefusal | null = null;
  const events = new EventStream(CHAT_EVENT_MAX, (data) => {
    failed ??= collector.add(data);
  });
  let bytes = 0;
  for await (const piece of piecesOf(response)) {
    bytes += piece.length;
    const fits = events.push(piece) && bytes <= CHAT_STREAM_MAX;
    const refused = failed ?? (fits ? null : STREAM_TOO_LONG);
    if (refused !== null) return err(refused);
    if (collector.isComplete) break;
  }
  return collector.finish();
}

const STREAM_TOO_LONG: ToolRefusal = refusal(
  "ExecutionFailed",
  `the stream has more than ${CHAT_STREAM_MAX} bytes, or an event more than ${CHAT_EVENT_MAX}`,
);
