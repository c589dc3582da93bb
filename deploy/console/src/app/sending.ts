import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, must, once, Problem, type Schemas } from "../api/client";
import { keepDraft, readDraft, type Mode } from "../kit/draft";
import { dropSending, isStopped, left, ticketsLeft, type Sent } from "../kit/sending";
import { deskNow } from "../kit/time";
import { againAfter, isAway, Stopped } from "../kit/waiting";
import { sendDraft, type Draft } from "./drafts";
import { leaves } from "./leaving";
import { useMe } from "./me";

const MOST_TRIES = 3;
const MODES: readonly Mode[] = ["reply", "note"];

/** Raises Stopped. */
export async function say(ticket: string, sent: Sent): Promise<Schemas["TicketView"]> {
  if (isStopped(sent)) throw new Stopped();
  return must(await api.POST("/v1/tickets/{ticket}/messages", {
    params: { path: { ticket }, header: once(sent.key) }, body: { text: sent.text, internal: sent.mode === "note" },
  }));
}

/** The desk posts it in a moment, until which it can be taken back. Raises Stopped. */
export async function hold(ticket: string, sent: Sent): Promise<Draft> {
  if (isStopped(sent)) throw new Stopped();
  return sendDraft(ticket, sent.mode, sent.text, sent.key);
}

/** Whether nothing more comes of it. Who is signed out goes on when they are back. */
export const isRefused = (error: unknown): boolean => !isAway(error) && !(error instanceof Problem && error.status === 401);

/** What was being sent when this tab was reloaded goes out once, whichever page one is at now. */
export function useResumed(): void {
  const { sub } = useMe();
  const queries = useQueryClient();
  useEffect(() => {
    const ended = new AbortController();
    for (const ticket of ticketsLeft(sub)) {
      for (const mode of MODES) {
        const sent = left(sub, ticket, mode, readDraft(sub, ticket, mode).text, deskNow());
        if (sent) void resume(queries, sub, ticket, sent, ended.signal);
      }
    }
    return () => ended.abort();
  }, [sub, queries]);
}

async function resume(queries: QueryClient, who: string, ticket: string, sent: Sent, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const draft = sent.holds ? await hold(ticket, sent) : await say(ticket, sent).then(() => emptied(who, ticket, sent));
      if (draft?.send_at) leaves(ticket, sent.mode, draft.send_at);
      const typed = readDraft(who, ticket, sent.mode);
      if (typed.text === sent.text) keepDraft(who, ticket, sent.mode, { text: "", version: draft?.version ?? typed.version, isNew: !draft });
      return over(queries, who, ticket, sent);
    } catch (error) {
      if (isRefused(error)) return over(queries, who, ticket, sent);
      await new Promise((again) => setTimeout(again, againAfter(failures)));
    }
  }
}

function over(queries: QueryClient, who: string, ticket: string, sent: Sent): void {
  dropSending(who, ticket, sent);
  dispatchEvent(new Event("bihuan-draft"));
  void queries.invalidateQueries({ queryKey: ["ticket", ticket] });
}

/** So that it stands nowhere else any more, whichever version of it the desk has; null, as nothing is on its way. */
async function emptied(who: string, ticket: string, sent: Sent): Promise<null> {
  const { mode, text } = sent;
  for (let tries = 0; tries < MOST_TRIES && readDraft(who, ticket, mode).text === text; tries++) {
    const { items } = must(await api.GET("/v1/tickets/{ticket}/drafts", { params: { path: { ticket } } }));
    const kept = items.find((one) => one.audience === mode && one.text === text);
    if (!kept) break;
    const { response } = await api.PUT("/v1/tickets/{ticket}/drafts/{audience}", {
      params: { path: { ticket, audience: mode }, header: { "If-Match": `"${kept.version}"` } }, body: { text: "" },
    });
    if (response.ok) break; // else it was written meanwhile
  }
  return null;
}
