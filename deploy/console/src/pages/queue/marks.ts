import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, must } from "../../api/client";
import { has } from "../../api/session";
import { ownDrafts } from "../../app/drafts";
import { useMe } from "../../app/me";
import { listLocal } from "../../kit/draft";
import { useWords } from "../../kit/words";
import { useLight } from "../../live/Live";
import { WORDS } from "./words";

const LOOK_EVERY = 60_000; // ms, for whoever went without a goodbye; the stream tells who comes and goes
const LOOK_ALONE_EVERY = 10_000; // while there is no stream

/** Beside the rows: where one has a draft, on whichever device it was typed, and who else is on a ticket just now. */
export function useMarks(): { drafts: ReadonlySet<string>; here: ReadonlyMap<string, string> } {
  const say = useWords(WORDS);
  const me = useMe();
  const isLive = useLight() === "live";
  const kept = useQuery({ ...ownDrafts, enabled: has(me, "agent", "engineer", "lead"), staleTime: 0 });
  const people = useQuery({
    queryKey: ["presences"],
    queryFn: async ({ signal }) => must(await api.GET("/v1/presences", { signal })).items,
    refetchInterval: isLive ? LOOK_EVERY : LOOK_ALONE_EVERY,
    retry: false,
  });
  const drafts = useMemo(() => new Set([...listLocal(me.sub), ...(kept.data ?? []).map((one) => one.ticket)]), [kept.data, me.sub]);
  const here = useMemo(() => new Map((people.data ?? []).flatMap(({ ticket, people: there }) => {
    const others = there.filter((one) => one.sub !== me.sub);
    const words = others.map((one) => say(one.doing === "working" ? "is_working" : "is_viewing", { name: one.name }));
    return words.length ? [[ticket, words.join(" · ")]] : [];
  })), [people.data, me.sub, say]);
  return { drafts, here };
}
