import { useQuery } from "@tanstack/react-query";
import { api, must, once } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { lines, text } from "../../kit/ActForm";
import { atClock } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { remoteTools, type Work } from "./data";
import { WorkForm } from "./forms";
import { WORDS } from "./solving_words";

/** The way to a solution, each step with what has to come before it: knowledge, proposal, internal verification. */
export function Solving({ work }: { work: Work }) {
  const say = useWords(WORDS);
  const me = useMe();
  if (!work.open || !has(me, "engineer", "lead")) return null;
  const number = work.ticket;
  const at = (key: string) => ({ params: { path: { ticket: number }, header: once(key) } });
  const isMine = work.assignee === me.sub || has(me, "lead");
  const notMine = isMine ? undefined : work.assignee ? say("others", { name: work.assignee_name }) : say("nobody");
  const searches = work.searches.filter((one) => one.round === work.round);
  const isKnown = work.proposals.length > 0 || work.searches.some((one) => one.found.length) || work.deep_analyses.length > 0;
  const shut = notMine ?? (!searches.length && !work.proposals.length ? say("search_first") : !isKnown ? say("features_first") : undefined);
  const proposal = work.proposals.filter((one) => one.round === work.round).at(-1);
  const isVerified = proposal?.verifications.some((one) => one.passed);
  return (
    <section className="stack">
      <h2>{say("next")}</h2>
      <WorkForm number={number} title={say("search")} shut={notMine} fields={[{ name: "query", label: say("query") }]}
        act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/work/knowledge-searches", { ...at(key), body: { query: text(filled, "query") } }))} />
      {searches.length > 0 && !isKnown && <>
        <p className="muted">{say("nothing_found")}</p>
        <WorkForm number={number} title={say("begin")} shut={notMine}
          fields={[{ name: "features", label: say("features"), kind: "text", required: true }, { name: "modules", label: say("modules"), required: true }]}
          act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/work/deep-analyses", { ...at(key), body: { features: text(filled, "features"), modules: lines(filled, "modules", /[,，、]/) } }))} />
      </>}
      {!isVerified && <WorkForm number={number} title={say("propose")} shut={shut}
        fields={[{ name: "solution", label: say("solution"), kind: "text", required: true }, { name: "root_cause", label: say("cause"), kind: "text" }]}
        act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/work/solutions", { ...at(key), body: { solution: text(filled, "solution"), root_cause: text(filled, "root_cause") } }))} />}
      {!isVerified && <WorkForm number={number} title={say("verify")} shut={notMine ?? (proposal ? undefined : say("propose_first"))}
        fields={[
          ...(["environment", "steps", "expected", "result"] as const).map((name) => ({ name, label: say(name), kind: name === "environment" ? "line" as const : "text" as const, required: true })),
          { name: "evidence", label: say("evidence"), kind: "file", required: true }, { name: "passed", label: say("passed"), kind: "tick" },
        ]}
        act={async (filled, key) => {
          const evidence = await attach(number, filled.get("evidence") as File, `${key}-file`);
          const body = { environment: text(filled, "environment"), steps: text(filled, "steps"), expected: text(filled, "expected"), result: text(filled, "result"), evidence: [evidence], passed: filled.has("passed") };
          return must(await api.POST("/v1/tickets/{ticket}/work/verifications", { ...at(key), body }));
        }} />}
      {!isVerified && <p className="meta">{say("asks_then")}</p>}
      <Session work={work} notMine={notMine} />
    </section>
  );
}

/** A remote session needs the customer's consent; when that is taken back, it ends. */
function Session({ work, notMine }: { work: Work; notMine?: string }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const tools = useQuery(remoteTools);
  const number = work.ticket;
  const running = work.sessions.find((one) => !one.ended_at);
  if (running) {
    return (
      <>
        <p className="chip risk" role="status"><span aria-hidden="true">◐</span>{say("running", { tool: running.tool, at: atClock(running.started_at, language) })}</p>
        <WorkForm number={number} title={say("end")} shut={notMine} fields={[{ name: "key_steps", label: say("key_steps"), kind: "text" }, { name: "changes", label: say("changes"), kind: "text" }]}
          act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/work/remote-sessions/{session}/end", {
            params: { path: { ticket: number, session: running.id }, header: once(key) },
            body: { key_steps: lines(filled, "key_steps", /\n/), changes: text(filled, "changes") },
          }))} />
      </>
    );
  }
  const approved = tools.data?.filter((one) => one.approved).map((one) => [one.name, one.name] as const) ?? [];
  return (
    <WorkForm number={number} title={say("session")} shut={work.consents.length ? notMine : say("no_consent")}
      fields={[{ name: "tool", label: say("tool"), kind: "choice", options: approved, required: true }, { name: "purpose", label: say("purpose"), required: true }]}
      act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/work/remote-sessions", {
        params: { path: { ticket: number }, header: once(key) }, body: { tool: text(filled, "tool"), purpose: text(filled, "purpose") },
      }))} />
  );
}

/** Adds a file that staff alone see; its id. */
async function attach(ticket: string, file: File, key: string): Promise<string> {
  const form = new FormData();
  form.set("file", file);
  const view = must(await api.POST("/v1/tickets/{ticket}/attachments", {
    params: { path: { ticket }, query: { internal: true }, header: once(key) },
    body: form as never,
    bodySerializer: (body: unknown) => body as FormData,
  }));
  return view.attachments.at(-1)!.id;
}
