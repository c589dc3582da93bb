// Whether a request is the desk's webhook. Node alone; `secret` is `whsec_…`, `body` the raw bytes.
import { createHmac, timingSafeEqual } from "node:crypto";

const TOLERANCE = 300; // seconds

// `headers` by their names in lower case. Leave out what has a `webhook-id` that was seen before.
export function isFromTheDesk(secret: string, headers: Record<string, string>, body: Buffer): boolean {
  const id = headers["webhook-id"] ?? "";
  const sentAt = headers["webhook-timestamp"] ?? "";
  if (!/^\d+$/.test(sentAt) || Math.abs(Date.now() / 1000 - Number(sentAt)) > TOLERANCE) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const mark = createHmac("sha256", key).update(`${id}.${sentAt}.`).update(body).digest("base64");
  const expected = Buffer.from(`v1,${mark}`);
  return (headers["webhook-signature"] ?? "").split(" ").some((one) => {
    const given = Buffer.from(one);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
