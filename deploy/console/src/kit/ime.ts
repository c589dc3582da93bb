/** What keyboards tell while an input method is composing. Every key handler asks this first: the Enter that takes a
 *  candidate sends nothing, the Escape that drops one closes nothing. */
export interface KeyLike {
  key: string;
  keyCode?: number;
  isComposing?: boolean;
}

/** Chromium says keyCode 229 before the end, Firefox and WebKit `isComposing`. */
export function isComposing(event: KeyLike): boolean {
  return event.isComposing === true || event.keyCode === 229 || event.key === "Process";
}

/** Safari sends the Enter that ended a composition once more, in the same task as `compositionend`: that one counts as
 *  composing too. A field keeps one of these and tells it what happens. */
export class Composition {
  private hasJustEnded = false;

  ended(): void {
    this.hasJustEnded = true;
    setTimeout(() => (this.hasJustEnded = false));
  }

  covers(event: KeyLike): boolean {
    return isComposing(event) || (event.key === "Enter" && this.hasJustEnded);
  }
}
