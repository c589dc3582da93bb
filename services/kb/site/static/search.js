"use strict";
// Words of Latin letters and digits, and pairs of Chinese characters: what both a text and a question are compared by.
const HAN = /[\u3400-\u9fff]/;
const WORDS = /[a-z0-9]+(?:[.#+_-][a-z0-9]+)*[#+]*|[\u3400-\u9fff]+/g;
const MOST_SHOWN = 50;
const AROUND = 60;

function termsOf(text) {
  const found = new Set();
  for (const word of text.normalize("NFKC").toLowerCase().match(WORDS) || []) {
    if (!HAN.test(word) || word.length === 1) found.add(word);
    else for (let at = 0; at + 1 < word.length; at += 1) found.add(word.slice(at, at + 2));
  }
  return [...found];
}

const ENTRIES = ARTICLES.map((one) => ({
  one,
  title: one.title.normalize("NFKC").toLowerCase(),
  tags: one.tags.join("\n").normalize("NFKC").toLowerCase(),
  text: one.text.normalize("NFKC").toLowerCase(),
}));

function search(question, language) {
  const terms = termsOf(question);
  if (!terms.length) return [];
  const weights = terms.map((term) => {
    const having = ENTRIES.filter((e) => e.title.includes(term) || e.tags.includes(term) || e.text.includes(term));
    return Math.log(1 + ENTRIES.length / (1 + having.length));
  });
  return ENTRIES.map((entry) => {
    let score = 0;
    let hits = 0;
    terms.forEach((term, at) => {
      const worth = 3 * entry.title.includes(term) + 2 * entry.tags.includes(term) + entry.text.includes(term);
      score += worth * weights[at];
      hits += worth > 0;
    });
    if (entry.one.lang === language) score *= 1.1;
    return { one: entry.one, score: score * (hits / terms.length), terms };
  })
    .filter((found) => found.score > 0)
    .sort((a, b) => b.score - a.score || (a.one.id < b.one.id ? -1 : 1))
    .slice(0, MOST_SHOWN);
}

// Only text nodes are made of what articles say; nothing of it is read as markup.
function marked(text, terms) {
  const small = text.toLowerCase();
  const spans = [];
  for (const term of terms)
    for (let at = small.indexOf(term); at >= 0; at = small.indexOf(term, at + 1)) spans.push([at, at + term.length]);
  spans.sort((a, b) => a[0] - b[0]);
  const part = document.createDocumentFragment();
  let end = 0;
  for (const [from, to] of spans) {
    if (to <= end) continue;
    const start = Math.max(from, end);
    if (start > end) part.append(text.slice(end, start));
    const mark = document.createElement("mark");
    mark.textContent = text.slice(start, to);
    part.append(mark);
    end = to;
  }
  part.append(text.slice(end));
  return part;
}

function passage(text, terms) {
  const flat = text.replace(/\s+/g, " ");
  const small = flat.toLowerCase();
  const places = terms.map((term) => small.indexOf(term)).filter((at) => at >= 0);
  const from = Math.max((places.length ? Math.min(...places) : 0) - AROUND, 0);
  const cut = flat.slice(from, from + 3 * AROUND);
  return (from ? "…" : "") + cut + (from + 3 * AROUND < flat.length ? "…" : "");
}

function show(question) {
  const results = document.getElementById("results");
  const found = search(question, document.documentElement.lang);
  const asked = question.trim() !== "";
  results.hidden = !asked;
  document.getElementById("all").hidden = asked;
  const { count, none } = results.dataset;
  document.getElementById("status").textContent = found.length ? count.replace("{n}", String(found.length)) : none;
  document.getElementById("found").replaceChildren(
    ...found.map(({ one, terms }) => {
      const row = document.createElement("li");
      const link = document.createElement("a");
      link.href = `${encodeURIComponent(one.id)}.html`;
      link.lang = one.lang;
      link.append(marked(one.title, terms));
      const text = document.createElement("p");
      text.lang = one.lang;
      text.append(marked(passage(one.text, terms), terms));
      row.append(link, text);
      return row;
    }),
  );
}

const field = document.getElementById("q");
field.value = new URLSearchParams(location.search).get("q") || "";
show(field.value);
field.addEventListener("input", () => show(field.value));
field.form.addEventListener("submit", (event) => {
  event.preventDefault();
  show(field.value);
  history.replaceState(null, "", field.value.trim() ? `?q=${encodeURIComponent(field.value.trim())}` : location.pathname);
});
