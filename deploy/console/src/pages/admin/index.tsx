import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { useWords } from "../../kit/words";
import { Calendars } from "./Calendars";
import { DeadLetters } from "./DeadLetters";
import { Deliveries } from "./Deliveries";
import { Engineers } from "./Engineers";
import { Policies } from "./Policies";
import { WORDS } from "./words";
import "./admin.css";

const route = getRouteApi("/admin");
const TABS = { engineers: Engineers, policies: Policies, calendars: Calendars, dead_letters: DeadLetters, deliveries: Deliveries } as const;
type Tab = keyof typeof TABS;

/** What those look after who keep the desk running. */
export function component() {
  const say = useWords(WORDS);
  const me = useMe();
  const { tab } = route.useSearch();
  const mine = (Object.keys(TABS) as Tab[]).filter((one) => one !== "dead_letters" || has(me, "admin", "auditor"));
  const shown = mine.find((one) => one === tab) ?? "engineers";
  const Shown = TABS[shown];
  useEffect(() => void (document.title = `${say(shown)} · Bihuan 闭环`), [say, shown]);
  return (
    <div className="page admin">
      <h1>{say("title")}</h1>
      <div className="tabs" role="tablist" aria-label={say("tabs")}>
        {mine.map((one) => (
          <Link key={one} role="tab" id={`tab-${one}`} aria-controls="panel" aria-selected={one === shown} to="/admin" search={one === "engineers" ? {} : { tab: one }} replace>{say(one)}</Link>
        ))}
      </div>
      <div role="tabpanel" id="panel" aria-labelledby={`tab-${shown}`} tabIndex={0}><Shown /></div>
    </div>
  );
}
