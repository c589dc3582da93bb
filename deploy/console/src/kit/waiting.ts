import { useEffect } from "react";
import { Problem, Unreachable } from "../api/client";

const AGAIN_AFTER = 1_500; // ms, twice as long each time
const LONGEST = 15_000;
const AWAY = new Set([502, 503, 504]);

/** The desk was not reached, or is away for a moment: sent again with the same key, nothing is done twice. */
export const isAway = (error: unknown): boolean => error instanceof Unreachable || (error instanceof Problem && AWAY.has(error.status));

export const againAfter = (failures: number): number => Math.min(AGAIN_AFTER * 2 ** failures, LONGEST);

/** While something waits that would be lost with the page, the browser asks before it leaves it. */
export function useAsked(isWaiting: boolean): void {
  useEffect(() => {
    if (!isWaiting) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isWaiting]);
}

/** Somebody does not want it sent any more. */
export class Stopped extends Error {}
