import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { api, must, type Schemas } from "../../api/client";
import { hasIn } from "../../kit/pinyin";
import { useChanges } from "../../live/Live";
import { hold, settle, type Still } from "./still";

export type Row = Schemas["QueueRow"];
export interface Wanted {
  queue?: string;
  assignee?: string;
  waiting?: string;
  priority?: string;
  find?: string;
}
type WaitingFor = "none" | "customer_information" | "customer_verification" | "third_party";

const PAGE = 100;
const STEP = 500;
const MOST = 10_000;
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
  const { queue, assignee, waiting, priority, find } = wanted;
  const asked = JSON.stringify({ queue, assignee, waiting });
  const [upTo, setUpTo] = useState(STEP);
  const query = useQuery({
    queryKey: ["queue", asked, upTo],
    queryFn: ({ signal }) => read(JSON.parse(asked) as Wanted, upTo, signal),
    placeholderData: (before, of) => (of?.queryKey[1] === asked ? before : undefined),
    staleTime: 0,
  });
  const [shown, setShown] = useState(NOTHING);
  const settled = useRef("");
  const told = query.data;
  const what = JSON.stringify([asked, priority, find]);
  useEffect(() => {
    if (!told) return;
    const rows = told.rows.filter((row) => fits(row, { priority, find }));
    const isSame = settled.current === what;
    setShown((before) => (isSame && before.order.length ? hold(before, rows, idOf) : settle(rows, idOf)));
    if (!query.isPlaceholderData) settled.current = what;
  }, [told, what, priority, find, query.isPlaceholderData]);

  const { refetch } = query;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const pages = Math.ceil((told?.rows.length ?? 0) / PAGE);
  const changed = useCallback(() => {
    // A long list is read less often: a page of it a quarter of a second.
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void refetch();
    }, Math.max(500, pages * 250));
  }, [refetch, pages]);
  useChanges(changed);
  useEffect(() => () => clearTimeout(timer.current), []);

  const refresh = useCallback(() => {
    setShown((before) => {
      const rows = told?.rows.filter((row) => fits(row, { priority, find })) ?? [];
      return rows.length || told ? settle(rows, idOf) : before;
    });
  }, [told, priority, find]);
  const more = useCallback(() => setUpTo((before) => before + STEP), []);
  const whole = useCallback(() => setUpTo(MOST), []);
  const matching = useMemo(() => told?.rows.filter((row) => fits(row, { priority, find })).map(idOf) ?? [], [told, priority, find]);
  const isWhole = told?.isWhole ?? true;
  return { query, shown, isWhole, refresh, more, whole, matching, isAll: isWhole || (told?.rows.length ?? 0) >= MOST };
}
