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

/** The same places with what was told now. */
export function hold<R>(shown: Still<R>, told: readonly R[], id: IdOf<R>): Still<R> {
  const now = new Map(told.map((row) => [id(row), row]));
  const rows = new Map(shown.order.map((one) => [one, now.get(one) ?? shown.rows.get(one)!]));
  const gone = new Set(shown.order.filter((one) => !now.has(one)));
  const fresh = [...now.keys()].filter((one) => !rows.has(one));
  for (const one of fresh) rows.set(one, now.get(one)!);
  return { order: shown.order, rows, gone, fresh };
}

/** More of the list, asked for by scrolling: what was behind what is shown comes there. */
export function extend<R>(shown: Still<R>, more: readonly R[], id: IdOf<R>): Still<R> {
  const held = new Set(shown.order);
  const added = more.filter((row) => !held.has(id(row)));
  const rows = new Map(shown.rows);
  for (const row of more) rows.set(id(row), row);
  const shownNow = new Set(added.map(id));
  return {
    order: [...shown.order, ...shownNow],
    rows,
    gone: new Set([...shown.gone].filter((one) => !more.some((row) => id(row) === one))),
    fresh: shown.fresh.filter((one) => !shownNow.has(one)),
  };
}
