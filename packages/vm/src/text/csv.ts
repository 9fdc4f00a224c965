// Comma-separated values (language 16.7). A row is a line; quotes double inside quotes.

/** The rows of a text; blank lines are left out. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines.map(csvFields);
}

/** The fields of one line. A quoted field ends at its quote; what follows up to the comma stays. */
function csvFields(line: string): readonly string[] {
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (quoted && character === '"' && line.charAt(at + 1) === '"') {
      field += '"';
      at += 1;
    } else if (character === '"' && (quoted || field === "")) quoted = !quoted;
    else if (character === "," && !quoted) {
      fields.push(field);
      field = "";
    } else field += character;
  }
  return [...fields, field];
}

/** One row with its line end. */
export function csvRow(fields: readonly string[]): string {
  const quoted = fields.map((f) => (/[,"\n]/.test(f) ? `"${f.replaceAll('"', '""')}"` : f));
  return `${quoted.join(",")}\n`;
}
