import { useMutationState, useQuery } from "@tanstack/react-query";
import { useLayoutEffect, useRef, useState, type UIEvent } from "react";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { useNames } from "../../app/people";
import type { Sent } from "../../kit/sending";
import { CHANNEL, term } from "../../kit/terms";
import { atClock, inFull, onDay } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import type { Message, Ticket } from "./data";
import { draftsOf } from "../../app/drafts";
import { Problem } from "./Problem";
import { Questions } from "./Questions";
import { WORDS } from "./words";

const NEAR = 80; // px from the end: whoever reads there wants to see what comes

/** What was said, oldest first. Whoever reads further up stays where they are. */
export function Conversation({ ticket }: { ticket: Ticket }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const mayWrite = has(me, "agent", "engineer", "lead");
  const end = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [hasNewer, setHasNewer] = useState(false);
  const sending = useMutationState({
    filters: { mutationKey: ["say", ticket.ticket], status: "pending" },
    select: (one) => one.state.variables as Sent,
  }).filter((sent) => !ticket.messages.some((one) => isThat(one, sent, me.sub)));
  const leaving = useQuery({ ...draftsOf(ticket.ticket), enabled: mayWrite }).data?.filter((one) => one.send_at) ?? [];
  const count = ticket.messages.length + sending.length + leaving.length;
  const seen = useRef(count);
  const panel = () => end.current?.closest<HTMLElement>(".panel");
  useLayoutEffect(() => {
    if (follows.current) panel()?.scrollTo({ top: panel()!.scrollHeight });
    else if (count > seen.current) setHasNewer(true);
    seen.current = count;
  }, [count]);
  useLayoutEffect(() => {
    const box = panel();
    if (!box) return;
    const look = () => {
      follows.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
      if (follows.current) setHasNewer(false);
    };
    box.addEventListener("scroll", look, { passive: true });
    return () => box.removeEventListener("scroll", look);
  }, []);
  let day = "";
  return (
    <div className="conversation" onScroll={(event: UIEvent) => event.stopPropagation()}>
      <Problem ticket={ticket} />
      <ol className="messages">
        {ticket.messages.map((message) => {
          const today = onDay(message.posted_at, language);
          const isNewDay = today !== day;
          day = today;
          return (
            <li key={message.id}>
              {isNewDay && <p className="day"><span>{today}</span></p>}
              <Said message={message} />
            </li>
          );
        })}
        {sending.map((one) => (
          <li key={one.key}>
            <article className={`said ours pending${one.mode === "note" ? " internal" : ""}`}>
              <header className="meta">{say("sending")}</header><p>{one.text}</p>
            </article>
          </li>
        ))}
        {leaving.map((one) => (
          <li key={one.audience}>
            <article className={`said ours pending${one.audience === "note" ? " internal" : ""}`}>
              <header className="meta">{say("leaving")}</header><p className="held">{one.text}</p>
            </article>
          </li>
        ))}
      </ol>
      {count === 0 && <p className="muted">{say("none_said")}</p>}
      <Questions ticket={ticket} mayWrite={mayWrite} />
      <div ref={end} />
      {hasNewer && <button className="button main newer" onClick={() => panel()?.scrollTo({ top: panel()!.scrollHeight })}>{say("newer")}</button>}
    </div>
  );
}

/** Whether the desk tells of it already, before it has answered. */
const isThat = (message: Message, sent: Sent, me: string): boolean =>
  message.author === me && message.text === sent.text.trim() && Date.parse(message.posted_at) > sent.at;

function Said({ message }: { message: Message }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const side = message.internal ? "internal" : message.by_staff ? "ours" : "theirs";
  return (
    <article className={`said ${side}`} data-message={message.id}>
      <header className="meta">
        <strong>{message.name || message.author}</strong>
        {message.by_staff && !message.internal && <span> · {say("by_staff")}</span>}
        <span> · {term(CHANNEL, message.channel, language)}</span>
        {message.recorded_by && <Recorded by={message.recorded_by} />}
        <time dateTime={message.posted_at} title={inFull(message.posted_at, language)}>{atClock(message.posted_at, language)}</time>
      </header>
      {message.internal && <p className="label"><span aria-hidden="true">▧ </span>{say("internal")}</p>}
      <p className="text">{message.text}</p>
    </article>
  );
}

function Recorded({ by }: { by: string }) {
  const say = useWords(WORDS);
  const named = useNames();
  return <span> · {say("recorded", { who: named(by) })}</span>;
}
