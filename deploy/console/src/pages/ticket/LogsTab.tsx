import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, must, once, Problem, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { Name } from "../../app/people";
import { ActForm, several, text } from "../../kit/ActForm";
import { Empty } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { atMinute } from "../../kit/time";
import { inLanguage, useLanguage, useWords, type Language } from "../../kit/words";
import { workOf, type Ticket, type Work } from "./data";
import { WORDS } from "./logs_words";

type Analysis = Schemas["KeptLogAnalysis"];
type Templates = Schemas["TriageTemplateView"][];
const MOST_TEXT = 262_144; // characters, as the desk takes them
const ASK_EVERY = 1_000; // ms

/** What was found in one log, and what of that is shown this once. */
interface Told { analysis: string; templates: Templates }

/** Files are read in the background: they may be long. Raises Problem. */
async function readFiles(ticket: string, attachments: string[], root_cause: string, key: string, language: Language): Promise<Told> {
  const path = { ticket };
  let job = must(await api.POST("/v1/tickets/{ticket}/work/log-analysis-jobs", { params: { path, header: once(key) }, body: { attachments, root_cause, attachment: "" } }));
  while (job.state === "queued" || job.state === "running") {
    await new Promise((wake) => setTimeout(wake, ASK_EVERY));
    job = must(await api.GET("/v1/tickets/{ticket}/work/log-analysis-jobs/{job}", { params: { path: { ticket, job: job.id } } }));
  }
  if (!job.result) throw new Problem(422, "log-not-read", inLanguage(job.why, language), "");
  return { analysis: job.result.analysis, templates: job.result.templates };
}

async function readText(ticket: string, pasted: string, attachments: string[], root_cause: string, key: string): Promise<Told> {
  const view = must(await api.POST("/v1/tickets/{ticket}/work/log-analyses", {
    params: { path: { ticket }, header: once(key) },
    body: { text: pasted, attachments, root_cause, attachment: "" },
  }));
  return { analysis: view.analysis.id, templates: view.templates };
}

/** What the logs of this ticket say: errors in groups and over time, and where they were met before. */
export default function LogsTab({ ticket }: { ticket: Ticket }) {
  const query = useQuery(workOf(ticket.ticket));
  return <Of query={query}>{(work) => <Logs ticket={ticket} work={work} />}</Of>;
}

function Logs({ ticket, work }: { ticket: Ticket; work: Work }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const queries = useQueryClient();
  const [told, setTold] = useState<Told | null>(null);
  const files = ticket.attachments.map((one) => [one.id, one.name] as const);
  const shut = !work.assignee ? say("nobody_yet") : work.assignee !== me.sub && !has(me, "lead") ? say("mine") : undefined;
  return (
    <div className="work">
      {work.open && has(me, "engineer", "lead") && (
        <ActForm title={say("analyse")} shut={shut}
          fields={[{ name: "text", label: say("text"), kind: "text", most: MOST_TEXT }, ...(files.length ? [{ name: "attachments", label: say("files"), kind: "several" as const, options: files }] : []), { name: "root_cause", label: say("root_cause") }]}
          act={(filled, key) => {
            const [pasted, chosen, cause] = [text(filled, "text"), several(filled, "attachments"), text(filled, "root_cause")];
            return chosen.length && !pasted ? readFiles(work.ticket, chosen, cause, key, language) : readText(work.ticket, pasted, chosen, cause, key);
          }}
          done={(view) => {
            setTold(view);
            void queries.invalidateQueries({ queryKey: ["ticket", work.ticket] });
          }} />
      )}
      {!work.log_analyses.length && <Empty title={say("none")}><p>{say("none_hint")}</p></Empty>}
      {[...work.log_analyses].reverse().map((one) => <One key={one.id} analysis={one} templates={told?.analysis === one.id ? told.templates : []} />)}
    </div>
  );
}

function One({ analysis, templates }: { analysis: Analysis; templates: Templates }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const facts = [["module", analysis.module], ["systems", analysis.systems.join(", ")], ["cause", analysis.root_cause]] as const;
  const title = say("analysed", { at: atMinute(analysis.analysed_at, language) });
  return (
    <section className="card stack" aria-label={title} data-analysis={analysis.id}>
      <h2>{title} <span className="meta"><Name of={analysis.by} /> · {say("read", { n: analysis.lines })}</span></h2>
      <dl className="facts wide">{facts.filter(([, value]) => value).map(([name, value]) => <div key={name}><dt>{say(name)}</dt><dd className="text">{value}</dd></div>)}</dl>
      {!analysis.groups.length ? <p className="muted">{say("nothing")}</p> : (
        <div className="scroll" tabIndex={0} role="region" aria-label={say("errors")}>
          <table className="plain">
            <thead><tr><th scope="col">{say("error")}</th><th scope="col" className="number">{say("times")}</th><th scope="col">{say("over_time")}</th><th scope="col">{say("first")}</th><th scope="col">{say("last")}</th></tr></thead>
            <tbody>
              {analysis.groups.map((one) => (
                <tr key={one.fingerprint}>
                  <th scope="row"><span className="mono">{one.title}</span><div className="meta">{[one.module, ...one.systems].filter(Boolean).join(" · ")}</div></th>
                  <td className="number">{one.count}</td><td><Bars buckets={one.buckets} /></td><td className="figure">{asWritten(one.first_at)}</td><td className="figure">{asWritten(one.last_at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {templates.length > 0 && <section className="stack tight"><h3>{say("templates")}</h3><ul>{templates.slice(0, 10).map((one) => <li key={one.text} className="mono">{one.count} × {one.text}</li>)}</ul></section>}
      {analysis.similar.length > 0 && (
        <section className="stack tight"><h3>{say("similar")}</h3>
          <ul className="similar">{analysis.similar.map((one) => <li key={one.article}><Link to="/knowledge/$article" params={{ article: one.article }}>{one.title}</Link> <span className="meta figure">{Math.round(100 * one.score)} %{one.exact && ` · ${say("exact")}`}</span></li>)}</ul>
        </section>
      )}
      {analysis.operations.length > 0 && (
        <section className="stack tight"><h3>{say("operations")}</h3>
          <div className="scroll" tabIndex={0} role="region" aria-label={say("operations")}><table className="plain">
            <thead><tr><th scope="col">{say("when")}</th><th scope="col">{say("who")}</th><th scope="col">{say("did")}</th></tr></thead>
            <tbody>{analysis.operations.map((one, index) => <tr key={index}><td className="figure">{asWritten(one.at)}</td><td>{one.who}</td><td>{one.did}</td></tr>)}</tbody>
          </table></div>
        </section>
      )}
    </section>
  );
}

/** As the log has it, in whatever zone that was. */
const asWritten = (at: string | null | undefined): string => at?.replace("T", " ") || "–";

const HIGH = 20;
const WIDE = 6;

/** How often in each period; told in words to whoever does not see it. */
function Bars({ buckets }: { buckets: Schemas["LogBucketView"][] }) {
  const say = useWords(WORDS);
  if (!buckets.length) return null;
  const most = Math.max(...buckets.map((one) => one.count), 1);
  return (
    <svg className="bars" role="img" width={buckets.length * WIDE} height={HIGH} viewBox={`0 0 ${buckets.length * WIDE} ${HIGH}`}
      aria-label={say("bars", { n: buckets.reduce((sum, one) => sum + one.count, 0), parts: buckets.length, most })}>
      {buckets.map((one, at) => {
        const height = one.count ? Math.max(2, (HIGH * one.count) / most) : 0;
        return <rect key={at} x={at * WIDE} y={HIGH - height} width={WIDE - 1} height={height}><title>{`${one.begins}: ${one.count}`}</title></rect>;
      })}
    </svg>
  );
}
