import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { api, must, newKey, once, Problem, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { NOBODY, useNames, usePeople } from "../../app/people";
import { Of } from "../../kit/Query";
import { atMinute } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { ActForm, text } from "../../kit/ActForm";
import { Course, Improvements, Problems, Summary, Targets } from "./Figures";
import { KINDS } from "./Improving";
import { periodOf, State } from "./parts";
import { WORDS } from "./words";
import "./reviews.css";

type Review = Schemas["ReviewView"];
const route = getRouteApi("/reviews/$review");

/** One review: its figures, and the documents that are passed on. */
export function component() {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const named = useNames();
  const { review } = route.useParams();
  const query = useQuery({
    queryKey: ["review", review],
    queryFn: async ({ signal }) => must(await api.GET("/v1/reviews/{review}", { params: { path: { review } }, signal })),
  });
  useEffect(() => void (document.title = `${say("title")} · Bihuan 闭环`), [say]);
  const documentAs = (format: string) => `/v1/reviews/${encodeURIComponent(review)}/document?format=${format}&language=${language}`;
  return (
    <div className="page reviews">
      <Link to="/reviews" className="button plain back"><span aria-hidden="true">←</span> {say("back")}</Link>
      <Of query={query}>
        {(one) => (
          <>
            <header className="stack">
              <h1>{say("of", { period: periodOf(one, say, language) })}</h1>
              <p className="side-by-side meta"><State state={one.state} />
                {one.published_at ? <span>{say("published_by", { who: named(one.published_by), at: atMinute(one.published_at, language) })}</span>
                  : one.made_at && <span>{say("made", { at: atMinute(one.made_at, language) })}</span>}</p>
              {one.content && (
                <div className="side-by-side">
                  <a className="button" href={documentAs("pdf")} download>{say("pdf")}</a>
                  <a className="button" href={documentAs("csv")} download>{say("csv")}</a>
                  {one.state === "draft" && has(me, "lead", "admin") && <Publish review={one} />}
                </div>
              )}
            </header>
            {!one.content ? <p className="muted">{say("not_yet")}</p> : <>
              <Summary content={one.content} /><Course content={one.content} /><Targets content={one.content} />
              <Problems content={one.content} raise={has(me, "lead", "admin") ? (entry) => <Raise key={`${entry.dimension} ${entry.value}`} review={one.id} entry={entry} /> : undefined} /><Improvements content={one.content} />
            </>}
          </>
        )}
      </Of>
    </div>
  );
}

/** What is done about a frequent problem: its owner is told and reminded, and the next reviews measure it. */
function Raise({ review, entry }: { review: string; entry: Schemas["Entry"] }) {
  const say = useWords(WORDS);
  const queries = useQueryClient();
  const people = usePeople();
  const [raised, setRaised] = useState("");
  if (raised) return <span role="status">{say("raised", { title: raised })}</span>;
  return (
    <ActForm title={say("raise", { what: entry.value })}
      fields={[{ name: "title", label: say("improvement"), required: true }, { name: "kind", label: say("kind"), kind: "choice", options: KINDS.map((one) => [one, say(one)] as const) }, { name: "owner", label: say("owner"), kind: "choice", options: [NOBODY, ...people], required: true }, { name: "due_on", label: say("due_on"), kind: "day", required: true }]}
      act={async (filled, key) => must(await api.POST("/v1/reviews/{review}/improvements", { params: { path: { review }, header: once(key) }, body: { dimension: entry.dimension, value: entry.value, title: text(filled, "title"), kind: text(filled, "kind") as "manual", owner: text(filled, "owner"), due_on: text(filled, "due_on") } }))}
      done={(made) => { setRaised(made.title); void queries.invalidateQueries({ queryKey: ["improvements"] }); }} />
  );
}

/** Published it stays as it is: asked for twice. */
function Publish({ review }: { review: Review }) {
  const say = useWords(WORDS);
  const queries = useQueryClient();
  const [isAsked, setIsAsked] = useState(false);
  const [key] = useState(newKey);
  const publish = useMutation({
    mutationFn: async () => must(await api.POST("/v1/reviews/{review}/publication", { params: { path: { review: review.id }, header: { ...once(key), "If-Match": `"${review.version}"` } } })),
    onSuccess: (view) => {
      queries.setQueryData(["review", review.id], view);
      void queries.invalidateQueries({ queryKey: ["reviews"] });
    },
    onError: () => void queries.invalidateQueries({ queryKey: ["review", review.id] }),
  });
  if (!isAsked) return <button className="button main" onClick={() => setIsAsked(true)}>{say("publish")}</button>;
  return (
    <span className="side-by-side" role="group" aria-label={say("publish")}>
      <span>{say("publish_hint")}</span>
      <button className="button main" disabled={publish.isPending} onClick={() => publish.mutate()}>{say("yes_publish")}</button>
      <button className="button" onClick={() => { setIsAsked(false); publish.reset(); }}>{say("keep")}</button>
      <span role="status" className="bad">{publish.error instanceof Problem ? publish.error.message : publish.error ? say("offline") : ""}</span>
    </span>
  );
}
