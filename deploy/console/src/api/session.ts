import { forgetSending } from "../kit/sending";

/** Who is at this browser. The token is in a cookie that no script reads; this asks the desk whose it is. */
export interface Session {
  sub: string;
  name: string;
  roles: string[];
  language: string;
  now: string;
}

const HOME = "/console";
const LEFT = "bihuan-left";

export async function readSession(): Promise<Session | null> {
  const answer = await fetch(`${HOME}/session`, { credentials: "same-origin", headers: { "X-Bihuan": "1" } });
  if (answer.status === 204) return null;
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return (await answer.json()) as Session;
}

let leaving = false;

/** Go to sign in and come back to this page; once, however many answers say so. */
export function leaveToSignIn(): void {
  if (leaving) return;
  leaving = true;
  sessionStorage.setItem(LEFT, location.pathname + location.search); // the sign-in keeps the path alone
  location.assign(signInAddress(location.pathname));
}

/** After signing in, the whole address that one left, if this is where it led. */
export function comeBack(): void {
  const left = sessionStorage.getItem(LEFT);
  sessionStorage.removeItem(LEFT);
  if (left?.split("?")[0] === location.pathname && !location.search) history.replaceState(null, "", left);
}

export function signInAddress(path: string): string {
  const to = path.startsWith(HOME) ? path.replace(/\/$/, "") : HOME;
  return `${HOME}/sign-in?to=${encodeURIComponent(to)}`;
}

export async function signOut(): Promise<void> {
  forgetSending();
  await fetch(`${HOME}/sign-out`, { method: "POST", credentials: "same-origin", headers: { "X-Bihuan": "1" } });
  location.assign(`${HOME}?sign_in=out`);
}

/** Whether the person has one of these roles: what they may do the services decide; this hides what would be refused. */
export const has = (session: Session, ...roles: string[]): boolean => roles.some((role) => session.roles.includes(role));
