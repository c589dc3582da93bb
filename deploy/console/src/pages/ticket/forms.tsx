import { useQueryClient } from "@tanstack/react-query";
import { ActForm, type Act } from "../../kit/ActForm";
import { ticketOf, workOf, type Ticket, type Work } from "./data";

type Without<T> = Omit<Act<T>, "done"> & { number: string };

/** Something that is done to the work on a ticket. */
export function WorkForm({ number, ...form }: Without<Work>) {
  const queries = useQueryClient();
  return <ActForm {...form} done={(work) => {
    queries.setQueryData(workOf(number).queryKey, work);
    void queries.invalidateQueries({ queryKey: ["ticket", number] });
  }} />;
}

/** Something that is done to the ticket itself. */
export function TicketForm({ number, ...form }: Without<Ticket>) {
  const queries = useQueryClient();
  return <ActForm {...form} done={(ticket) => {
    queries.setQueryData(ticketOf(number).queryKey, ticket);
    void queries.invalidateQueries({ queryKey: ["ticket", number] });
  }} />;
}
