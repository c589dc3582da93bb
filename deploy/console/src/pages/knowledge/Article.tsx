import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { api, must } from "../../api/client";
import { useNames } from "../../app/people";
import { Of } from "../../kit/Query";
import { atMinute } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { History } from "./History";
import { WORDS } from "./words";
import "./knowledge.css";

const Keeping = lazy(async () => ({ default: (await import("./Keeping")).Keeping }));

const route = getRouteApi("/knowledge/$article");

export function component() {
  const say = useWords(WORDS);
  const language = useLanguage();
  const named = useNames();
  const { article } = route.useParams();
  const path = { params: { path: { article } } };
  const query = useQuery({ queryKey: ["article", article], queryFn: async ({ signal }) => must(await api.GET("/v1/articles/{article}", { ...path, signal })) });
  const shown = useQuery({ queryKey: ["article", article, "rendering"], queryFn: async ({ signal }) => must(await api.GET("/v1/articles/{article}/rendering", { ...path, signal })) });
  const title = query.data?.title;
  useEffect(() => void (title && (document.title = title)), [title]);
  return (
    <div className="page knowledge">
      <Link to="/knowledge" className="button plain back"><span aria-hidden="true">←</span> {say("back")}</Link>
      <Of query={query}>
        {(one) => {
          const facts = [
            ["product", [one.product, one.product_version].filter(Boolean).join(" ")], ["affected", one.affected_versions.join(", ")],
            ["fixed", one.fixed_versions.join(", ")], ["tags", one.tags.join(", ")], ["audience", say(one.audience)], ["owner", one.owner && named(one.owner)],
            ["due", one.due_at ? atMinute(one.due_at, language) : ""], ["revision", String(one.revision)],
          ] as const;
          return (
            <>
              <header className="stack">
                <p className="side-by-side meta"><span className="figure">{one.id}</span><span className={`chip ${one.state === "published" ? "met" : "quiet"}`}>{say(one.state)}</span>
                  {one.reuse_count > 0 && <span>{say("reused", { n: one.reuse_count })}</span>}</p>
                <h1>{one.title}</h1>
                {one.reason && <p className="warning">{say("why_stale", { why: one.reason })}</p>}
              </header>
              <div className="columns">
                <article className="reading grow">
                  <Of query={shown}>
                    {(html) => (["problem", "root_cause", "solution"] as const).filter((part) => html[part]).map((part) => (
                      <section key={part}>
                        <h2>{say(part === "root_cause" ? "cause" : part)}</h2>
                        {/* Cleaned by the desk (nh3); and the page's policy runs nothing that a text brings. */}
                        <div className="markdown" dangerouslySetInnerHTML={{ __html: html[part] }} />
                      </section>
                    ))}
                  </Of>
                </article>
                <aside className="stack">
                  <dl className="facts">{facts.filter(([, value]) => value).map(([name, value]) => <div key={name}><dt>{say(name)}</dt><dd>{value}</dd></div>)}</dl>
                  {one.ticket && <p>{say("from_ticket")} <Link to="/tickets/$ticket" params={{ ticket: one.ticket }} className="figure">{one.ticket}</Link></p>}
                </aside>
              </div>
              <Suspense><Keeping article={one} /></Suspense>
              <History article={one} />
            </>
          );
        }}
      </Of>
    </div>
  );
}
