// Hosts of URLs against the patterns of grants (language 11.4).

/**
 * The host of a URL, or of what begins with a host: in lower case and ASCII, without user, port
 * and trailing dot; IPv4 in four decimal parts, IPv6 in brackets. Null where there is none, or
 * where two readers of the text might see two different ones.
 */
export function hostOf(url: string): string | null {
  // Parsers disagree about these: some drop them, some take `\` for `/`.
  if (hasControl(url) || /[\s\\]/.test(url)) return null;
  const parsed = parseUrl(url);
  const hasHost = parsed !== null && parsed.host !== "";
  const isWhole = hasHost || /^[a-z][a-z0-9+.-]*:\/\//i.test(url);
  const whole = isWhole ? parsed : parseUrl(`http://${url}`);
  if (whole === null || whole.hostname === "") return null;
  const host = whole.hostname.toLowerCase().replace(/\.$/, "");
  return host === "" || host.endsWith(".") ? null : host;
}

function hasControl(text: string): boolean {
  return [...text].some((c) => (c.codePointAt(0) ?? 0) < 0x20 || c === "\u007f");
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/**
 * Whether a host, as {@link hostOf} gives it, is the pattern, or for `*.d` is d or below d; `*`
 * takes any. A pattern that is no host takes none.
 */
export function matchesDomain(host: string, pattern: string): boolean {
  if (pattern === "*") return true;
  if (/[/@?#]/.test(pattern)) return false;
  const isWide = pattern.startsWith("*.");
  const domain = hostOf(`http://${isWide ? pattern.slice(2) : pattern}/`);
  if (domain === null) return false;
  return host === domain || (isWide && host.endsWith(`.${domain}`) && !isAddress(host));
}

/** Addresses have no subdomains. */
function isAddress(host: string): boolean {
  return host.startsWith("[") || /^\d+(\.\d+){3}$/.test(host);
}
