/** A list that holds still: rows keep their places while values change, what left stays until the list is settled again,
 *  what is new gathers outside. */
export interface Still<R> {
  order: string[];
  rows: ReadonlyMap<string, R>;
  /** No longer in the list, but still in its place. */
  gone: ReadonlySet<string>;
  /** In the list, but not shown yet. */
  fresh: string[];
}

type IdOf<R> = (row: R) => string;

/** Everything in the order that was told. */
export function settle<R>(told: readonly R[], id: IdOf<R>): Still<R> {
  const rows = new Map(told.map((row) => [id(row), row]));
  return { order: [...rows.keys()], rows, gone: new Set(), fresh: [] };
}

/** The same places with what was told now. What comes behind all that is shown moves nothing: it follows there. */
export function hold<R>(shown: Still<R>, told: readonly R[], id: IdOf<R>): Still<R> {
  const now = new Map(told.map((row) => [id(row), row]));
  const held = new Set(shown.order);
  const last = told.findLastIndex((row) => held.has(id(row)));
  const behind = last < 0 ? [] : told.slice(last + 1).map(id);
  const order = [...shown.order, ...behind];
  const rows = new Map(order.map((one) => [one, now.get(one) ?? shown.rows.get(one)!]));
  const gone = new Set(order.filter((one) => !now.has(one)));
  const fresh = [...now.keys()].filter((one) => !rows.has(one));
  return { order, rows, gone, fresh };
}
