// Hosts against the patterns of grants (language 11.4): what is the host of a text, and which
// tricks must not make it look like another.

import { describe, expect, it } from "vitest";
import { hostOf, matchesDomain } from "./domain.ts";

describe("the host of a URL", () => {
  it.each([
    ["https://api.example.com/v1?q=a.b", "api.example.com"],
    ["HTTPS://API.Example.COM:8443/", "api.example.com"],
    ["https://user:pw@api.example.com/", "api.example.com"],
    ["https://good.example@evil.example/", "evil.example"],
    ["https://good.example:443@evil.example:80/", "evil.example"],
    ["https://evil.example#@good.example/", "evil.example"],
    ["https://evil.example?@good.example/", "evil.example"],
    ["https://example.com./", "example.com"],
    ["example.com", "example.com"],
    ["example.com:8080/path", "example.com"],
    ["//evil.example/good.example", "evil.example"],
    ["http:/evil.example", "evil.example"],
    ["http:evil.example", "evil.example"],
    ["https://bücher.example/", "xn--bcher-kva.example"],
    ["https://ｅvil.example/", "evil.example"],
    ["https://evil%2eexample/", "evil.example"],
    ["http://[::1]:80/", "[::1]"],
    ["http://[0:0:0:0:0:0:0:1]/", "[::1]"],
    ["http://0x7f.1/", "127.0.0.1"],
    ["http://2130706433/", "127.0.0.1"],
    ["wss://example.com/socket", "example.com"],
  ])("%s is %s", (url, host) => {
    expect(hostOf(url)).toBe(host);
  });

  it.each([
    "",
    "https://",
    "https:///",
    "https://evil.example\\@good.example/",
    "https:\\\\evil.example",
    " https://example.com",
    "https://exa mple.com",
    "https://example.com\n",
    "ht\ttps://example.com",
    "https://example.com\u0000",
    "https://example.com../",
    "https://[::1",
    "https://exa<mple.com/",
  ])("%j has none", (url) => {
    expect(hostOf(url)).toBeNull();
  });
});

describe("a pattern", () => {
  it.each([
    ["example.com", "example.com", true],
    ["EXAMPLE.com", "example.com", true],
    ["example.com.", "example.com", true],
    ["example.com", "api.example.com", false],
    ["example.com", "notexample.com", false],
    ["*.example.com", "example.com", true],
    ["*.example.com", "a.b.example.com", true],
    ["*.example.com", "notexample.com", false],
    ["*.example.com", "example.com.evil.org", false],
    ["*.EXAMPLE.com", "api.example.com", true],
    ["bücher.example", "xn--bcher-kva.example", true],
    ["[::1]", "[::1]", true],
    ["[0:0::1]", "[::1]", true],
    ["*.0.0.1", "127.0.0.1", false],
    ["127.0.0.1", "127.0.0.1", true],
    ["*", "anything.example", true],
    ["", "example.com", false],
    ["*.", "example.com", false],
    ["*example.com", "notexample.com", false],
    ["https://example.com", "example.com", false],
    ["example.com/path", "example.com", false],
    ["good.example@example.com", "example.com", false],
  ])("%s on %s: %s", (pattern, host, expected) => {
    expect(matchesDomain(host, pattern)).toBe(expected);
  });

  it("takes exactly the hosts that end in it, whatever stands around the host", () => {
    const labels = ["a", "api", "example", "com", "org", "evil", "xn--bcher-kva", "1"];
    let state = 7;
    const next = (bound: number): number => {
      state = (state * 48271) % 2147483647;
      return state % bound;
    };
    const host = (): string =>
      Array.from({ length: 1 + next(3) }, () => labels[next(labels.length)] ?? "a")
        .concat("test")
        .join(".");
    for (let i = 0; i < 500; i += 1) {
      const [domain, asked] = [host(), next(2) === 0 ? host() : null];
      const target = asked ?? `${host()}.${domain}`;
      const user = next(2) === 0 ? `${domain}@` : "";
      const url = `https://${user}${target}:8443/${domain}?${domain}#@${domain}`;
      const found = hostOf(url);
      expect(found).toBe(target);
      const isBelow = target === domain || target.endsWith(`.${domain}`);
      expect(matchesDomain(found ?? "", `*.${domain}`)).toBe(isBelow);
      expect(matchesDomain(found ?? "", domain)).toBe(target === domain);
    }
  });
});
