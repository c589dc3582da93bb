import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, must, newKey, once, Problem, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { Empty, Moment } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { useWords } from "../../kit/words";
import { WORDS } from "./words";

type DeadLetter = Schemas["DeadLetterView"];
const MOST = 100;

/** Events that a service could not handle; each can be given to it once more when the cause is mended. */
export default function DeadLetters() {
  const say = useWords(WORDS);
  const me = useMe();
  const queries = useQueryClient();
  const query = useQuery({ queryKey: ["dead-letters"], queryFn: async ({ signal }) => must(await api.GET("/v1/dead-letters", { params: { query: { limit: MOST } }, signal })) });
  const [said, setSaid] = useState("");
  const replay = useMutation({
    mutationFn: async (one: DeadLetter) => must(await api.POST("/v1/dead-letters/{sequence}/replay", { params: { path: { sequence: one.sequence }, header: once(newKey()) } })),
    onSuccess: (_, one) => setSaid(say("replayed", { service: one.service })),
    onError: (error) => setSaid(error instanceof Problem ? say("refused", { why: error.message }) : say("offline")),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["dead-letters"] }),
  });
  return (
    <>
      <p role="status">{said}</p>
      <Of query={query}>
        {({ items, next }) => !items.length ? <Empty title={say("no_dead_letters")} /> : (
          <div className="scroll" tabIndex={0} role="group" aria-label={say("dead_letters")}>
            <table className="plain">
              <thead><tr>{(["service", "event", "error", "tries", "when", "action"] as const).map((one) => <th key={one} scope="col">{say(one)}</th>)}</tr></thead>
              <tbody>
                {items.map((one) => (
                  <tr key={one.sequence} data-sequence={one.sequence}>
                    <th scope="row">{one.service}</th><td className="mono">{one.subject}</td><td className="mono">{one.error}</td><td className="number">{one.tries}</td><td><Moment at={one.dead_lettered_at} /></td>
                    <td>{has(me, "admin") && <button className="button" disabled={replay.isPending} onClick={() => replay.mutate(one)}>{say("replay")}</button>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {next && <p className="meta">{say("more", { n: MOST })}</p>}
          </div>
        )}
      </Of>
    </>
  );
}
