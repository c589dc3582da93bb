/** Server-sent events as they come over the wire (WHATWG HTML, 9.2). */
export interface Told {
  /** The sequence in the stream. */
  id: number;
  kind: string;
  data: string;
}

/** Takes text in any pieces, gives whole events. A block without an event only moves the place on. */
export class Reader {
  private rest = "";
  place = 0;

  take(text: string): Told[] {
    this.rest += text;
    const found: Told[] = [];
    for (let end = this.rest.indexOf("\n\n"); end >= 0; end = this.rest.indexOf("\n\n")) {
      const told = this.block(this.rest.slice(0, end));
      this.rest = this.rest.slice(end + 2);
      if (told) found.push(told);
    }
    return found;
  }

  private block(block: string): Told | null {
    let kind = "";
    const data: string[] = [];
    for (const line of block.split("\n")) {
      const at = line.indexOf(":");
      const [name, value] = at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1).replace(/^ /, "")];
      if (name === "id" && /^\d+$/.test(value)) this.place = Number(value);
      else if (name === "event") kind = value;
      else if (name === "data") data.push(value);
    }
    return data.length ? { id: this.place, kind: kind || "message", data: data.join("\n") } : null;
  }
}

/** Who is on a ticket just now; it is no event: it has no place in the stream, and counts only while it is told. */
export const PRESENCE = "presence";
export interface Present {
  sub: string;
  name: string;
  doing: "viewing" | "working";
  since: string;
  until: string;
}

export function presenceOf(told: Told): { ticket: string; people: Present[] } | null {
  try {
    const found = JSON.parse(told.data) as { ticket?: unknown; people?: unknown };
    return typeof found.ticket === "string" && Array.isArray(found.people) ? { ticket: found.ticket, people: found.people as Present[] } : null;
  } catch {
    return null;
  }
}

/** The ticket that an event is about; empty for one that is about something else. */
export function ticketOf(told: Told): string {
  try {
    const event: unknown = JSON.parse(told.data);
    const subject = typeof event === "object" && event !== null && "subject" in event ? event.subject : "";
    return typeof subject === "string" ? subject : "";
  } catch {
    return "";
  }
}
