import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { all, api, must, type Schemas } from "../api/client";
import { BY_PINYIN } from "../kit/pinyin";
import { useLanguage } from "../kit/words";
import { useMe } from "./me";

export const engineers = queryOptions({
  queryKey: ["engineers"],
  queryFn: async ({ signal }) => must(await api.GET("/v1/engineers", { signal })).items,
});

/** Everybody who has signed in here, under the name that they did so with. */
const staff = queryOptions({
  queryKey: ["staff"],
  queryFn: async ({ signal }) => all(async (after) => must(await api.GET("/v1/staff", { params: { query: { after, limit: 100 } }, signal }))),
  staleTime: 300_000,
});

/** What those are called who did something: engineers, who signed in here, oneself, whoever spoke on a ticket that was
 *  read; of others how they sign in. */
export function useNames(): (sub: string) => string {
  const me = useMe();
  const language = useLanguage();
  const queries = useQueryClient();
  const people = useQuery({ ...engineers, staleTime: 300_000 });
  const colleagues = useQuery(staff);
  const told = queries.getQueriesData<Schemas["TicketView"]>({ queryKey: ["ticket"], predicate: ({ queryKey }) => queryKey[2] === "self" });
  return (sub) => {
    if (sub.startsWith("service:")) return language === "zh" ? "系统" : "Bihuan";
    if (sub === me.sub) return me.name;
    const known = people.data?.find((one) => one.id === sub)?.name ?? colleagues.data?.find((one) => one.sub === sub)?.name;
    if (known) return known;
    for (const [, ticket] of told) {
      if (ticket?.contact.sub === sub && ticket.contact.name) return ticket.contact.name;
      const said = ticket?.messages.find((one) => one.author === sub && one.name);
      if (said) return said.name;
    }
    return sub;
  };
}

/** Whom something can be given to, to choose from: engineers and who has signed in here, by name. `also`: who is named
 *  already, whatever became of them. */
export function usePeople(also: readonly string[] = []): [sub: string, name: string][] {
  const named = useNames();
  const people = useQuery({ ...engineers, staleTime: 300_000 });
  const colleagues = useQuery(staff);
  const subs = new Set([...also.filter(Boolean), ...(people.data ?? []).filter((one) => one.active).map((one) => one.id), ...(colleagues.data ?? []).map((one) => one.sub)]);
  return [...subs].map((sub): [string, string] => [sub, named(sub)]).sort((a, b) => BY_PINYIN.compare(a[1], b[1]));
}

/** Nobody yet: in a field that has to be filled in, somebody is to be chosen. */
export const NOBODY = ["", "–"] as const;

export function Name({ of }: { of: string }) {
  return useNames()(of);
}
