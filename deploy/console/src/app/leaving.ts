import { useSyncExternalStore } from "react";
import type { Mode } from "../kit/draft";
import { deskNow } from "../kit/time";

/** A reply that can still be taken back; one is shown at a time, the last. */
export interface Leaving {
  ticket: string;
  mode: Mode;
  /** When the desk posts it, by the desk's clock, in ms. */
  at: number;
}

let leaving: Leaving | null = null;
const listeners = new Set<() => void>();

function set(next: Leaving | null): void {
  leaving = next;
  for (const heard of listeners) heard();
}

export function leaves(ticket: string, mode: Mode, at: string): void {
  const moment = Date.parse(at);
  if (moment <= deskNow() || (leaving?.ticket === ticket && leaving.mode === mode && leaving.at === moment)) return;
  set({ ticket, mode, at: moment });
}

export function hasLeft(one: Leaving): void {
  if (leaving === one) set(null);
}

export const useLeaving = (): Leaving | null =>
  useSyncExternalStore((heard) => (listeners.add(heard), () => listeners.delete(heard)), () => leaving);
