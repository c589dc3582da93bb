import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, must, newKey, once, Problem } from "../../api/client";
import { has } from "../../api/session";
import { Floating } from "../../app/LateFloating";
import { useMe } from "../../app/me";
import { PriorityMark } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { CATEGORY, PRIORITY, spoken, term } from "../../kit/terms";
import { useLanguage, useWords } from "../../kit/words";
import { diagnosisOf, workOf, type Work } from "./data";
import { WORDS } from "./words";

export function Diagnosis({ number }: { number: string }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const query = useQuery(diagnosisOf(number));
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Of query={query}>
      {(found) => (
        <>
          <p className="side-by-side">
            <em>{found.category_name[language]}</em><PriorityMark priority={found.priority} />
            <span className={found.confirmed ? "chip met" : "chip quiet"}><span aria-hidden="true">{found.confirmed ? "✓" : "…"}</span>{say(found.confirmed ? "confirmed" : "unconfirmed")}</span>
            <span className="meta">{found.confidence ? say("confidence", { n: Math.round(100 * found.confidence) }) : say("by_person")}</span>
          </p>
          <ul className="reasons">{found.reasons.map((one, index) => <li key={index}>{one[language]}</li>)}</ul>
          {found.evidence.length > 0 && (
            <details>
              <summary className="meta">{say("evidence")} ({found.evidence.length})</summary>
              <ul className="reasons">
                {found.evidence.map((one, index) => (
                  <li key={index}>{one[language]}{one.quote && <q className="muted">{one.quote}</q>} <span className="meta">{spoken(one.speaks_for, language)}{one.weight ? ` ${one.weight > 0 ? "+" : ""}${one.weight.toFixed(1)}` : ""}</span></li>
                ))}
              </ul>
            </details>
          )}
          {has(me, "engineer", "lead") && !isOpen && <div><button className="button" onClick={() => setIsOpen(true)}>{say("change")}</button></div>}
          {isOpen && <Classify number={number} close={() => setIsOpen(false)} />}
        </>
      )}
    </Of>
  );
}

interface Choice {
  category: string;
  priority: string;
  reason: string;
}

/** Sent with the version that was read: what somebody else decided meanwhile is shown, never overwritten unseen. */
function Classify({ number, close }: { number: string; close(): void }) {
  const work = useQuery(workOf(number));
  return <Of query={work}>{(data) => <ClassifyForm work={data} close={close} />}</Of>;
}

function ClassifyForm({ work, close }: { work: Work; close(): void }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const queries = useQueryClient();
  const [read, setRead] = useState(work); // what the form was filled from
  const [choice, setChoice] = useState<Choice>({ category: work.category, priority: work.priority, reason: "" });
  const [theirs, setTheirs] = useState<Work | null>(null);
  const save = useMutation({
    mutationFn: async ({ version, wanted }: { version: number; wanted: Choice }) => must(await api.POST("/v1/tickets/{ticket}/work/classification", {
      params: { path: { ticket: work.ticket }, header: { ...once(newKey()), "If-Match": `"${version}"` } },
      body: { ...wanted, priority: wanted.priority as "urgent" | "high" | "normal" },
    })),
    onSuccess: (view) => {
      queries.setQueryData(workOf(work.ticket).queryKey, view);
      void queries.invalidateQueries({ queryKey: ["ticket", work.ticket] });
      close();
    },
    onError: async (error, { wanted }) => {
      if (!(error instanceof Problem && error.status === 412)) return;
      const now = await queries.fetchQuery({ ...workOf(work.ticket), staleTime: 0 });
      setRead(now);
      const both = merged(read, wanted, now);
      if (both) {
        setChoice(both);
        save.mutate({ version: now.version, wanted: both });
      } else setTheirs(now);
    },
  });
  const pick = (name: "category" | "priority", words: typeof CATEGORY | typeof PRIORITY) => (
    <label className="stack tight">
      <span className="meta">{say(name)}</span>
      <select className="field" value={choice[name]} onChange={(event) => setChoice({ ...choice, [name]: event.target.value })}>
        {Object.keys(words).map((value) => <option key={value} value={value}>{term(words, value, language)}</option>)}
      </select>
    </label>
  );
  const shown = (one: Pick<Choice, "category" | "priority">) => `${term(CATEGORY, one.category, language)} · ${term(PRIORITY, one.priority, language)}`;
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); save.mutate({ version: read.version, wanted: choice }); }}>
      <div className="side-by-side">{pick("category", CATEGORY)}{pick("priority", PRIORITY)}</div>
      <label className="stack tight"><span className="meta">{say("reason")}</span>
        <input className="field" required maxLength={200} value={choice.reason} onChange={(event) => setChoice({ ...choice, reason: event.target.value })} /></label>
      {save.error instanceof Problem && save.error.status !== 412 && <p className="bad" role="alert">{save.error.message}</p>}
      <div className="side-by-side">
        <button className="button main" disabled={save.isPending}>{say("save")}</button>
        <button type="button" className="button" onClick={close}>{say("cancel")}</button>
      </div>
      {theirs && (
        <Floating isOpen close={() => setTheirs(null)} title={say("conflict")}>
          <dl className="facts">
            <div><dt>{say("now_is")}</dt><dd>{shown(theirs)}</dd></div>
            <div><dt>{say("yours")}</dt><dd>{shown(choice)}</dd></div>
          </dl>
          <div className="side-by-side">
            <button className="button main" onClick={() => { setTheirs(null); save.mutate({ version: theirs.version, wanted: choice }); }}>{say("keep_mine")}</button>
            <button className="button" onClick={() => { void queries.invalidateQueries({ queryKey: ["ticket", work.ticket] }); close(); }}>{say("take_theirs")}</button>
          </div>
        </Floating>
      )}
    </form>
  );
}

/** What both wanted, where they changed different things; null where they changed the same one differently. */
function merged(before: Work, mine: Choice, theirs: Work): Choice | null {
  const found = { ...mine };
  for (const name of ["category", "priority"] as const) {
    const [was, wanted, now] = [before[name], mine[name], theirs[name]];
    if (wanted === was) found[name] = now;
    else if (now !== was && now !== wanted) return null;
  }
  return found;
}

export function Similar({ work }: { work: Work }) {
  const say = useWords(WORDS);
  if (!work.suggestions.length) return <p className="muted">{say("no_similar")}</p>;
  return (
    <ul className="similar">
      {work.suggestions.map((one) => (
        <li key={one.article}>
          <Link to="/knowledge/$article" params={{ article: one.article }}>{one.title}</Link>
          <span className="meta figure"> {Math.round(100 * one.score)} %{one.exact && ` · ${say("exact")}`}</span>
        </li>
      ))}
    </ul>
  );
}
