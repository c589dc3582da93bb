import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { api, must, newKey, once, Problem } from "../../api/client";
import { Floating } from "../../app/LateFloating";
import { Composition } from "../../kit/ime";
import { BY_PINYIN, hasIn } from "../../kit/pinyin";
import { Of } from "../../kit/Query";
import { againAfter, isAway, Stopped, useAsked } from "../../kit/waiting";
import { useWords } from "../../kit/words";
import { engineers, workOf } from "./data";
import { WORDS } from "./words";

interface Chosen {
  engineer: string;
  name: string;
  reason: string;
  key: string;
}

/** Who is to have it. What was chosen shows at once, and goes back with the desk's reason where it is refused. */
export function AssignDialog({ number, close }: { number: string; close(): void }) {
  const say = useWords(WORDS);
  const queries = useQueryClient();
  const people = useQuery(engineers);
  const work = useQuery(workOf(number));
  const [find, setFind] = useState("");
  const [reason, setReason] = useState("");
  const [chosen, setChosen] = useState("");
  const composition = useRef(new Composition());
  const { queryKey } = workOf(number);
  const isOpen = useRef(true);
  useEffect(() => {
    isOpen.current = true;
    return () => void (isOpen.current = false);
  }, []);
  const assign = useMutation({
    networkMode: "always",
    retry: (_, error) => isAway(error), // done once when the desk is there again, unless one gives it up
    retryDelay: againAfter,
    mutationFn: async ({ engineer, reason, key }: Chosen) => isOpen.current ? must(await api.POST("/v1/tickets/{ticket}/work/assignment", {
      params: { path: { ticket: number }, header: once(key) }, body: { engineer, reason },
    })) : Promise.reject(new Stopped()),
    onMutate: async ({ engineer, name }) => {
      await queries.cancelQueries({ queryKey });
      const before = queries.getQueryData(queryKey);
      queries.setQueryData(queryKey, (now) => now && { ...now, assignee: engineer, assignee_name: name });
      return before;
    },
    onError: (_error, _sent, before) => before && queries.setQueryData(queryKey, before),
    onSuccess: (view) => {
      queries.setQueryData(queryKey, view);
      void queries.invalidateQueries({ queryKey: ["ticket", number] });
      close();
    },
  });
  const found = useMemo(() => {
    return (people.data ?? [])
      .filter((one) => one.active && (hasIn(one.name, find) || hasIn(one.id, find)))
      .sort((a, b) => Number(b.available) - Number(a.available) || BY_PINYIN.compare(a.name, b.name));
  }, [people.data, find]);
  const person = found.find((one) => one.id === chosen);
  const isWaiting = assign.isPending && assign.failureCount > 0;
  useAsked(isWaiting);
  const press = (event: KeyboardEvent) => {
    if (composition.current.covers(event.nativeEvent)) return event.stopPropagation();
    const at = found.findIndex((one) => one.id === chosen);
    if (event.key === "ArrowDown") setChosen(found[Math.min(at + 1, found.length - 1)]?.id ?? "");
    else if (event.key === "ArrowUp") setChosen(found[Math.max(at - 1, 0)]?.id ?? "");
    else return;
    event.preventDefault();
  };
  return (
    <Floating isOpen close={close} title={say("assign_title", { ticket: number })}>
      <form className="stack" onSubmit={(event) => { event.preventDefault(); if (person && !assign.isPending) assign.mutate({ engineer: person.id, name: person.name, reason, key: newKey() }); }}>
        <input className="field" role="combobox" aria-expanded="true" aria-controls="people" aria-label={say("find_person")} placeholder={say("find_person")} autoFocus
          aria-activedescendant={person && `person-${person.id}`} value={find} maxLength={100} onChange={(event) => setFind(event.target.value)} onKeyDown={press}
          onCompositionEnd={() => composition.current.ended()} />
        <Of query={people}>
          {() => (
            <ul id="people" role="listbox" aria-label={say("assignee")} className="offers people">
              {found.map((one) => (
                <li key={one.id} id={`person-${one.id}`} role="option" aria-selected={one.id === chosen} onClick={() => setChosen(one.id)}>
                  <span className="grow">{one.name} <span className="meta">{one.id}</span></span>
                  <span className="meta figure">{say("load", { open: one.open, capacity: one.capacity })}{!one.available && ` · ${say("unavailable")}`}</span>
                </li>
              ))}
            </ul>
          )}
        </Of>
        <label className="stack tight"><span className="meta">{say("assign_reason")}</span>
          <input className="field" required maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} /></label>
        <p role="status" className="bad">{isWaiting ? say("waits_assign") : assign.error instanceof Problem ? say("refused", { why: assign.error.message }) : assign.error ? say("offline") : ""}</p>
        <div className="side-by-side">
          <button className="button main" disabled={!person || !reason.trim()} aria-disabled={assign.isPending || undefined}>{say("assign")}</button>
          <button type="button" className="button" onClick={close}>{say("cancel")}</button>
          <span className="meta">{say("assignee")}: {work.data?.assignee_name || say("nobody")}</span>
        </div>
      </form>
    </Floating>
  );
}
