// HTTP requests (language 16.8), by the engine's own fetch. A failure of transport is an answer.

import { MapValue, mapEntries, type Value } from "@lumen/core/value";
import type { DoorAnswer } from "../door.ts";
import {
  answerMap,
  type Provider,
  type ProviderTable,
  systemError,
  textArgument,
} from "./provider.ts";

/** Most bytes of the body of an answer. */
export const HTTP_BODY_MAX: number = 8 * 1024 * 1024;

const JSON_CONTENT: HeaderList = [["content-type", "application/json"]];

type HeaderList = readonly (readonly [string, string])[];

interface HttpRequest {
  readonly method: string;
  readonly url: string;
  /** Empty: none is sent. */
  readonly body: string;
  readonly headers: HeaderList;
}

/** `http_get` and its kin. */
export function httpProviders(): ProviderTable {
  const simple = (method: string): Provider => {
    return (args) => send({ method, url: textArgument(args, 0), body: "", headers: [] });
  };
  const withBody = (method: string): Provider => {
    return (args) => {
      const [url, body] = [textArgument(args, 0), textArgument(args, 1)];
      return send({ method, url, body, headers: JSON_CONTENT });
    };
  };
  return {
    "http.http_get": simple("GET"),
    "http.http_delete": simple("DELETE"),
    "http.http_post": withBody("POST"),
    "http.http_put": withBody("PUT"),
    "http.http_request": (args) =>
      send({
        method: textArgument(args, 0).toUpperCase(),
        url: textArgument(args, 1),
        body: textArgument(args, 2),
        headers: headersOf(args[3] ?? null),
      }),
  };
}

function headersOf(value: Value): HeaderList {
  if (!(value instanceof MapValue)) return [];
  return mapEntries(value).map((e) => [String(e.key), String(e.value)] as const);
}

async function send({ method, url, body, headers }: HttpRequest): Promise<DoorAnswer> {
  try {
    const content = body === "" ? {} : { body };
    const response = await fetch(url, { method, headers: Object.fromEntries(headers), ...content });
    const text = await boundedText(response);
    return answerMap({ ok: response.ok, status: response.status, body: text });
  } catch (error) {
    // fetch throws for bad URLs, headers and connections alike: each is an answer of the row.
    if (!(error instanceof Error)) throw error;
    return answerMap({ ok: false, status: 0, body: "", error: systemError(error) });
  }
}

/** Raised where a body is longer than its bound; becomes the `error` of the answer. */
class BodyTooLong extends Error {
  constructor() {
    super(`the body is longer than ${HTTP_BODY_MAX} bytes`);
  }
}

async function boundedText(response: Response): Promise<string> {
  if (response.body === null) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > HTTP_BODY_MAX) throw new BodyTooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
