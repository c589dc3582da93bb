import { useWords } from "../kit/words";
import { signInAddress } from "../api/session";
import { WORDS } from "./words";

const KNOWN = { out: "signed_out", failed: "failed", not_staff: "not_staff", unavailable: "unavailable", not_set_up: "not_set_up", unreachable: "unreachable" } as const;

/** Where one stands who is not let in, and why. Signing in itself happens at the provider. */
export function SignIn({ why }: { why: string }) {
  const say = useWords(WORDS);
  const key = KNOWN[why as keyof typeof KNOWN] ?? "failed";
  return (
    <main className="message">
      <h1>{say("product")}</h1>
      <p role={key === "signed_out" ? "status" : "alert"}>{say(key)}</p>
      {key !== "not_set_up" && (
        <a className="button main" href={key === "unreachable" ? location.pathname : signInAddress("/console")}>
          {say(key === "unreachable" ? "again" : "sign_in")}
        </a>
      )}
    </main>
  );
}
