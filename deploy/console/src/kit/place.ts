/** The list that one came from and where one stood in it, so that the next ticket can be had without going back. */
let list: readonly string[] = [];
let place = "";

export function keepList(order: readonly string[], at: string): void {
  list = order;
  place = at;
}

export const standAt = (ticket: string): void => void (place = ticket);
export const placeIn = (): string => place;

/** The ticket after (1) or before (-1) one of the list; null where there is none. */
export function neighbour(ticket: string, by: 1 | -1): string | null {
  const at = list.indexOf(ticket);
  return at < 0 ? null : (list[at + by] ?? null);
}
