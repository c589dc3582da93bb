import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api, must, newKey, once, Problem, type Schemas } from "../api/client";
import { useMe } from "./me";
import { compare, keepDraft, readDraft, type Local, type Mode } from "../kit/draft";

export type Draft = Schemas["DraftView"];
const PUSH_AFTER = 1500; // ms after the last keystroke
const pushes = new Map<string, Promise<void>>();
const AGAIN_AFTER = 10_000; // ms, while the desk is not reached
const LOOK_EVERY = 2000; // ms, while one is on its way

export const draftsOf = (ticket: string) => queryOptions({
  queryKey: ["ticket", ticket, "drafts"],
  queryFn: async ({ signal }) => must(await api.GET("/v1/tickets/{ticket}/drafts", { params: { path: { ticket } }, signal })).items,
  refetchInterval: (query) => (query.state.data?.some((one) => one.send_at) ? LOOK_EVERY : false),
  refetchOnWindowFocus: "always", // another device may have written
  staleTime: 0,
});

/** All that one has typed and not sent. */
export const ownDrafts = queryOptions({
  queryKey: ["drafts"],
  queryFn: async ({ signal }) => must(await api.GET("/v1/drafts", { signal })).items,
});

const at = (ticket: string, audience: Mode) => ({ path: { ticket, audience } });

export const sendDraft = async (ticket: string, mode: Mode, text: string, key: string): Promise<Draft> =>
  must(await api.POST("/v1/tickets/{ticket}/drafts/{audience}/sending", {
    params: { ...at(ticket, mode), header: once(key) }, body: { text },
  }));
export const takeDraftBack = async (ticket: string, mode: Mode): Promise<Draft> =>
  must(await api.DELETE("/v1/tickets/{ticket}/drafts/{audience}/sending", { params: { ...at(ticket, mode), header: once(newKey()) } }));

export interface OwnDraft {
  text: string;
  put(text: string): void;
  /** It was sent: nothing is left here, and the desk has this. */
  sent(kept?: Draft): void;
  /** What was typed on another device meanwhile. */
  other: Draft | null;
  settle(mine: boolean): void;
  /** Whether the desk has what stands here. */
  isKept: boolean;
  kept: Draft | undefined;
}

/** What one has typed on this ticket for this audience, wherever one typed it. `messages`: how many there are on it; one
 *  more may be what was typed here, sent from another device. */
export function useDraft(ticket: string, mode: Mode, messages: number): OwnDraft {
  const { sub } = useMe();
  const queries = useQueryClient();
  const query = useQuery(draftsOf(ticket));
  const { queryKey } = draftsOf(ticket);
  const [local, setLocal] = useState<Local>(() => readDraft(sub, ticket, mode));
  const [other, setOther] = useState<Draft | null>(null);
  const shown = useRef(mode);
  if (shown.current !== mode) {
    // Each audience has its own: what was meant for colleagues never stands in a reply.
    shown.current = mode;
    setLocal(readDraft(sub, ticket, mode));
    setOther(null);
  }
  const kept = query.data?.find((one) => one.audience === mode);

  const write = useCallback((of: Mode, draft: Local) => {
    keepDraft(sub, ticket, of, draft);
    if (shown.current === of) setLocal(draft);
  }, [sub, ticket]);
  const learn = useCallback((draft: Draft) => queries.setQueryData(queryKey, (before) =>
    [...(before ?? []).filter((one) => one.audience !== draft.audience), draft]), [queries, queryKey.join("\n")]);

  const pushOnce = useCallback(async (of: Mode): Promise<void> => {
    const now = readDraft(sub, ticket, of);
    if (!now.isNew) return;
    try {
      const answer = must(await api.PUT("/v1/tickets/{ticket}/drafts/{audience}", {
        params: { ...at(ticket, of), header: { "If-Match": `"${now.version || 1}"` } }, body: { text: now.text }, keepalive: true,
      }));
      const later = readDraft(sub, ticket, of); // it may have been typed on
      write(of, { ...later, version: answer.version, isNew: later.text !== now.text });
      learn(answer);
    } catch (error) {
      // 412: another device wrote. 409: one is on its way. Both are seen when the desk's is read again.
      if (error instanceof Problem && [409, 412].includes(error.status)) void queries.invalidateQueries({ queryKey });
      else if (!(error instanceof Problem)) throw error;
    }
  }, [sub, ticket, write, learn, queries]);
  const push = useCallback((of: Mode): Promise<void> => {
    // One after the other: each is based upon the version that the one before has made.
    const next = (pushes.get(`${ticket} ${of}`) ?? Promise.resolve()).catch(() => undefined).then(() => pushOnce(of));
    pushes.set(`${ticket} ${of}`, next);
    return next;
  }, [ticket, pushOnce]);

  useEffect(() => {
    const look = () => setLocal(readDraft(sub, ticket, shown.current)); // what was taken back stands here again
    addEventListener("bihuan-draft", look);
    return () => removeEventListener("bihuan-draft", look);
  }, [sub, ticket]);

  const { refetch } = query;
  const seen = useRef(messages);
  useEffect(() => {
    if (seen.current === messages) return;
    seen.current = messages;
    const timer = setTimeout(() => void refetch(), PUSH_AFTER);
    return () => clearTimeout(timer);
  }, [messages, refetch]);

  const isRead = query.data !== undefined;
  const isLeaving = Boolean(kept?.send_at);
  useEffect(() => {
    if (!isRead) return;
    const now = readDraft(sub, ticket, mode);
    const what = compare(now, kept);
    if (what === "ask") return setOther(kept!);
    setOther(null);
    if (what === "take") write(mode, { text: kept?.send_at ? "" : (kept?.text ?? ""), version: kept?.version ?? 0, isNew: false });
    if (what === "push" && kept && kept.version > now.version) write(mode, { ...now, version: kept.version });
  }, [isRead, kept, mode, sub, ticket, write]);

  useEffect(() => {
    if (!local.isNew || other || isLeaving || !isRead) return;
    let timer = setTimeout(function go() {
      push(mode).catch(() => (timer = setTimeout(go, AGAIN_AFTER)));
    }, PUSH_AFTER);
    const now = () => void push(mode).catch(() => undefined);
    addEventListener("online", now);
    return () => {
      clearTimeout(timer);
      removeEventListener("online", now);
    };
  }, [local, other, isLeaving, isRead, mode, push]);
  useEffect(() => {
    const flush = () => void push(mode).catch(() => undefined); // to another ticket, another audience, or away
    addEventListener("pagehide", flush);
    return () => {
      removeEventListener("pagehide", flush);
      flush();
    };
  }, [mode, push]);

  return {
    text: local.text,
    put: (text) => write(mode, { ...readDraft(sub, ticket, mode), text, isNew: true }),
    sent: (draft) => {
      if (draft) learn(draft);
      write(mode, { text: "", version: draft?.version ?? readDraft(sub, ticket, mode).version, isNew: !draft });
      if (!draft) push(mode).catch(() => undefined); // so that it stands nowhere else any more
    },
    other,
    settle: (mine) => {
      if (!other) return;
      write(mode, mine ? { ...local, version: other.version, isNew: true } : { text: other.text, version: other.version, isNew: false });
      setOther(null);
    },
    isKept: !local.isNew,
    kept,
  };
}
