import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { api, must, newKey, once, Problem } from "../../api/client";
import { useMe } from "../../app/me";
import { useSettings } from "../../app/settings";
import { keepDraft, readDraft, type Mode } from "../../kit/draft";
import { Composition } from "../../kit/ime";
import { CHANNEL, term } from "../../kit/terms";
import { deskNow } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { ticketOf, watchersOf, type Ticket } from "./data";
import { WORDS } from "./words";

/** `key`: one for what was written, however often it is sent. `at`: when it was sent, by the desk's clock. */
export interface Sent {
  key: string;
  at: number;
  mode: Mode;
  text: string;
}

const WECOM_BYTES = 2048;
const LONGEST = 20_000;
const MODES = ["reply", "note"] as const;

interface Props {
  ticket: Ticket;
  mode: Mode;
  setMode(mode: Mode): void;
  asks: number;
  typing(is: boolean): void;
}

/** Where one writes. To whom it goes stands over it in words, and is to be seen from afar. */
export function Composer({ ticket, mode, setMode, asks, typing }: Props) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const queries = useQueryClient();
  const { enterSends } = useSettings();
  const [text, setText] = useState(() => readDraft(me.sub, ticket.ticket, mode));
  const shownMode = useRef(mode);
  const [key, setKey] = useState(newKey);
  const field = useRef<HTMLTextAreaElement>(null);
  const composition = useRef(new Composition());
  const watchers = useQuery(watchersOf(ticket.ticket));

  if (shownMode.current !== mode) {
    // Each audience has its own draft: what was meant for colleagues never stands in a reply.
    shownMode.current = mode;
    setText(readDraft(me.sub, ticket.ticket, mode));
    setKey(newKey());
  }
  useEffect(() => {
    if (asks) field.current?.focus();
  }, [asks]);
  useEffect(() => typing(text.trim() !== ""), [text, typing]);
  useEffect(() => () => typing(false), [typing]);

  const put = (next: string) => {
    setText(next);
    keepDraft(me.sub, ticket.ticket, mode, next);
  };
  const send = useMutation({
    mutationKey: ["say", ticket.ticket],
    networkMode: "always",
    mutationFn: async (sent: Sent) => must(await api.POST("/v1/tickets/{ticket}/messages", {
      params: { path: { ticket: ticket.ticket }, header: once(sent.key) },
      body: { text: sent.text, internal: sent.mode === "note" },
    })),
    onSuccess: (view, sent) => {
      queries.setQueryData(ticketOf(ticket.ticket).queryKey, (before) => (before && before.version > view.version ? before : view));
      if (readDraft(me.sub, ticket.ticket, sent.mode) === sent.text) keepDraft(me.sub, ticket.ticket, sent.mode, "");
      if (shownMode.current === sent.mode) setText((now) => (now === sent.text ? "" : now));
      setKey(newKey());
    },
  });
  const isNote = mode === "note";
  const isWecom = !isNote && ticket.contact.address.startsWith("channel:wecom");
  const bytes = new TextEncoder().encode(text).length;
  const isTooLong = isWecom && bytes > WECOM_BYTES;
  const maySend = text.trim() !== "" && !isTooLong && !send.isPending;
  const go = () => maySend && send.mutate({ key, at: deskNow() - 2000, mode, text });

  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (composition.current.covers(event.nativeEvent)) return;
    if (event.key === "Escape") {
      field.current?.blur();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey && (enterSends || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      go();
    }
  };
  const others = watchers.data?.filter((one) => !one.by_staff).length ?? 0;
  const audience = isNote ? say("to_nobody")
    : [say("to", { name: ticket.contact.name, channel: term(CHANNEL, ticket.channel, language) }), others ? say("to_watchers", { n: others }) : ""].filter(Boolean).join(" ");
  const label = say(isNote ? "write_note" : "write_reply");
  return (
    <section className={`composer ${mode}`} aria-label={audience}>
      <div className="side-by-side">
        <div className="segments" role="group">
          {MODES.map((one) => <button key={one} className="segment" aria-pressed={mode === one} onClick={() => { setMode(one); field.current?.focus(); }}>{say(one)}</button>)}
        </div>
        <p id="audience" className="audience">{isNote && <span aria-hidden="true">▧ </span>}{audience}</p>
      </div>
      <textarea ref={field} className="field" rows={4} maxLength={LONGEST} value={text} aria-label={label} aria-describedby="audience"
        placeholder={label} onChange={(event) => { put(event.target.value); setKey(newKey()); }} onKeyDown={press}
        onCompositionEnd={() => composition.current.ended()} />
      <div className="side-by-side">
        <span className="meta grow" role="status">
          {send.error instanceof Problem ? <span className="bad">{send.error.message || send.error.title}</span>
            : send.error ? <span className="bad">{say("offline")}</span>
            : send.isSuccess && !text ? say(send.variables.mode === "note" ? "added" : "sent")
            : text ? say("draft") : say(enterSends ? "enter" : "ctrl_enter")}
        </span>
        {isWecom && <span className={`meta figure${isTooLong ? " bad" : ""}`}>{say("bytes", { n: bytes, most: WECOM_BYTES })}</span>}
        {isTooLong && <span className="hidden" role="alert">{say("too_long", { most: WECOM_BYTES })}</span>}
        <button className="button main" disabled={!maySend} onClick={go}>{say(send.error && !(send.error instanceof Problem) ? "again" : isNote ? "add" : "send")}</button>
      </div>
    </section>
  );
}
