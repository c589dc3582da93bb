import { useWords } from "../../kit/words";
import { WORDS } from "./webhook_words";

/** A secret that was just made: it is in this page alone, and gone with it. */
export function Secret({ secret }: { secret: string }) {
  const say = useWords(WORDS);
  if (!secret) return null;
  return <p className="alert stack" role="status"><strong>{say("secret")}</strong><code className="mono">{secret}</code></p>;
}
