import { queryOptions } from "@tanstack/react-query";
import { api, must } from "../api/client";

/** Of which messenger, through which account of the desk, and who they are there. */
export const MESSENGER = "(wecom|dingtalk|feishu):[\\w\\-]{1,80}:[\\w.@\\-]{1,128}";

export const preferenceOf = (subject: string) => queryOptions({
  queryKey: ["preferences", subject],
  queryFn: async ({ signal }) => must(await api.GET("/v1/notification-preferences/{subject}", { params: { path: { subject } }, signal })),
});
