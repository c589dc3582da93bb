import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import { api, must, newKey, once, Problem, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { Choices } from "../../app/Choices";
import { MESSENGER, preferenceOf } from "../../app/preferences";
import { useMe } from "../../app/me";
import { text } from "../../kit/ActForm";
import { Of } from "../../kit/Query";
import { useLanguage, useWords } from "../../kit/words";
import { KINDS, WORDS } from "./words";
import "./settings.css";

type Preference = Schemas["PreferenceView"];
type Body = Schemas["PreferenceBody"];
type Sending = NonNullable<Body["channels"]>[string][number];
const MESSENGERS: Sending[] = ["wecom", "dingtalk", "feishu"];
const WAYS: Record<string, Sending[] | undefined> = { any: undefined, mail: ["email"], messengers: MESSENGERS, inbox: [] };

/** By which of the ways these channels are; `own` where somebody chose otherwise. */
function wayOf(channels: readonly string[] | undefined): string {
  const same = (way: Sending[] | undefined) => (way === undefined ? channels === undefined : channels !== undefined && way.length === channels.length && way.every((one) => channels.includes(one)));
  return Object.keys(WAYS).find((name) => same(WAYS[name])) ?? "own";
}

/** How the console looks here, and how and when one is told of what happens. */
export function component() {
  const say = useWords(WORDS);
  const me = useMe();
  const query = useQuery(preferenceOf(me.sub));
  const [edition, setEdition] = useState(0);
  const [said, setSaid] = useState("");
  useEffect(() => void (document.title = `${say("title")} · Bihuan 闭环`), [say]);
  return (
    <div className="page own-settings">
      <h1>{say("title")}</h1>
      <section className="stack" aria-label={say("screen")}><h2>{say("screen")}</h2><p className="meta">{say("screen_hint")}</p><Choices /></section>
      <section className="stack" aria-label={say("told")}><h2>{say("told")}</h2><p className="meta">{say("told_hint")}</p>
        <Of query={query}>{(one) => <Told key={edition} preference={one} said={said} tell={setSaid} renew={() => setEdition(edition + 1)} />}</Of></section>
    </div>
  );
}

interface Telling {
  preference: Preference;
  said: string;
  tell(words: string): void;
  /** Fill the form anew. */
  renew(): void;
}

function Told({ preference, said, tell, renew }: Telling) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const queries = useQueryClient();
  const { queryKey } = preferenceOf(me.sub);
  const mayName = has(me, "admin"); // it decides whom the desk writes to
  const save = useMutation({
    mutationFn: async (body: Body) => must(await api.PUT("/v1/notification-preferences/{subject}", { params: { path: { subject: me.sub }, header: { ...once(newKey()), "If-Match": `"${preference.version}"` } }, body })),
    onSuccess: (view) => queries.setQueryData(queryKey, view),
    onError: async (error) => {
      if (error instanceof Problem && error.status === 412) {
        await queries.invalidateQueries({ queryKey });
        renew();
      }
      tell(error instanceof Problem ? (error.status === 412 ? say("conflict") : say("refused", { why: error.message })) : say("offline"));
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const filled = new FormData(event.currentTarget);
    const [start, end] = [text(filled, "start"), text(filled, "end")];
    if (!start !== !end) return tell(say("quiet_incomplete"));
    const channels = { ...preference.channels } as NonNullable<Body["channels"]>;
    for (const kind of Object.keys(KINDS)) {
      const way = text(filled, kind);
      if (way === "own") continue;
      const to = WAYS[way];
      if (to === undefined) delete channels[kind];
      else channels[kind] = to;
    }
    save.mutate({ language: text(filled, "language") as "zh", time_zone: text(filled, "zone"), quiet_hours: start ? { start, end } : null, digest: text(filled, "digest") as "daily", digest_at: text(filled, "digest_at") || "09:00", messenger: mayName ? text(filled, "messenger") : preference.messenger, channels });
  };
  return (
    <form className="stack" aria-label={say("told")} onSubmit={submit} onChange={() => { tell(""); save.reset(); }}>
      <div className="row-in two">
        <label className="stack tight"><span className="meta">{say("language")}</span><select className="field" name="language" defaultValue={preference.language}><option value="">{say("account")}</option><option value="zh">{say("zh")}</option><option value="en">{say("en")}</option></select></label>
        <label className="stack tight"><span className="meta">{say("zone")}</span><input className="field" name="zone" required maxLength={60} defaultValue={preference.time_zone} /></label>
      </div>
      <fieldset className="rows-in"><legend className="meta">{say("quiet")}</legend><div className="row-in two">
        <label className="stack tight"><span className="meta">{say("start")}</span><input className="field" type="time" name="start" defaultValue={preference.quiet_hours?.start} /></label>
        <label className="stack tight"><span className="meta">{say("end")}</span><input className="field" type="time" name="end" defaultValue={preference.quiet_hours?.end} /></label>
      </div></fieldset>
      <div className="row-in two">
        <label className="stack tight"><span className="meta">{say("digest")}</span><select className="field" name="digest" defaultValue={preference.digest}>{(["immediately", "batched", "hourly", "daily"] as const).map((one) => <option key={one} value={one}>{say(one)}</option>)}</select></label>
        <label className="stack tight"><span className="meta">{say("digest_at")}</span><input className="field" type="time" name="digest_at" defaultValue={preference.digest_at} /></label>
      </div>
      <div className="stack tight">
        <label className="stack tight"><span className="meta">{say("messenger")}</span><input className="field mono" name="messenger" readOnly={!mayName} maxLength={240} pattern={MESSENGER} title={say("messenger_form")} defaultValue={preference.messenger} placeholder={mayName ? "wecom:desk:zhangsan" : say("messenger_none")} aria-describedby="messenger-hint" /></label>
        <span id="messenger-hint" className="meta">{say(mayName ? "messenger_form" : "messenger_admin")}</span>
      </div>
      <details><summary>{say("by_kind")}</summary>
        <table className="plain">
          <thead><tr><th scope="col">{say("event")}</th><th scope="col">{say("way")}</th></tr></thead>
          <tbody>
            {Object.entries(KINDS).map(([kind, words]) => {
              const name = words[language === "zh" ? 1 : 0];
              const way = wayOf(preference.channels[kind]);
              return <tr key={kind}><th scope="row">{name}</th><td><select className="field" name={kind} aria-label={name} defaultValue={way}>{(["any", "mail", "messengers", "inbox"] as const).map((one) => <option key={one} value={one}>{say(one)}</option>)}{way === "own" && <option value="own">{say("own")}</option>}</select></td></tr>;
            })}
          </tbody>
        </table>
      </details>
      <p role="status" className={said ? "bad" : ""}>{said || (save.isSuccess ? say("saved") : "")}</p>
      <div><button className="button main" disabled={save.isPending}>{say("save")}</button></div>
    </form>
  );
}
