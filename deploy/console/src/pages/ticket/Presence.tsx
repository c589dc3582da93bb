import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, must, type Schemas } from "../../api/client";
import { useWords } from "../../kit/words";
import { useLight } from "../../live/Live";
import { WORDS } from "./words";

type Present = Schemas["PresentView"];
const SAY_EVERY = 15_000; // the desk forgets whoever has said nothing for 30 s
const ASK_EVERY = 15_000; // by who says nothing, for whoever went without a goodbye; the stream tells who comes and goes
const ASK_ALONE_EVERY = 3_000; // while there is no stream

/** Who is on the ticket. `tells`: whether this person may say so of themselves. */
export function usePresence(ticket: string, isWorking: boolean, tells: boolean): Present[] {
  const queries = useQueryClient();
  const light = useLight();
  const queryKey = ["presence", ticket];
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => must(await api.GET("/v1/tickets/{ticket}/presence", { params: { path: { ticket } }, signal })).items,
    refetchInterval: light !== "live" ? ASK_ALONE_EVERY : tells ? false : ASK_EVERY, // who says that they are here is answered who else is,
    staleTime: 0,
    retry: false,
  });
  useEffect(() => {
    if (!tells) return;
    const say = async () => {
      const answer = await api.PUT("/v1/tickets/{ticket}/presence", {
        params: { path: { ticket } },
        body: { doing: isWorking ? "working" : "viewing" },
      }).catch(() => null); // it is said again in a moment
      if (answer?.data) queries.setQueryData(["presence", ticket], answer.data.items);
    };
    void say();
    const timer = setInterval(() => void say(), SAY_EVERY);
    return () => clearInterval(timer);
  }, [ticket, isWorking, tells, queries]);
  useEffect(() => {
    if (!tells) return;
    const leave = () => void fetch(`/v1/tickets/${encodeURIComponent(ticket)}/presence`, { method: "DELETE", keepalive: true, headers: { "X-Bihuan": "1" } });
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
      leave();
    };
  }, [ticket, tells]);
  return query.data ?? [];
}

export function Here({ present, me }: { present: Present[]; me: string }) {
  const say = useWords(WORDS);
  const others = present.filter((one) => one.sub !== me);
  return (
    <ul className="here" aria-label={say("here")} aria-live="polite">
      {others.map((one) => {
        const words = say(one.doing === "working" ? "working" : "viewing", { name: one.name });
        return (
          <li key={one.sub} className={one.doing} title={words}>
            <span className="avatar" aria-hidden="true">{[...one.name].slice(0, 2).join("")}</span>
            <span className={one.doing === "working" ? "meta" : "hidden"}>{words}</span>
          </li>
        );
      })}
    </ul>
  );
}
