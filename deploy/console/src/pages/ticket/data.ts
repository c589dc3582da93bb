import { queryOptions } from "@tanstack/react-query";
import { api, must, type Schemas } from "../../api/client";

export type Ticket = Schemas["TicketView"];
export type Work = Schemas["WorkView"];
export type TicketClock = Schemas["ClockWithLedger"];
export type Message = Schemas["MessageView"];

const path = (ticket: string) => ({ params: { path: { ticket } } });

// All that is asked about a ticket is called ["ticket", its number, …]: an event about it makes all of that old.
export const ticketOf = (ticket: string) => queryOptions({
  queryKey: ["ticket", ticket, "self"],
  queryFn: async ({ signal }) => must(await api.GET("/v1/tickets/{ticket}", { ...path(ticket), signal })),
});
export const workOf = (ticket: string) => queryOptions({
  queryKey: ["ticket", ticket, "work"],
  queryFn: async ({ signal }) => must(await api.GET("/v1/tickets/{ticket}/work", { ...path(ticket), signal })),
});
export const clocksOf = (ticket: string) => queryOptions({
  queryKey: ["ticket", ticket, "clocks"],
  queryFn: async ({ signal }) => must(await api.GET("/v1/tickets/{ticket}/clocks", { ...path(ticket), signal })),
});
export const diagnosisOf = (ticket: string) => queryOptions({
  queryKey: ["ticket", ticket, "diagnosis"],
  queryFn: async ({ signal }) => must(await api.GET("/v1/tickets/{ticket}/work/diagnosis", { ...path(ticket), signal })),
});
export const watchersOf = (ticket: string) => queryOptions({
  queryKey: ["ticket", ticket, "watchers"],
  queryFn: async ({ signal }) => must(await api.GET("/v1/tickets/{ticket}/watchers", { ...path(ticket), signal })).items,
});
export const customerOf = (customer: string) => queryOptions({
  queryKey: ["customer", customer],
  queryFn: async ({ signal }) => must(await api.GET("/v1/customers/{customer}", { params: { path: { customer } }, signal })),
});
export { engineers } from "../../app/people";
export const remoteTools = queryOptions({
  queryKey: ["remote-tools"],
  queryFn: async ({ signal }) => must(await api.GET("/v1/remote-tools", { signal })).items,
});
