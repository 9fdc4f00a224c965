// Evidence of a run whose tasks ask at the same time: the trace is accepted, and a replay repeats
// the order in which the answers came (formats 13.2, 15.4).

import { describe, expect, it } from "vitest";
import { document, lumen, onlyTrace, project } from "../cli/testing/lumen.ts";

const PROGRAM = document(`
effect Ask
  cell ask(n: Int) -> Int
end

@tile(iter)
cell double(n: Int) -> Int = n * 2

cell work(ms: Int) -> Int
  defer
    print("end {ms}")
  end
  sleep(ms)
  return double(ms)
end

cell main() -> list[Int]
  let results = handle
    nursery n
      let slow = n.spawn(fn() => work(20))
      let fast = n.spawn(fn() => work(1))
      [await slow, await fast, Ask.ask(3)]
    end
  with
    Ask.ask(k) => resume(k + 1)
  end
  let lost = spawn(fn() => work(60000))
  let (tx, rx) = channel[Int](0)
  spawn(fn() => tx.send(7))
  return append(results, rx.recv() ?? 0)
end
`);

const TOOL = document(`
use tool llm.chat as Chat
grant Chat max_tokens 512

cell main() -> String
  let answer = spawn(fn() => Chat(prompt: "hi"))
  print("asked")
  let text = await answer
  return "answered"
end
`);

describe("a run with several tasks", () => {
  it("records a tool as a tool, and fails where nobody provides it", async () => {
    const toml = '[package]\nname = "tool"\nversion = "1.0.0"\n';
    const folder = project({ "main.lm.md": TOOL, "lumen.toml": toml });
    const ran = await lumen(folder, "run");
    expect(ran).toMatchObject({ status: 1, stdout: "asked\n" });
    expect(ran.stderr).toContain("await failed for future 1: tool call error: no provider for");
    expect(ran.stderr.match(/tool call error/g)).toHaveLength(1);
    const trace = onlyTrace(folder);
    const shown = await lumen(folder, "trace", "show", trace);
    expect(shown.stdout).toContain("ToolCall        llm.chat");
    expect(shown.stdout).toContain("tool:llm.chat -> E_NO_PROVIDER");
    expect((await lumen(folder, "verify", trace)).stdout).toContain("accepted");
    expect((await lumen(folder, "replay", trace)).stdout).toContain("identical");
  });

  it("is verified by execution and replayed", async () => {
    const toml = '[package]\nname = "tasks"\nversion = "1.0.0"\n';
    const folder = project({ "main.lm.md": PROGRAM, "lumen.toml": toml });
    const ran = await lumen(folder, "run");
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(ran.stdout).toBe("end 1\nend 20\n[40, 2, 4, 7]\n");
    const trace = onlyTrace(folder);
    const verified = await lumen(folder, "verify", trace);
    expect(verified.stdout).toContain("accepted");
    expect(verified.stdout).toContain("re-execution");
    const replayed = await lumen(folder, "replay", trace);
    expect(replayed).toMatchObject({ status: 0 });
    expect(replayed.stdout).toContain("identical");
    const shown = await lumen(folder, "trace", "show", trace);
    expect(shown.stdout.match(/FutureSpawn/g)).toHaveLength(4);
    expect(shown.stdout).toContain("future 1  Ok");
  });
});
