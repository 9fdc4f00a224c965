// A thread of `lumen test`: it gets paths of documents, and answers with what their tests gave.

import type { MessagePort } from "node:worker_threads";
import { testDocument } from "@lumen/toolchain";
import { parseInvocation } from "./arguments.ts";
import type { Terminal } from "./command.ts";
import { settingsOf, testCommand, testRequest } from "./commands/test.ts";

/** Answers until the thread is ended. The command line was found right by the main thread. */
export function answerTests(port: MessagePort, words: readonly string[], terminal: Terminal): void {
  const invocation = parseInvocation(testCommand, words.slice(1), terminal);
  if (!invocation.ok) throw new Error(invocation.error.message);
  const settings = settingsOf(invocation.value);
  if (typeof settings === "string") throw new Error(settings);
  port.on("message", async (path: string) => {
    port.postMessage(await testDocument(testRequest(invocation.value, path, settings)));
  });
}
