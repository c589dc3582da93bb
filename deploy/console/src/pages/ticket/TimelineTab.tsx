import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, must } from "../../api/client";
import { Name, useNames } from "../../app/people";
import { Moment } from "../../kit/Marks";
import { valueOf } from "../../kit/terms";
import { useLanguage, useWords, type Words } from "../../kit/words";
import { WORDS } from "./words";

const GROUPS = {
  messages: ["messages", "会话"], changes: ["changes", "变更"], process: ["process", "流程"], consents: ["consents", "授权"],
  feedback: ["feedback", "反馈"], work: ["work", "处理"], clocks: ["clocks", "时限"], knowledge: ["knowledge", "知识"],
  deliveries: ["deliveries", "通知"], links: ["links", "关联"],
} as const satisfies Words;
type Group = keyof typeof GROUPS;

/** All that happened, as all services told it, the newest first. */
export default function TimelineTab({ number }: { number: string }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const name = useNames();
  const shown = (field: string, value: unknown) => (field === "assignee" ? name(String(value ?? "")) || "–" : valueOf(field, String(value ?? ""), language));
  const [group, setGroup] = useState<Group | "">("");
  const query = useInfiniteQuery({
    queryKey: ["ticket", number, "timeline", group],
    queryFn: async ({ pageParam, signal }) => must(await api.GET("/v1/tickets/{ticket}/timeline", {
      params: { path: { ticket: number }, query: { sort: "newest", limit: 50, after: pageParam, ...(group && { group }) } }, signal,
    })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  return (
    <section className="stack">
      <label className="side-by-side"><span className="meta">{say("group")}</span>
        <select className="field" value={group} onChange={(event) => setGroup(event.target.value as Group | "")}>
          <option value="">{say("everything")}</option>
          {Object.entries(GROUPS).map(([value, words]) => <option key={value} value={value}>{words[language === "zh" ? 1 : 0]}</option>)}
        </select></label>
      {query.isPending && <p className="muted" role="status">{say("loading")}</p>}
      <ol className="log">
        {query.data?.pages.flatMap((page) => page.items).map((one) => (
          <li key={one.id}>
            <span className="meta figure"><Moment at={one.at} /></span>
            <div>
              <p>{one.text[language]} <span className="meta"><Name of={one.actor.name} />{one.visibility === "customer" && ` · ${say("seen_by")}`}</span></p>
              {one.changes.map((change) => (
                <p key={change.field} className="meta">{change.label[language]}{language === "zh" ? "：" : ": "}{change.before !== null && <><del>{shown(change.field, change.before)}</del> → </>}{shown(change.field, change.after)}</p>
              ))}
              {one.reason && <p className="muted">{one.reason[language]}</p>}
            </div>
          </li>
        ))}
      </ol>
      {query.hasNextPage && <div><button className="button" onClick={() => void query.fetchNextPage()}>{say("more")}</button></div>}
    </section>
  );
}
