import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, must, type Schemas } from "../api/client";
import { has } from "../api/session";
import { useLanguage } from "../kit/words";
import { useMe } from "./me";

export const engineers = queryOptions({
  queryKey: ["engineers"],
  queryFn: async ({ signal }) => must(await api.GET("/v1/engineers", { signal })).items,
});

/** What those are called who did something: engineers, oneself, whoever spoke on a ticket that was read; of others how
 *  they sign in. */
export function useNames(): (sub: string) => string {
  const me = useMe();
  const language = useLanguage();
  const queries = useQueryClient();
  const people = useQuery({ ...engineers, enabled: has(me, "agent", "engineer", "lead", "auditor", "admin"), staleTime: 300_000 });
  const told = queries.getQueriesData<Schemas["TicketView"]>({ queryKey: ["ticket"], predicate: ({ queryKey }) => queryKey[2] === "self" });
  return (sub) => {
    if (sub.startsWith("service:")) return language === "zh" ? "系统" : "Bihuan";
    if (sub === me.sub) return me.name;
    const known = people.data?.find((one) => one.id === sub)?.name;
    if (known) return known;
    for (const [, ticket] of told) {
      if (ticket?.contact.sub === sub && ticket.contact.name) return ticket.contact.name;
      const said = ticket?.messages.find((one) => one.author === sub && one.name);
      if (said) return said.name;
    }
    return sub;
  };
}

export function Name({ of }: { of: string }) {
  return useNames()(of);
}
