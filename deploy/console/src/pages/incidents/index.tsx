import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { api, must } from "../../api/client";
import { Empty, Moment } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { useWords } from "../../kit/words";
import { State } from "./parts";
import { WORDS } from "./words";
import "./incidents.css";

const route = getRouteApi("/incidents");
const MOST = 100;

/** Several customers with one cause: those that somebody has to see to, or all. */
export function component() {
  const say = useWords(WORDS);
  const { show = "open" } = route.useSearch();
  const query = useQuery({
    queryKey: ["incidents", "list", show],
    queryFn: async ({ signal }) => {
      const of = async (state?: "candidate" | "confirmed") => must(await api.GET("/v1/incidents", { params: { query: { state, limit: MOST } }, signal })).items;
      return show === "all" ? of() : [...(await of("candidate")), ...(await of("confirmed"))];
    },
  });
  useEffect(() => void (document.title = `${say("title")} · Bihuan 闭环`), [say]);
  return (
    <div className="page incidents">
      <h1>{say("title")}</h1>
      <nav className="segments" aria-label={say("which")}>
        {(["open", "all"] as const).map((one) => (
          <Link key={one} to="/incidents" search={one === "open" ? {} : { show: one }} className="segment" aria-current={show === one ? "page" : undefined}>{say(one)}</Link>
        ))}
      </nav>
      <Of query={query}>
        {(items) => !items.length ? <Empty title={say(show === "all" ? "none_at_all" : "none")}>{show !== "all" && <Link className="button" to="/incidents" search={{ show: "all" }}>{say("all")}</Link>}</Empty> : (
          <ul className="rows-of">
            {items.map((one) => (
              <li key={one.id}>
                <State state={one.state} />
                <Link to="/incidents/$incident" params={{ incident: one.id }} className="grow">{one.title}</Link>
                <span className="meta figure">{one.id}</span><span className="meta">{say("of_customers", { n: one.customers, t: one.ticket_count })}</span><span className="meta"><Moment at={one.proposed_at} /></span>
              </li>
            ))}
          </ul>
        )}
      </Of>
    </div>
  );
}
