import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";

// Words stand in pairs, English and Chinese, each on one line or two: `name: ["English", "中文"]`.
const PAIR = /(\w+): \[("(?:[^"\\]|\\.)*"), ("(?:[^"\\]|\\.)*")\]/g;
const PLACE = /\{(\w+)[^}]*\}/g;

test("both languages have words for everything, with the same values in them", async () => {
  const root = new URL("..", import.meta.url);
  const files = (await readdir(root, { recursive: true })).filter((one) => /\.tsx?$/.test(one) && !one.endsWith(".test.ts") && !one.includes("schema"));
  let found = 0;
  for (const file of files) {
    for (const [, name, en, zh] of (await readFile(new URL(file, root), "utf8")).matchAll(PAIR)) {
      found += 1;
      const [english, chinese] = [JSON.parse(en!) as string, JSON.parse(zh!) as string];
      const values = (text: string) => [...new Set([...text.matchAll(PLACE)].map(([, value]) => value))].sort();
      assert.deepEqual(values(english), values(chinese), `${file}: ${name}`);
      assert.ok(english.trim() && chinese.trim(), `${file}: ${name}`);
      assert.doesNotMatch(english, /[\u3400-\u9fff]/, `${file}: ${name} has Chinese in its English`);
    }
  }
  assert.ok(found > 200, `only ${found} were found`);
});
