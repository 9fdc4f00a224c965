// Whether bytes tell a secret, by other means than those that take it out: everything that looks
// encoded is decoded, and the value looked for in what comes out.

const NESTED_MAX = 2;

/** Whether the secret is in the bytes, as it is or encoded. */
export function tells(bytes: Buffer, secret: string): boolean {
  const value = Buffer.from(secret);
  if (bytes.includes(value)) return true;
  let level: readonly Buffer[] = [bytes];
  for (let depth = 0; depth < NESTED_MAX; depth += 1) {
    level = level.flatMap(unescaped);
    if (level.some((read) => read.includes(value))) return true;
  }
  return [bytes, ...level].some((read) => decodedRuns(read).some((run) => run.includes(value)));
}

/** Texts in texts: JSON, URLs, HTML. Characters are bytes here. */
function unescaped(bytes: Buffer): readonly Buffer[] {
  const text = bytes.toString("utf8");
  const json = text.replace(/\\(u[0-9a-fA-F]{4}|["\\/bfnrt])/g, (written) => {
    const read: unknown = JSON.parse(`"${written}"`);
    return typeof read === "string" ? read : written;
  });
  const raw = bytes.toString("latin1");
  const url = percentDecoded(raw);
  const form = percentDecoded(raw.replaceAll("+", " "));
  const html = text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  return [
    ...(json === text ? [] : [Buffer.from(json)]),
    ...(url === raw ? [] : [Buffer.from(url, "latin1"), Buffer.from(form, "latin1")]),
    ...(html === text ? [] : [Buffer.from(html)]),
  ];
}

function percentDecoded(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, pair) =>
    String.fromCharCode(Number.parseInt(pair, 16)),
  );
}

/** Base64 at every offset, and hexadecimal. */
function decodedRuns(bytes: Buffer): readonly Buffer[] {
  const text = bytes.toString("latin1").replace(/[\s]+/g, "");
  const runs = (text.match(/[A-Za-z0-9+/_-]{16,}/g) ?? []).flatMap((run) =>
    [0, 1, 2, 3].map((offset) => Buffer.from(run.slice(offset), "base64")),
  );
  const pairs = text.match(/(?:[0-9a-fA-F]{2}:?){8,}/g) ?? [];
  const digits = pairs.flatMap((run) => {
    const plain = run.replaceAll(":", "");
    return [Buffer.from(plain, "hex"), Buffer.from(plain.slice(1), "hex")];
  });
  return [...runs, ...digits];
}
