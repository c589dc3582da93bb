import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, must, once, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { useNames } from "../../app/people";
import { ActForm } from "../../kit/ActForm";
import { Of } from "../../kit/Query";
import { atMinute } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { WORDS } from "./keeping_words";

type Article = Schemas["ArticleView"];

/** All revisions, the newest first: what changed in each, and the way back to one. */
export function History({ article }: { article: Article }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const named = useNames();
  const queries = useQueryClient();
  const [open, setOpen] = useState(0);
  return (
    <section className="stack" aria-label={say("history")}>
      <h2>{say("history")}</h2>
      <ol className="stack">
        {[...article.revisions].reverse().map((one) => (
          <li key={one.number} className="stack" data-revision={one.number}>
            <p className="side-by-side"><span>{say("revision", { n: one.number })}</span>{one.number === article.live_revision && <span className="chip met"><span aria-hidden="true">✓</span>{say("live")}</span>}
              <span className="meta">{say("by", { who: named(one.author), at: atMinute(one.written_at, language) })}{one.approved_by && ` · ${say("approved_by", { who: named(one.approved_by) })}`}</span>
              {one.number > 1 && <button type="button" className="button" aria-expanded={open === one.number} onClick={() => setOpen(open === one.number ? 0 : one.number)}>{open === one.number ? say("hide") : say("show", { n: one.number - 1 })}</button>}</p>
            {open === one.number && <Diff article={article.id} later={one.number} />}
            {has(me, "kb_editor") && one.approved_by && one.number !== article.live_revision && one.number < article.revision && !["withdrawn", "merged"].includes(article.state) && (
              <ActForm title={say("roll_back", { n: one.number })} fields={[]} done={(view) => {
                queries.setQueryData(["article", article.id], view);
                void queries.invalidateQueries({ queryKey: ["article", article.id] });
              }} act={async (_, key) => must(await api.POST("/v1/articles/{article}/rollback", { params: { path: { article: article.id }, header: once(key) }, body: { revision: one.number } }))} />
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

const AROUND = 2; // lines that did not change, beside those that did

function Diff({ article, later }: { article: string; later: number }) {
  const say = useWords(WORDS);
  const query = useQuery({
    queryKey: ["article", article, "diff", later],
    queryFn: async ({ signal }) => must(await api.GET("/v1/articles/{article}/diff", { params: { path: { article }, query: { earlier: later - 1, later } }, signal })).fields,
  });
  const name = (field: string) => (field in WORDS ? say(field as keyof typeof WORDS) : field);
  return (
    <Of query={query}>
      {(fields) => {
        const changed = Object.entries(fields).filter(([, lines]) => lines.some((one) => one.mark !== "same"));
        if (!changed.length) return <p className="muted">{say("no_change")}</p>;
        return (
          <div className="card stack" role="group" aria-label={say("compare", { n: later })}>
            {changed.map(([field, lines]) => (
              <section key={field} className="stack tight"><h3>{name(field)}</h3>
                <ol className="diff">
                  {lines.map((one, at) => one.mark === "same" && !lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some((near) => near.mark !== "same") ? null : (
                    <li key={at} className={one.mark}><span aria-hidden="true">{one.mark === "added" ? "+" : one.mark === "removed" ? "−" : ""}</span>
                      <span>{one.mark !== "same" && <span className="hidden">{say(one.mark)}: </span>}{one.mark === "added" ? <ins>{one.text}</ins> : one.mark === "removed" ? <del>{one.text}</del> : one.text}</span></li>
                  ))}
                </ol>
              </section>
            ))}
          </div>
        );
      }}
    </Of>
  );
}
