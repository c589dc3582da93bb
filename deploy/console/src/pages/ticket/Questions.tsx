import { useMutation } from "@tanstack/react-query";
import { api, must, newKey, once, Problem } from "../../api/client";
import { text } from "../../kit/ActForm";
import { useLanguage, useWords, type Words } from "../../kit/words";
import type { Ticket } from "./data";
import { TicketForm } from "./forms";

const WORDS = {
  questions: ["Asked of the customer, not answered yet", "已向客户提问，尚未答复"], record: ["Record the customer's answers", "代录客户答复"],
  link: ["Send the questions again", "再次发送问题"], sent: ["Sent to {to}.", "已发送至 {to}。"], offline: ["The desk cannot be reached.", "无法连接服务台。"],
} satisfies Words;

/** What the desk asked of the customer and nobody has answered yet. It asks by itself, each thing once; what customers say
 *  on the phone is written down here, and the questions can be sent once more. */
export function Questions({ ticket, mayWrite }: { ticket: Ticket; mayWrite: boolean }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const number = ticket.ticket;
  const send = useMutation({
    mutationFn: async () => must(await api.POST("/v1/tickets/{ticket}/links", {
      params: { path: { ticket: number }, header: once(newKey()) }, body: { action: "answer_questions" },
    })),
  });
  if (!ticket.questions.length) return null;
  const words = (one: { en: string; zh: string }) => (language === "zh" ? one.zh : one.en);
  return (
    <section className="questions stack">
      <h2>{say("questions")}</h2>
      <ul>{ticket.questions.map((one) => <li key={one.field}>{words(one)}</li>)}</ul>
      {mayWrite && <>
        <TicketForm number={number} title={say("record")} fields={ticket.questions.map((one) => ({ name: one.field, label: words(one), kind: "text" as const }))}
          act={async (filled, key) => {
            const answers = Object.fromEntries(ticket.questions.map((one) => [one.field, text(filled, one.field)]).filter(([, given]) => given));
            return must(await api.POST("/v1/tickets/{ticket}/answers", { params: { path: { ticket: number }, header: once(key) }, body: { answers } }));
          }} />
        <div className="side-by-side">
          <button className="button" disabled={send.isPending} onClick={() => send.mutate()}>{say("link")}</button>
          <span className="meta" role="status">{send.data ? say("sent", { to: send.data.sent_to }) : send.error instanceof Problem ? send.error.message : send.error ? say("offline") : ""}</span>
        </div>
      </>}
    </section>
  );
}
