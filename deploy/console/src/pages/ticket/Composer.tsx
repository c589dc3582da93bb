import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { newKey, Problem } from "../../api/client";
import { useMe } from "../../app/me";
import { useSettings } from "../../app/settings";
import { leaves } from "../../app/leaving";
import { keepDraft, readDraft, type Mode } from "../../kit/draft";
import { Composition } from "../../kit/ime";
import { dropSending, keepSending, left, stopSending, type Sent } from "../../kit/sending";
import { againAfter, isAway, Stopped } from "../../kit/waiting";
import { CHANNEL, term } from "../../kit/terms";
import { deskNow } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { ticketOf, watchersOf, type Ticket } from "./data";
import { useDraft } from "../../app/drafts";
import { hold as holdIt, isRefused, say as sayIt } from "../../app/sending";
import { WORDS } from "./words";

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
  const { enterSends, undoSends } = useSettings();
  const draft = useDraft(ticket.ticket, mode, ticket.messages.length);
  const { text, put } = draft;
  const shownMode = useRef(mode);
  const [key, setKey] = useState(newKey);
  const field = useRef<HTMLTextAreaElement>(null);
  const composition = useRef(new Composition());
  const watchers = useQuery(watchersOf(ticket.ticket));
  if (shownMode.current !== mode) {
    shownMode.current = mode;
    setKey(newKey());
  }
  useEffect(() => {
    if (asks) field.current?.focus();
  }, [asks]);
  useEffect(() => typing(text.trim() !== ""), [text, typing]);
  useEffect(() => () => typing(false), [typing]);
  const leavesAt = draft.kept?.send_at;
  useEffect(() => {
    if (leavesAt) leaves(ticket.ticket, mode, leavesAt);
  }, [ticket.ticket, mode, leavesAt]);

  // What cannot be sent now goes out once, when the desk is there again, unless one would rather go on writing.
  const waits = {
    networkMode: "always",
    retry: (_: number, error: Error) => isAway(error),
    retryDelay: againAfter,
    onError: (error: Error, sent: Sent) => {
      if (isRefused(error)) dropSending(me.sub, ticket.ticket, sent);
      dispatchEvent(new Event("bihuan-draft"));
    },
  } as const;
  const gone = (sent: Sent) => {
    if (shownMode.current === sent.mode) draft.sent();
    else keepDraft(me.sub, ticket.ticket, sent.mode, { ...readDraft(me.sub, ticket.ticket, sent.mode), text: "", isNew: true });
    setKey(newKey());
  };
  const send = useMutation({
    mutationKey: ["say", ticket.ticket],
    ...waits,
    mutationFn: (sent: Sent) => sayIt(ticket.ticket, sent),
    onSuccess: (view, sent) => {
      dropSending(me.sub, ticket.ticket, sent);
      queries.setQueryData(ticketOf(ticket.ticket).queryKey, (before) => (before && before.version > view.version ? before : view));
      if (readDraft(me.sub, ticket.ticket, sent.mode).text === sent.text) gone(sent);
      dispatchEvent(new Event("bihuan-draft")); // this page may have been left and opened again meanwhile
      setKey(newKey());
    },
  });
  // A reply waits a moment at the desk, in which it can be taken back; the desk sends it, whatever becomes of this page.
  const hold = useMutation({
    ...waits,
    mutationFn: (sent: Sent) => holdIt(ticket.ticket, sent),
    onSuccess: (held, sent) => {
      dropSending(me.sub, ticket.ticket, sent);
      if (readDraft(me.sub, ticket.ticket, sent.mode).text === sent.text && shownMode.current === sent.mode) draft.sent(held);
      dispatchEvent(new Event("bihuan-draft"));
      if (held.send_at) leaves(ticket.ticket, sent.mode, held.send_at);
      setKey(newKey());
    },
  });
  const sending = undoSends && mode === "reply" ? hold : send;
  // Left over from before this page was loaded, or opened again: it is on its way already.
  const [wasLeft, setWasLeft] = useState<Sent | null>(null);
  useEffect(() => {
    const look = () => setWasLeft(left(me.sub, ticket.ticket, mode, readDraft(me.sub, ticket.ticket, mode).text, deskNow()));
    look();
    addEventListener("bihuan-draft", look);
    return () => removeEventListener("bihuan-draft", look);
  }, [me.sub, ticket.ticket, mode]);
  const isLeft = wasLeft !== null && text === wasLeft.text && !sending.isPending && !leavesAt;
  const isWaiting = isLeft || (sending.isPending && sending.failureCount > 0);
  const goOn = () => {
    const sent = sending.isPending ? sending.variables : wasLeft;
    if (sent) stopSending(me.sub, ticket.ticket, sent);
    setWasLeft(null);
    const all = queries.getMutationCache();
    for (const one of all.findAll({ mutationKey: ["say", ticket.ticket], status: "pending" })) if ((one.state.variables as Sent).key === sent?.key) all.remove(one);
    sending.reset();
    setKey(newKey());
    field.current?.focus();
  };
  const isNote = mode === "note";
  const isWecom = !isNote && ticket.contact.address.startsWith("channel:wecom");
  const bytes = new TextEncoder().encode(text).length;
  const isTooLong = isWecom && bytes > WECOM_BYTES;
  const maySend = text.trim() !== "" && !isTooLong && !sending.isPending && !isLeft && !leavesAt;
  const go = () => {
    if (!maySend) return;
    const sent: Sent = { key, at: deskNow() - 2000, mode, text, holds: sending === hold };
    setWasLeft(null);
    keepSending(me.sub, ticket.ticket, sent);
    sending.mutate(sent);
  };

  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (composition.current.covers(event.nativeEvent)) return;
    if (event.key === "z" && (event.ctrlKey || event.metaKey) && !text && leavesAt) {
      event.preventDefault(); // nothing typed is left to undo, so it is the sending that is meant
      dispatchEvent(new Event("bihuan-undo"));
    } else if (event.key === "Escape") {
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
      {draft.other && (
        <div className="warning stack tight" role="alert">
          <p>{say("two_drafts")}</p>
          <p className="text">{draft.other.text}</p>
          <div className="side-by-side">
            <button className="button" onClick={() => draft.settle(true)}>{say("keep_this")}</button>
            <button className="button" onClick={() => draft.settle(false)}>{say("take_other")}</button>
          </div>
        </div>
      )}
      <textarea ref={field} className="field" rows={4} maxLength={LONGEST} value={text} readOnly={isWaiting} aria-label={label} aria-describedby="audience"
        placeholder={label} onChange={(event) => { put(event.target.value); setKey(newKey()); }} onKeyDown={press}
        onCompositionEnd={() => composition.current.ended()} />
      <div className="side-by-side">
        <span className="meta grow" role="status">
          {isWaiting ? <span className="bad">{say("waits")}</span>
            : sending.error instanceof Problem ? <span className="bad">{sending.error.message || sending.error.title}</span>
            : sending.error && !(sending.error instanceof Stopped) ? <span className="bad">{say("offline")}</span>
            : draft.kept?.refused && text ? <span className="bad">{say("not_posted", { why: draft.kept.refused })}</span>
            : leavesAt ? say("leaving")
            : send.isSuccess && !text ? say(send.variables.mode === "note" ? "added" : "sent")
            : text ? say(draft.isKept ? "draft_kept" : "draft") : say(enterSends ? "enter" : "ctrl_enter")}
        </span>
        {isWecom && <span className={`meta figure${isTooLong ? " bad" : ""}`}>{say("bytes", { n: bytes, most: WECOM_BYTES })}</span>}
        {isTooLong && <span className="hidden" role="alert">{say("too_long", { most: WECOM_BYTES })}</span>}
        {isWaiting && <button className="button" onClick={goOn}>{say("go_on_writing")}</button>}
        <button className="button main" disabled={!maySend} onClick={go}>{say(isNote ? "add" : "send")}</button>
      </div>
    </section>
  );
}
