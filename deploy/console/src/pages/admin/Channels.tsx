import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { api, must, once, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { ActForm, text } from "../../kit/ActForm";
import { Moment } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { useWords } from "../../kit/words";
import { WORDS } from "./channel_words";

const MOST = 100;

/** What does not get through: out to people, in from people, onto their computers. */
export default function Channels() {
  const me = useMe();
  return <div className="stack sections">{has(me, "agent", "lead", "auditor", "admin") && <Suspended />}{has(me, "agent", "lead", "auditor") && <Mails />}{has(me, "lead", "admin") && <Held />}<Tools /></div>;
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return <section className="stack" aria-label={title}><h2>{title}</h2>{children}</section>;
}

function useAgain(name: string) {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: [name] });
}

/** Addresses from which mails came back: nothing is sent there until somebody says so. */
function Suspended() {
  const say = useWords(WORDS);
  const me = useMe();
  const done = useAgain("suspended");
  const query = useQuery({ queryKey: ["suspended"], queryFn: async ({ signal }) => must(await api.GET("/v1/suspended-addresses", { params: { query: { is_active: true, limit: MOST } }, signal })).items });
  return (
    <Section title={say("suspended")}>
      <Of query={query}>
        {(all) => !all.length ? <p className="muted">{say("none_suspended")}</p> : (
          <ul className="rows-of">{all.map((one) => (
            <li key={one.id} data-address={one.address}><span className="grow">{one.address} <span className="meta mono">{one.status}</span></span>{one.ticket && <Link to="/tickets/$ticket" params={{ ticket: one.ticket }} className="figure">{one.ticket}</Link>}<span className="meta"><Moment at={one.suspended_at} /></span>
              {has(me, "agent", "lead", "admin") && <ActForm title={say("release")} fields={[]} done={done} act={async (_, key) => must(await api.POST("/v1/suspended-addresses/{suspended_address}/release", { params: { path: { suspended_address: one.id }, header: once(key) } }))} />}</li>
          ))}</ul>
        )}
      </Of>
    </Section>
  );
}

function Mails() {
  const say = useWords(WORDS);
  const me = useMe();
  const done = useAgain("mails");
  const query = useQuery({ queryKey: ["mails"], queryFn: async ({ signal }) => must(await api.GET("/v1/mails", { params: { query: { state: "ignored", limit: MOST } }, signal })).items });
  return (
    <Section title={say("mails")}>
      <Of query={query}>
        {(all) => !all.length ? <p className="muted">{say("none_mails")}</p> : (
          <ul className="rows-of">{all.map((one) => (
            <li key={one.id} data-mail={one.id}><span className="grow">{one.subject || "–"} <span className="meta">{one.sender} · {one.reason}</span></span><span className="meta"><Moment at={one.received_at} /></span>
              {has(me, "agent", "lead") && <ActForm title={say("accept")} fields={[]} done={done} act={async (_, key) => must(await api.POST("/v1/mails/{mail}/acceptance", { params: { path: { mail: one.id }, header: once(key) } }))} />}</li>
          ))}</ul>
        )}
      </Of>
    </Section>
  );
}

/** Files that nobody gets until a scanner or a person has let them through. */
function Held() {
  const say = useWords(WORDS);
  const me = useMe();
  const done = useAgain("quarantine");
  const query = useQuery({ queryKey: ["quarantine"], queryFn: async ({ signal }) => must(await api.GET("/v1/quarantine", { params: { query: { state: "infected", limit: MOST } }, signal })).items });
  const reason = [{ name: "reason", label: say("reason"), required: true }];
  return (
    <Section title={say("quarantine")}>
      <Of query={query}>
        {(all) => !all.length ? <p className="muted">{say("none_held")}</p> : (
          <ul className="rows-of">{all.map((one) => (
            <li key={one.file} data-file={one.file}><span className="grow">{one.name} <span className="meta">{one.signature}</span></span>{one.ticket && <Link to="/tickets/$ticket" params={{ ticket: one.ticket }} className="figure">{one.ticket}</Link>}
              {has(me, "admin") && <>
                <ActForm title={say("release_file")} fields={reason} done={done} act={async (filled, key) => must(await api.POST("/v1/quarantine/{file}/release", { params: { path: { file: one.file }, header: once(key) }, body: { reason: text(filled, "reason") } }))} />
                <ActForm title={say("remove_file")} fields={reason} done={done} act={async (filled, key) => must(await api.POST("/v1/quarantine/{file}/removal", { params: { path: { file: one.file }, header: once(key) }, body: { reason: text(filled, "reason") } }))} />
              </>}</li>
          ))}</ul>
        )}
      </Of>
    </Section>
  );
}

/** With what engineers may look at a customer's screen. */
function Tools() {
  const say = useWords(WORDS);
  const me = useMe();
  const done = useAgain("remote-tools");
  const query = useQuery({ queryKey: ["remote-tools"], queryFn: async ({ signal }) => must(await api.GET("/v1/remote-tools", { signal })).items });
  const put = async (one: Schemas["RemoteToolView"], key: string) => must(await api.PUT("/v1/remote-tools/{tool}", { params: { path: { tool: one.id }, header: { ...once(key), "If-Match": `"${one.version}"` } }, body: { name: one.name, approved: !one.approved } }));
  return (
    <Section title={say("tools")}>
      <Of query={query}>
        {(all) => !all.length ? <p className="muted">{say("none_tools")}</p> : (
          <ul className="rows-of">{all.map((one) => (
            <li key={one.id} data-tool={one.id}><span className="grow">{one.name}</span><span className={one.approved ? "chip met" : "chip quiet"}><span aria-hidden="true">{one.approved ? "✓" : "–"}</span>{say(one.approved ? "approved" : "not_approved")}</span>
              {has(me, "admin") && <ActForm key={one.version} title={say(one.approved ? "withdraw" : "approve")} fields={[]} done={done} act={(_, key) => put(one, key)} />}</li>
          ))}</ul>
        )}
      </Of>
    </Section>
  );
}
