import { useQuery } from "@tanstack/react-query";
import { api, must } from "../../api/client";
import { Name } from "../../app/people";
import { Empty } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { atMinute } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { chainsOf } from "./trace";
import { WORDS } from "./trace_words";

const PAGE = 100;
const PAGES = 3;
const WIDE = 160; // px of the waterfall

/** ms, as one reads a trace. */
const spent = (ms: number) => (ms < 1000 ? `${ms} ms` : ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`);

/** What led to what on this ticket, over all services: one chain for each act, the newest first. */
export default function TraceTab({ number }: { number: string }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const query = useQuery({
    queryKey: ["ticket", number, "trace"],
    queryFn: async ({ signal }) => {
      const items = [];
      let after: string | undefined;
      for (let n = 0; n < PAGES; n++) {
        const page = must(await api.GET("/v1/tickets/{ticket}/timeline", { params: { path: { ticket: number }, query: { sort: "newest", limit: PAGE, after } }, signal }));
        items.push(...page.items);
        if (!page.next) break;
        after = page.next;
      }
      return { items, isMore: items.length === PAGE * PAGES };
    },
  });
  return (
    <Of query={query}>
      {({ items, isMore }) => !items.length ? <Empty title={say("none")} /> : (
        <div className="trace stack">
          <p className="meta">{say("lead")} {isMore && say("most", { n: items.length })}</p>
          {chainsOf(items).map((chain, index) => {
            const first = chain.steps[0]!.told;
            return (
              <details key={chain.cause} className="card" open={index === 0}>
                <summary><span className="figure meta">{atMinute(first.at, language)}</span> {chain.steps.length > 1 ? say("chain", { text: first.text[language], n: chain.steps.length, ms: spent(chain.lasted) }) : first.text[language]}</summary>
                <div className="scroll" tabIndex={0} role="region" aria-label={first.text[language]}>
                  <table className="plain">
                    <thead><tr><th scope="col">{say("step")}</th><th scope="col">{say("service")}</th><th scope="col" className="number">{say("after")}</th><td aria-hidden="true" /></tr></thead>
                    <tbody>
                      {chain.steps.map(({ told, depth, after }) => (
                        <tr key={told.id} data-depth={depth}>
                          <th scope="row"><span aria-hidden="true">{"· ".repeat(Math.min(depth, 8))}</span>{told.text[language]} <span className="meta"><Name of={told.actor.name} /></span></th>
                          <td className="mono">{told.kind}</td><td className="number">{spent(after)}</td>
                          <td aria-hidden="true"><svg className="bars" width={WIDE} height="10"><rect x={chain.lasted ? ((WIDE - 6) * after) / chain.lasted : 0} width="6" height="10" /></svg></td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              </details>
            );
          })}
        </div>
      )}
    </Of>
  );
}
