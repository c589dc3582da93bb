import { Problem, Unreachable } from "../api/client";

const AGAIN_AFTER = 1_500; // ms, twice as long each time
const LONGEST = 15_000;
const AWAY = new Set([502, 503, 504]);

/** The desk was not reached, or is away for a moment: sent again with the same key, nothing is done twice. */
export const isAway = (error: unknown): boolean => error instanceof Unreachable || (error instanceof Problem && AWAY.has(error.status));

export const againAfter = (failures: number): number => Math.min(AGAIN_AFTER * 2 ** failures, LONGEST);

/** Somebody does not want it sent any more. */
export class Stopped extends Error {}
