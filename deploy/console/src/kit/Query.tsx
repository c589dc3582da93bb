import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Problem } from "../api/client";
import { useWords, type Words } from "./words";

const WORDS = {
  loading: ["Loading …", "正在加载……"], forbidden: ["You have no right to see this.", "您没有权限查看此内容。"],
  missing: ["There is no such thing, or you may not see it.", "不存在，或您无权查看。"],
  failed: ["This could not be read.", "未能读取。"], again: ["Try again", "重试"],
} satisfies Words;

/** What a query brought; else why not, and what to do about it. */
export function Of<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const say = useWords(WORDS);
  if (query.data !== undefined) return children(query.data);
  if (query.isPending && query.fetchStatus !== "paused") return <p className="muted" role="status">{say("loading")}</p>;
  const status = query.error instanceof Problem ? query.error.status : 0;
  if (status === 403) return <p className="muted">{say("forbidden")}</p>;
  if (status === 404) return <p className="muted">{say("missing")}</p>;
  return (
    <p className="side-by-side" role="alert">
      <span>{say("failed")}{query.error instanceof Problem && ` ${query.error.message}`}</span>
      <button className="button" onClick={() => void query.refetch()}>{say("again")}</button>
    </p>
  );
}
