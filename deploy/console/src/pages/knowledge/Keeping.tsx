import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { all, api, must, once, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { NOBODY, usePeople } from "../../app/people";
import { ActForm, asField, moment, text, type Act } from "../../kit/ActForm";
import { Of } from "../../kit/Query";
import { useWords } from "../../kit/words";
import { WORDS } from "./keeping_words";

type Article = Schemas["ArticleView"];

/** What is to be done with an article, by whom may: from its draft to its end. */
export function Keeping({ article }: { article: Article }) {
  const say = useWords(WORDS);
  const me = useMe();
  const queries = useQueryClient();
  const people = usePeople([article.owner]);
  const at = (key: string) => ({ params: { path: { article: article.id }, header: once(key) } });
  const reason = [{ name: "reason", label: say("reason"), required: true }];
  const form = (one: Omit<Act<Article>, "done">) => (
    <ActForm key={one.title} {...one} done={(view) => {
      queries.setQueryData(["article", view.id], view);
      void queries.invalidateQueries({ queryKey: ["article", article.id] });
      void queries.invalidateQueries({ queryKey: ["articles"] });
    }} />
  );
  const { state, revision } = article;
  const isOver = state === "withdrawn" || state === "merged";
  if (!has(me, "engineer", "lead", "kb_editor")) return null;
  return (
    <section className="stack" aria-label={say("keeping")}>
      <h2>{say("keeping")}</h2>
      <div className="side-by-side acts">
        {!isOver && <Link to="/knowledge/$article/edit" params={{ article: article.id }} className="button">{say("edit")}</Link>}
        {["draft", "stale"].includes(state) && has(me, "kb_editor", "lead") && form({ title: say("approve", { n: revision }), shut: article.revisions.at(-1)?.author === me.sub ? say("own") : undefined, fields: [],
          act: async (_, key) => must(await api.POST("/v1/articles/{article}/approval", at(key))) })}
        {["draft", "approved", "stale"].includes(state) && has(me, "kb_editor") && form({ title: say("publish", { n: revision }), shut: state === "approved" ? undefined : say("approve_first"), fields: [],
          act: async (_, key) => must(await api.POST("/v1/articles/{article}/publication", at(key))) })}
        {article.live_revision > 0 && !isOver && form({ title: say("stale"), fields: reason, act: async (filled, key) => must(await api.POST("/v1/articles/{article}/stale", { ...at(key), body: { reason: text(filled, "reason") } })) })}
        {has(me, "kb_editor") && !isOver && form({ title: say("upkeep"), fields: [{ name: "owner", label: say("owner"), kind: "choice", options: [NOBODY, ...people], value: article.owner }, { name: "due_at", label: say("due"), kind: "moment", value: asField(article.due_at) }],
          act: async (filled, key) => must(await api.PUT("/v1/articles/{article}/upkeep", { ...at(key), body: { owner: text(filled, "owner"), due_at: moment(filled, "due_at") } })) })}
        {has(me, "kb_editor") && !isOver && form({ title: say("withdraw"), fields: [{ ...reason[0]!, hint: say("withdraw_hint") }], act: async (filled, key) => must(await api.POST("/v1/articles/{article}/withdrawal", { ...at(key), body: { reason: text(filled, "reason") } })) })}
        {has(me, "kb_editor") && article.merged_into && form({ title: say("unmerge", { id: article.merged_into }), fields: [], act: async (_, key) => must(await api.DELETE("/v1/articles/{article}/merger", at(key))) })}
      </div>
      {!isOver && <Doubles article={article} merge={(into) => has(me, "kb_editor") && form({ title: say("merge", { id: into }), fields: [], act: async (_, key) => must(await api.POST("/v1/articles/{article}/merger", { ...at(key), body: { into } })) })} />}
      <Review article={article} />
    </section>
  );
}

function Doubles({ article, merge }: { article: Article; merge: (into: string) => ReactNode }) {
  const say = useWords(WORDS);
  const query = useQuery({ queryKey: ["article", article.id, "doubles"], queryFn: async ({ signal }) => must(await api.GET("/v1/articles/{article}/doubles", { params: { path: { article: article.id } }, signal })).items });
  return (
    <Of query={query}>
      {(found) => !found.length ? null : (
        <section className="stack tight"><h3>{say("doubles")}</h3>
          <ul className="rows-of">{found.map((one) => <li key={one.id}><Link to="/knowledge/$article" params={{ article: one.id }} className="grow">{one.title}</Link>{one.same_fingerprint && <span className="chip risk"><span aria-hidden="true">◐</span>{say("same")}</span>}<span className="meta figure">{Math.round(100 * one.score)} %</span>{merge(one.id)}</li>)}</ul>
        </section>
      )}
    </Of>
  );
}

const WHY = ["review_date", "new_version", "reopened", "not_helpful"] as const;
const OUTCOMES = ["kept", "changed", "retired"] as const;

/** Why it should be looked at again, if it should. Most articles have never been asked about. */
function Review({ article }: { article: Article }) {
  const say = useWords(WORDS);
  const me = useMe();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ["articles", "review", article.id],
    // Of the list, because most articles have never been asked about, and a browser reports each 404 as an error.
    queryFn: async ({ signal }) => (await all(async (after) => must(await api.GET("/v1/article-reviews", { params: { query: { is_open: true, after, limit: 100 } }, signal })))).find((one) => one.article === article.id) ?? null,
  });
  const task = query.data;
  if (!task?.is_open) return null;
  return (
    <section className="card stack" aria-label={say("review")}>
      <h3>{say("review")}</h3>
      <ul className="links">{task.causes.map((one, index) => <li key={index}>{(WHY as readonly string[]).includes(one.reason) ? say(one.reason as (typeof WHY)[number]) : one.reason} <span className="meta">{one.about}</span></li>)}</ul>
      <p className="meta">{say("used", { n: task.used, m: task.helped })}</p>
      {has(me, "kb_editor", "lead") && <ActForm title={say("complete")} fields={[{ name: "outcome", label: say("outcome"), kind: "choice", options: OUTCOMES.map((one) => [one, say(one)] as const) }, { name: "note", label: say("note") }]}
        act={async (filled, key) => must(await api.POST("/v1/article-reviews/{article}/completion", { params: { path: { article: article.id }, header: once(key) }, body: { outcome: text(filled, "outcome") as "kept", note: text(filled, "note") } }))}
        done={() => { void queries.invalidateQueries({ queryKey: ["article", article.id] }); void queries.invalidateQueries({ queryKey: ["articles"] }); }} />}
    </section>
  );
}
