import { useMutation } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import { api, must, newKey, once, Problem } from "../../api/client";
import { has } from "../../api/session";
import { useShortcuts } from "../../app/keys";
import { useMe } from "../../app/me";
import { keepList, placeIn } from "../../kit/place";
import { Empty } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { useWords } from "../../kit/words";
import { useLight } from "../../live/Live";
import { Bulk } from "./Bulk";
import { Filters } from "./Filters";
import { Grid } from "./Grid";
import { useQueue } from "./rows";
import { WORDS } from "./words";
import "./queue.css";

const route = getRouteApi("/queue");

export function component() {
  const say = useWords(WORDS);
  const me = useMe();
  const navigate = useNavigate();
  const wanted = route.useSearch();
  const { query, shown, isWhole, refresh, more, whole, matching, isAll } = useQueue(wanted);
  const [at, setAt] = useState(placeIn);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const light = useLight();

  const move = (by: number) => {
    const now = shown.order.indexOf(at);
    const next = shown.order[Math.max(0, Math.min(shown.order.length - 1, now + by))];
    if (next) setAt(next);
  };
  const toggle = useCallback((ticket: string) => setSelected((before) => {
    const after = new Set(before);
    if (!after.delete(ticket)) after.add(ticket);
    return after;
  }), []);
  // Of many that match only those are read that are seen; for all of them, all are.
  const [wantsAll, setWantsAll] = useState(false);
  const selectAll = () => (setWantsAll(true), whole());
  const present = shown.order.filter((one) => !shown.gone.has(one));
  useEffect(() => {
    if (!wantsAll || !isAll || query.isPlaceholderData) return;
    setSelected(new Set(matching));
    setWantsAll(false);
  }, [wantsAll, isAll, query.isPlaceholderData, matching]);
  const areAll = present.length > 0 && present.every((one) => selected.has(one));
  const open = (ticket: string) => {
    keepList(shown.order, ticket);
    void navigate({ to: "/tickets/$ticket", params: { ticket } });
  };
  useShortcuts({
    down: () => move(1),
    up: () => move(-1),
    open: () => at && open(at),
    select: () => at && toggle(at),
    refresh,
  });
  const end = useCallback(() => void (isWhole || more()), [isWhole, more]);
  const isFiltered = Object.entries(wanted).some(([name, value]) => name !== "sort" && value);
  const count = shown.order.length - shown.gone.size;
  return (
    <div className="queue" onClickCapture={() => keepList(shown.order, at)}>
      <header className="bar">
        <h1>{say("title")}</h1>
        <span className="count" role="status">{say(isWhole ? "rows" : "more", { n: count })}</span>
        {shown.fresh.length > 0 && <button className="button main fresh" onClick={refresh}>{say("fresh", { n: shown.fresh.length })}</button>}
        <span className="grow" />
        {has(me, "engineer", "lead") && <Take open={open} />}
      </header>
      <Filters wanted={wanted} />
      {light === "off" && query.data && <p className="warning" role="status">{say("unread_down")}</p>}
      {selected.size > 0 && <Bulk tickets={[...selected]} matching={isAll ? present.length : null} selectAll={selectAll}
        hasLeft={(ticket) => shown.gone.has(ticket)} done={() => setSelected(new Set())} />}
      <Of query={query}>
        {() => shown.order.length > 0
          ? <Grid shown={shown} at={at} setAt={setAt} selected={selected} toggle={toggle} areAll={areAll}
              toggleAll={() => setSelected(areAll ? new Set() : new Set(present))} total={isWhole ? shown.order.length : -1} end={end} />
          : isFiltered
            ? <Empty title={say("filtered")}><button className="button" onClick={() => void navigate({ to: "/queue", search: {} })}>{say("clear")}</button></Empty>
            : <Empty title={say("nothing")}><p>{say("nothing_hint")}</p></Empty>}
      </Of>
    </div>
  );
}

/** The next ticket that fits one's skills, as the desk allots them. */
function Take({ open }: { open(ticket: string): void }) {
  const say = useWords(WORDS);
  const take = useMutation({
    mutationFn: async () => must(await api.POST("/v1/queue/claims", { params: { header: once(newKey()) }, body: { reason: "" } })),
    onSuccess: (work) => open(work.ticket),
  });
  const problem = take.error instanceof Problem ? take.error.message : take.error ? say("none_to_take") : "";
  return (
    <span className="side-by-side">
      {problem && <span className="muted" role="status">{problem}</span>}
      <button className="button" disabled={take.isPending} onClick={() => take.mutate()}>{say("take")}</button>
    </span>
  );
}
