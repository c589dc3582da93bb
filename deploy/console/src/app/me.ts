import { createContext, useContext } from "react";
import type { Session } from "../api/session";

export const MeContext = createContext<Session | null>(null);

export function useMe(): Session {
  const me = useContext(MeContext);
  if (!me) throw new Error("nobody has signed in");
  return me;
}
