// Server-sent events (WHATWG HTML 9.2): the data of each event, from bytes in pieces.

/** Reads a stream of events; only their data matters here. */
export class EventStream {
  private readonly eventMax: number;
  private readonly onData: (data: string) => void;
  // Ill-formed UTF-8 becomes U+FFFD; a byte order mark at the start is dropped.
  private readonly decoder = new TextDecoder("utf-8");
  private line = "";
  private data: string[] = [];
  private size = 0;
  private afterReturn = false;

  /** `onData` gets the lines of data of each event, joined by line feeds. */
  constructor(eventMax: number, onData: (data: string) => void) {
    this.eventMax = eventMax;
    this.onData = onData;
  }

  /**
   * False where an event is longer than the bound. An event that its stream ends in the middle of
   * is not reported.
   */
  push(bytes: Uint8Array): boolean {
    let text = this.decoder.decode(bytes, { stream: true });
    if (text === "") return true;
    // The line feed of a CRLF may come in the next piece.
    if (this.afterReturn && text.startsWith("\n")) text = text.slice(1);
    this.afterReturn = text.endsWith("\r");
    const [first = "", ...rest] = text.split(/\r\n|\r|\n/);
    if (!this.grow(first)) return false;
    for (const next of rest) {
      this.finishLine();
      if (!this.grow(next)) return false;
    }
    return true;
  }

  private grow(part: string): boolean {
    this.size += part.length;
    this.line += part;
    return this.size <= this.eventMax;
  }

  private finishLine(): void {
    const line = this.line;
    this.line = "";
    if (line === "") {
      const data = this.data;
      this.data = [];
      this.size = 0;
      if (data.length > 0) this.onData(data.join("\n"));
      return;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1);
    // Comments have no name; other fields say nothing that is needed.
    if (field === "data") this.data.push(value.startsWith(" ") ? value.slice(1) : value);
  }
}
