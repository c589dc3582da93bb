import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";
import { PRESENCE, presenceOf, ticketOf, type Present, type Told } from "./events";
import type { Light } from "./follow";
import { listen } from "./tabs";

const LightContext = createContext<Light>("off");
export const useLight = (): Light => useContext(LightContext);

const GATHERED_FOR = 250; // ms: a burst about one ticket asks once
const LISTS = new Set<unknown>(["clocks-due", "incidents", "engineers", "statistics", "views"]);
const KNOWLEDGE = new Set<unknown>(["articles", "article"]);

/** What an event makes old is read again where it is shown; everything, when the place in the stream is lost. The queue
 *  sees to itself: `useChanges`. */
class Refresher {
  private tickets = new Set<string>();
  private isOfKnowledge = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly queries: QueryClient) {}

  hear = (event: Told): void => {
    if (event.kind === PRESENCE) return this.seePresence(event);
    if (event.kind === "reset") return void this.queries.invalidateQueries();
    this.tickets.add(ticketOf(event));
    this.isOfKnowledge ||= event.kind.startsWith("kb.");
    this.timer ??= setTimeout(this.flush, GATHERED_FOR);
    for (const heard of listeners) heard();
  };

  private seePresence(event: Told): void {
    const news = presenceOf(event);
    if (!news) return;
    const { ticket, people } = news;
    if (this.queries.getQueryData(["presence", ticket])) this.queries.setQueryData(["presence", ticket], people);
    this.queries.setQueryData<{ ticket: string; people: Present[] }[]>(["presences"], (before) => before && [...before.filter((one) => one.ticket !== ticket), ...(people.length ? [{ ticket, people }] : [])]);
  }

  private flush = (): void => {
    this.timer = undefined;
    const changed = this.tickets;
    this.tickets = new Set();
    const { isOfKnowledge } = this;
    this.isOfKnowledge = false;
    void this.queries.invalidateQueries({
      predicate: ({ queryKey: [kind, id] }) =>
        (kind === "ticket" && changed.has(String(id))) || LISTS.has(kind) || (isOfKnowledge && KNOWLEDGE.has(kind)),
    });
  };
}

const listeners = new Set<() => void>();

/** Told of each change. */
export function useChanges(heard: () => void): void {
  useEffect(() => {
    listeners.add(heard);
    return () => void listeners.delete(heard);
  }, [heard]);
}

/** `may`: whether the desk tells this person of events at all. */
export function Live({ may, children }: { may: boolean; children: ReactNode }) {
  const queries = useQueryClient();
  const [light, setLight] = useState<Light>("off");
  useEffect(() => {
    if (!may) return;
    const refresher = new Refresher(queries);
    let wasOff = true; // what was read before the stream began may be old
    return listen(refresher.hear, (next) => {
      if (next === "live" && wasOff) void queries.invalidateQueries();
      wasOff = next !== "live";
      setLight(next);
    });
  }, [queries, may]);
  return <LightContext value={light}>{children}</LightContext>;
}
