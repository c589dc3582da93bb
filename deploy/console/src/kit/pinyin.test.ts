import assert from "node:assert/strict";
import { test } from "node:test";
import { BY_PINYIN, hasIn, initials } from "./pinyin.ts";

test("the letters that characters begin with", () => {
  const names = { 张三: "zs", 李四: "ls", 王芳: "wf", 陈刚: "cg", 周敏: "zm", 欧阳娜: "oyn", 阿里: "al", 钱伟: "qw", 林晓: "lx", 徐悦: "xy", "Li 雷": "li l" };
  for (const [name, letters] of Object.entries(names)) assert.equal(initials(name), letters);
});

test("what is looked for is found by letters, by characters and in part", () => {
  for (const wanted of ["zs", "ZS", "z", "s", "张", "三", "", "  "]) assert.ok(hasIn("张三", wanted), wanted);
  for (const wanted of ["sz", "ls", "zss", "李"]) assert.ok(!hasIn("张三", wanted), wanted);
  assert.ok(hasIn("Zhang San", "san"));
  assert.ok(!hasIn("Zhang San", "zs"));
  assert.ok(hasIn("月末结账失败", "jz"));
});

test("names are in the order of pinyin", () => {
  assert.deepEqual(["张三", "王芳", "李四"].sort(BY_PINYIN.compare), ["李四", "王芳", "张三"]);
});
