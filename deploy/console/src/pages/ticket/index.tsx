import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { has } from "../../api/session";
import { useShortcuts } from "../../app/keys";
import { useMe } from "../../app/me";
import { PriorityMark, StageRail, WaitingMark } from "../../kit/Marks";
import { neighbour, standAt } from "../../kit/place";
import type { Mode } from "../../kit/draft";
import { Of } from "../../kit/Query";
import { useWords } from "../../kit/words";
import { AssignDialog } from "./Assign";
import { Composer } from "./Composer";
import { Conversation } from "./Conversation";
import { Here, usePresence } from "./Presence";
import { Side } from "./Side";
import { ticketOf } from "./data";
import { WORDS } from "./words";
import "./ticket.css";

const route = getRouteApi("/tickets/$ticket");
const TABS = ["conversation", "work", "consultation", "logs", "links", "timeline", "trace"] as const;
const WorkTab = lazy(() => import("./WorkTab"));
const TimelineTab = lazy(() => import("./TimelineTab"));
const ConsultationTab = lazy(() => import("./ConsultationTab"));
const LogsTab = lazy(() => import("./LogsTab"));
const LinksTab = lazy(() => import("./LinksTab"));
const TraceTab = lazy(() => import("./TraceTab"));

export function component() {
  const { ticket } = route.useParams();
  return <Page key={ticket} number={ticket} />; // nothing of one ticket ever stands in another's page
}

function Page({ number }: { number: string }) {
  const say = useWords(WORDS);
  const me = useMe();
  const navigate = useNavigate();
  const { tab = "conversation" } = route.useSearch();
  const query = useQuery(ticketOf(number));
  const [mode, setMode] = useState<Mode>("reply");
  const [asks, setAsks] = useState(0); // for the composer to take the focus
  const [assigning, setAssigning] = useState(false);
  const [isTyping, setIsTyping] = useState(false);
  const mayWrite = has(me, "agent", "engineer", "lead");
  const present = usePresence(number, mayWrite && isTyping, mayWrite);
  const title = query.data?.problem.title;
  useEffect(() => {
    standAt(number);
    document.title = title ? `${number} ${title}` : number;
    return () => void (document.title = "Bihuan 闭环");
  }, [number, title]);

  const write = (as: Mode) => {
    if (tab !== "conversation") void navigate({ to: "/tickets/$ticket", params: { ticket: number }, search: {} });
    setMode(as);
    setAsks((before) => before + 1);
  };
  const step = (by: 1 | -1) => {
    const there = neighbour(number, by);
    if (there) void navigate({ to: "/tickets/$ticket", params: { ticket: there } });
  };
  useShortcuts({
    ...(mayWrite && { reply: () => write("reply"), note: () => write("note") }),
    ...(has(me, "lead") && { assign: () => setAssigning(true) }),
    next: () => step(1),
    previous: () => step(-1),
    back: () => void navigate({ to: "/queue" }),
  });
  return (
    <Of query={query}>
      {(data) => (
        <div className="ticket">
          <header className="head">
            <div className="side-by-side">
              <Link to="/queue" className="button plain" aria-label={say("back")}><span aria-hidden="true">←</span></Link>
              <span className="figure muted">{data.ticket}</span>
              <PriorityMark priority={data.priority} />
              <WaitingMark waiting={data.waiting_for} />
              <span className="grow" />
              <Here present={present} me={me.sub} />
            </div>
            <h1>{data.problem.title}</h1>
            <StageRail stage={data.stage} round={data.round} />
          </header>
          <section className="middle">
            <div className="tabs" role="tablist" aria-label={say("tabs")}>
              {TABS.map((one) => (
                <Link key={one} role="tab" id={`tab-${one}`} aria-controls="panel" aria-selected={tab === one} to="/tickets/$ticket" params={{ ticket: number }}
                  search={one === "conversation" ? {} : { tab: one }} replace>{say(one)}</Link>
              ))}
            </div>
            <div className="panel" role="tabpanel" id="panel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
              <Suspense>
              {tab === "work" ? <WorkTab number={number} ticket={data} />
                : tab === "consultation" ? <ConsultationTab number={number} />
                : tab === "logs" ? <LogsTab ticket={data} />
                : tab === "trace" ? <TraceTab number={number} />
                : tab === "links" ? <LinksTab ticket={data} />
                : tab === "timeline" ? <TimelineTab number={number} />
                : <Conversation ticket={data} />}
              </Suspense>
            </div>
            {mayWrite && tab === "conversation" && (
              <Composer ticket={data} mode={mode} setMode={setMode} asks={asks} typing={setIsTyping} />
            )}
          </section>
          <Side ticket={data} assign={has(me, "lead") ? () => setAssigning(true) : undefined} />
          {assigning && <AssignDialog number={number} close={() => setAssigning(false)} />}
        </div>
      )}
    </Of>
  );
}
