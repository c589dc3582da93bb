/** Hours as people write them in a field: `09:00-12:00, 13:30-18:00`. */
export interface Hours {
  start: string;
  end: string;
}

export class BadHours extends Error {}

const TIMES = /^(\d\d:\d\d)\s*[-–~]\s*(\d\d:\d\d)$/;

/** Raises BadHours, which names what it could not read. */
export function hoursOf(written: string): Hours[] {
  return written.split(/[,，;；]/).map((one) => one.trim()).filter(Boolean).map((one) => {
    const found = TIMES.exec(one);
    if (!found) throw new BadHours(one);
    return { start: found[1]!, end: found[2]! };
  });
}

export const written = (hours: readonly Hours[]): string => hours.map((one) => `${one.start.slice(0, 5)}-${one.end.slice(0, 5)}`).join(", ");

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** How many hours a week has. */
export const inWeek = (weekly: readonly (readonly Hours[])[]): number => weekly.flat().reduce((sum, one) => sum + minutes(one.end) - minutes(one.start), 0) / 60;
