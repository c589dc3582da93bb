import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { Problem } from "../api/client";
import { keepDraft, readDraft } from "../kit/draft";
import { useTold } from "../kit/Marks";
import { deskNow } from "../kit/time";
import { useWords, type Words } from "../kit/words";
import { draftsOf, takeDraftBack } from "./drafts";
import { hasLeft, useLeaving, type Leaving } from "./leaving";
import { useShortcuts } from "./keys";
import { useMe } from "./me";

const WORDS = {
  leaves: ["The reply on {ticket} is sent in a moment.", "{ticket} 的回复即将发送。"], in: ["{n} s", "{n} 秒"], undo: ["Undo", "撤回"],
  late: ["It had been sent already.", "已经发送，无法撤回。"], offline: ["The desk cannot be reached: it was not taken back.", "无法连接服务台，未能撤回。"],
} satisfies Words;
const TOLD_FOR = 6000;

/** What was sent a moment ago, on whichever page one is now. */
export function Undo() {
  const leaving = useLeaving();
  const [told, setTold] = useState("");
  useEffect(() => {
    if (!told) return;
    const timer = setTimeout(() => setTold(""), TOLD_FOR);
    return () => clearTimeout(timer);
  }, [told]);
  return (
    <div className="toasts" role="status">
      {leaving ? <Toast key={`${leaving.ticket} ${leaving.at}`} leaving={leaving} tell={setTold} /> : told && <p className="toast">{told}</p>}
    </div>
  );
}

function Toast({ leaving, tell }: { leaving: Leaving; tell(words: string): void }) {
  const say = useWords(WORDS);
  const me = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const left = Number(useTold((now) => String(Math.ceil((leaving.at - now) / 1000))));
  useEffect(() => {
    const timer = setTimeout(() => hasLeft(leaving), Math.max(0, leaving.at - deskNow()));
    return () => clearTimeout(timer);
  }, [leaving]);
  const { ticket, mode } = leaving;
  const back = useMutation({
    networkMode: "always",
    mutationFn: () => takeDraftBack(ticket, mode),
    onSuccess: (draft) => {
      hasLeft(leaving);
      const typed = readDraft(me.sub, ticket, mode); // the next one may have been begun
      const text = typed.text ? `${draft.text}\n\n${typed.text}` : draft.text;
      keepDraft(me.sub, ticket, mode, { text, version: draft.version, isNew: Boolean(typed.text) });
      queries.setQueryData(draftsOf(ticket).queryKey, (before) => [...(before ?? []).filter((one) => one.audience !== mode), draft]);
      dispatchEvent(new Event("bihuan-draft"));
      void navigate({ to: "/tickets/$ticket", params: { ticket }, search: {} });
    },
    onError: (error) => {
      hasLeft(leaving);
      tell(say(error instanceof Problem ? "late" : "offline"));
      void queries.invalidateQueries({ queryKey: ["ticket", ticket] });
    },
  });
  const undo = () => back.isPending || back.mutate();
  useShortcuts({ undo });
  const latest = useRef(undo);
  latest.current = undo;
  useEffect(() => {
    const asked = () => void latest.current();
    addEventListener("bihuan-undo", asked);
    return () => removeEventListener("bihuan-undo", asked);
  }, []);
  return (
    <p className="toast">
      <span>{say("leaves", { ticket })}</span>
      <span className="figure" aria-hidden="true">{say("in", { n: Math.max(0, left) })}</span>
      <button className="button" aria-keyshortcuts="z" onClick={undo}>{say("undo")} <kbd className="mono" aria-hidden="true">Z</kbd></button>
    </p>
  );
}
