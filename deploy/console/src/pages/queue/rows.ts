import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { api, must, type Schemas } from "../../api/client";
import { BY_PINYIN, hasIn } from "../../kit/pinyin";
import { useChanges } from "../../live/Live";
import { hold, settle, type Still } from "./still";

export type Row = Schemas["QueueRow"];
export interface Wanted {
  queue?: string;
  assignee?: string;
  waiting?: string;
  priority?: string;
  find?: string;
  sort?: string;
}
type WaitingFor = "none" | "customer_information" | "customer_verification" | "third_party";

const BY_DESK = "due" as const; // the order that the desk knows: page by page
const PAGE = 100;
const STEP = 500;
const MOST = 10_000;
const SHORT = 5; // pages
const SOON = 50; // ms
const idOf = (row: Row) => row.ticket;

interface Told {
  rows: Row[];
  isWhole: boolean;
}

async function read(wanted: Wanted, upTo: number, signal: AbortSignal): Promise<Told> {
  const rows: Row[] = [];
  let after: string | undefined;
  do {
    const query = {
      limit: PAGE,
      after,
      ...(wanted.queue !== undefined && { queue: wanted.queue }),
      ...(wanted.assignee !== undefined && { assignee: wanted.assignee === "nobody" ? "" : wanted.assignee }),
      ...(wanted.waiting && { waiting_for: wanted.waiting as WaitingFor }),
      ...(wanted.sort === BY_DESK && { sort: BY_DESK }),
    };
    const page = must(await api.GET("/v1/queue", { params: { query }, signal }));
    rows.push(...page.items);
    after = page.next ?? undefined;
  } while (after && rows.length < upTo);
  return { rows, isWhole: !after };
}

const fits = (row: Row, wanted: Wanted): boolean => {
  if (wanted.priority && row.priority !== wanted.priority) return false;
  return !wanted.find || [row.ticket, row.title, row.customer, row.assignee_name].some((text) => hasIn(text, wanted.find!));
};

/** In which order rows may stand, other than the queue's own. What none runs of comes last. */
export const ORDERS = {
  due: (a, b) => (a.due_at ?? LAST).localeCompare(b.due_at ?? LAST),
  newest: (a, b) => b.opened_at.localeCompare(a.opened_at),
  oldest: (a, b) => a.opened_at.localeCompare(b.opened_at),
  customer: (a, b) => BY_PINYIN.compare(a.customer, b.customer),
  assignee: (a, b) => Number(!a.assignee) - Number(!b.assignee) || BY_PINYIN.compare(a.assignee_name, b.assignee_name),
} as const satisfies Record<string, (a: Row, b: Row) => number>;
const LAST = "9999";

function choose(rows: readonly Row[], wanted: Wanted): Row[] {
  const found = rows.filter((row) => fits(row, wanted));
  return wanted.sort && wanted.sort in ORDERS ? found.sort(ORDERS[wanted.sort as keyof typeof ORDERS]) : found;
}

export interface Queue {
  query: UseQueryResult<Told>;
  shown: Still<Row>;
  isWhole: boolean;
  refresh(): void;
  more(): void;
  /** Read all that match; `matching` are those that were read, `isAll` whether that is as many as are ever read. */
  whole(): void;
  matching: string[];
  isAll: boolean;
}

const NOTHING: Still<Row> = { order: [], rows: new Map(), gone: new Set(), fresh: [] };

/** The queue as it is shown: it holds still while its rows change, until one asks for what is new. */
export function useQueue(wanted: Wanted): Queue {
  const { queue, assignee, waiting, priority, find, sort } = wanted;
  const asked = JSON.stringify({ queue, assignee, waiting, ...(sort === BY_DESK && { sort }) });
  const [wantedUpTo, setUpTo] = useState(STEP);
  const upTo = sort && sort !== BY_DESK ? MOST : wantedUpTo; // of the others: only of all rows is it known which come first
  const query = useQuery({
    queryKey: ["queue", asked, upTo],
    queryFn: ({ signal }) => read(JSON.parse(asked) as Wanted, upTo, signal),
    placeholderData: (before, of) => (of?.queryKey[1] === asked ? before : undefined),
    staleTime: 0,
  });
  const [shown, setShown] = useState(NOTHING);
  const settled = useRef("");
  const told = query.data;
  const what = JSON.stringify([asked, priority, find, sort]);
  useEffect(() => {
    if (!told) return;
    const rows = choose(told.rows, { priority, find, sort });
    const isSame = settled.current === what;
    setShown((before) => (isSame && before.order.length ? hold(before, rows, idOf) : settle(rows, idOf)));
    if (!query.isPlaceholderData) settled.current = what;
  }, [told, what, priority, find, sort, query.isPlaceholderData]);

  const { refetch } = query;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const pages = Math.ceil((told?.rows.length ?? 0) / PAGE);
  const soon = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const changed = useCallback(() => {
    if (timer.current !== undefined) return;
    // What comes after a silence is read almost at once, and again when every service has heard of it. A long list is
    // read less often: a page of it a quarter of a second.
    if (pages <= SHORT) soon.current = setTimeout(() => void refetch(), SOON);
    timer.current = setTimeout(() => {
      timer.current = undefined;
      void refetch();
    }, Math.max(500, pages * 250));
  }, [refetch, pages]);
  useChanges(changed);
  useEffect(() => () => (clearTimeout(timer.current), clearTimeout(soon.current)), []);

  const refresh = useCallback(() => {
    setShown((before) => {
      const rows = choose(told?.rows ?? [], { priority, find, sort });
      return rows.length || told ? settle(rows, idOf) : before;
    });
  }, [told, priority, find, sort]);
  const more = useCallback(() => setUpTo((before) => before + STEP), []);
  const whole = useCallback(() => setUpTo(MOST), []);
  const matching = useMemo(() => told?.rows.filter((row) => fits(row, { priority, find })).map(idOf) ?? [], [told, priority, find]);
  const isWhole = told?.isWhole ?? true;
  return { query, shown, isWhole, refresh, more, whole, matching, isAll: isWhole || (told?.rows.length ?? 0) >= MOST };
}
