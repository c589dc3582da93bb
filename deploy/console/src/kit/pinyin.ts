/** Names by the letters that their characters begin with in pinyin: `zs` finds 张三. The order of pinyin that browsers
 *  know tells the letter, so no table of characters is carried along; a character that is read in several ways has the
 *  first of them. */
export const BY_PINYIN = new Intl.Collator("zh-Hans-u-co-pinyin");

// The first character of each letter, in the order of pinyin; no syllable begins with i, u or v.
const FIRST = [..."阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥仨他穵夕丫帀"];
const LETTERS = ["abcdefgh", "jklmnop", "qrst", "wxyz"].join("");
const HAN = /\p{Script=Han}/u;
const known = new Map<string, string>();

function letterOf(character: string): string {
  let found = known.get(character);
  if (found === undefined) {
    const at = HAN.test(character) ? FIRST.findLastIndex((one) => BY_PINYIN.compare(one, character) <= 0) : -1;
    known.set(character, (found = at < 0 ? character.toLowerCase() : LETTERS[at]!));
  }
  return found;
}

export const initials = (text: string): string => [...text].map(letterOf).join("");

/** Whether a text has these words in it, or begins the syllables of some of its characters with these letters. */
export function hasIn(text: string, wanted: string): boolean {
  const find = wanted.trim().toLowerCase();
  return !find || text.toLowerCase().includes(find) || (/^[a-z]+$/.test(find) && HAN.test(text) && initials(text).includes(find));
}
