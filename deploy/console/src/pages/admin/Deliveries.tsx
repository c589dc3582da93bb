import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, must, newKey, once, Problem } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { Empty, Moment } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { CHANNEL, term } from "../../kit/terms";
import { useLanguage, useWords } from "../../kit/words";
import { WORDS } from "./words";

const MOST = 100;

/** What did not reach whom, and why; by hand it is sent once more. */
export default function Deliveries() {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ["failed-deliveries"],
    queryFn: async ({ signal }) => {
      const of = async (state: "failed" | "bounced") => must(await api.GET("/v1/notifications", { params: { query: { state, limit: MOST } }, signal }));
      const [failed, bounced] = [await of("failed"), await of("bounced")];
      return { items: [...failed.items, ...bounced.items], isMore: Boolean(failed.next || bounced.next) };
    },
  });
  const [said, setSaid] = useState("");
  const again = useMutation({
    mutationFn: async (notification: string) => must(await api.POST("/v1/notifications/{notification}/redelivery", { params: { path: { notification }, header: once(newKey()) } })),
    onSuccess: () => setSaid(say("sent_again")),
    onError: (error) => setSaid(error instanceof Problem ? say("refused", { why: error.message }) : say("offline")),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["failed-deliveries"] }),
  });
  return (
    <>
      <p role="status">{said}</p>
      <Of query={query}>
        {({ items, isMore }) => !items.length ? <Empty title={say("no_failed")} /> : (
          <div className="scroll" tabIndex={0} role="group" aria-label={say("deliveries")}>
            <table className="plain">
              <thead><tr>{(["ticket", "recipient", "channel", "message", "error", "when", "action"] as const).map((one) => <th key={one} scope="col">{say(one)}</th>)}</tr></thead>
              <tbody>
                {items.map((one) => {
                  const last = one.attempts.at(-1);
                  return (
                    <tr key={one.id} data-notification={one.id}>
                      <th scope="row">{one.ticket ? <Link to="/tickets/$ticket" params={{ ticket: one.ticket }} className="figure">{one.ticket}</Link> : "–"}</th>
                      <td>{one.name || one.recipient}</td><td>{term(CHANNEL, last?.channel ?? one.channels[0], language)}</td><td>{one.title}</td>
                      <td><span className="chip breached"><span aria-hidden="true">✕</span>{say(one.state === "bounced" ? "bounced" : "failed")}</span> <span className="meta">{last?.error}</span></td>
                      <td><Moment at={last?.attempted_at ?? one.created_at} /></td>
                      <td>{has(me, "agent", "lead", "admin") && <button className="button" disabled={again.isPending} onClick={() => again.mutate(one.id)}>{say("send_again")}</button>}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
            {isMore && <p className="meta">{say("more", { n: MOST })}</p>}
          </div>
        )}
      </Of>
    </>
  );
}
