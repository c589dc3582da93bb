/** What led to what: events in chains, each chain in the order in which it happened. */
export interface Told {
  id: string;
  at: string;
  cause: string;
}

export interface Step<T> {
  told: T;
  /** How many steps lie between it and what began the chain. */
  depth: number;
  /** ms after the first of the chain. */
  after: number;
}

export interface Chain<T> {
  /** The request or event that began it. */
  cause: string;
  steps: Step<T>[];
  /** ms from the first to the last. */
  lasted: number;
}

/** The chains, the newest first. An event whose cause is none of these belongs to the chain of that cause; one that has
 *  none is a chain of its own. */
export function chainsOf<T extends Told>(all: readonly T[]): Chain<T>[] {
  const known = new Map(all.map((one) => [one.id, one]));
  const above = (one: T) => (one.cause === one.id ? undefined : known.get(one.cause));
  const place = (one: T): { root: T; depth: number } => {
    let root = one;
    let depth = 0;
    for (let next = above(root); next && depth < all.length; next = above(root), depth++) root = next;
    return { root, depth };
  };
  const chains = new Map<string, Step<T>[]>();
  for (const told of all) {
    const { root, depth } = place(told);
    const name = root.cause || root.id;
    chains.set(name, [...(chains.get(name) ?? []), { told, depth, after: 0 }]);
  }
  return [...chains].map(([cause, steps]) => {
    steps.sort((a, b) => a.told.at.localeCompare(b.told.at) || a.depth - b.depth);
    const began = Date.parse(steps[0]!.told.at);
    const timed = steps.map((one) => ({ ...one, after: Math.max(0, Date.parse(one.told.at) - began) }));
    return { cause, steps: timed, lasted: timed.at(-1)!.after };
  }).sort((a, b) => b.steps[0]!.told.at.localeCompare(a.steps[0]!.told.at));
}
