import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { useWords } from "../../kit/words";
import { WORDS } from "./words";
import "./admin.css";

const route = getRouteApi("/admin");
const TABS = {
  engineers: lazy(() => import("./Engineers")), policies: lazy(() => import("./Policies")), calendars: lazy(() => import("./Calendars")), categories: lazy(() => import("./Categories")),
  forms: lazy(() => import("./Forms")), templates: lazy(() => import("./Templates")), channels: lazy(() => import("./Channels")), deliveries: lazy(() => import("./Deliveries")),
  webhooks: lazy(() => import("./Webhooks")), api_keys: lazy(() => import("./ApiKeys")), dead_letters: lazy(() => import("./DeadLetters")),
} as const;
/** What not everybody here may see. */
const FOR = { dead_letters: ["admin", "auditor"], webhooks: ["admin", "auditor"], api_keys: ["admin", "auditor"] } as const satisfies Partial<Record<keyof typeof TABS, readonly string[]>>;
type Tab = keyof typeof TABS;

/** What those look after who keep the desk running. */
export function component() {
  const say = useWords(WORDS);
  const me = useMe();
  const { tab } = route.useSearch();
  const mine = (Object.keys(TABS) as Tab[]).filter((one) => !(one in FOR) || has(me, ...FOR[one as keyof typeof FOR]));
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
      <div role="tabpanel" id="panel" aria-labelledby={`tab-${shown}`} tabIndex={0}><Suspense><Shown /></Suspense></div>
    </div>
  );
}
