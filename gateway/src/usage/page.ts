// The usage page: one static document without assets of others and without data; its script fetches `/usage` and builds tables
// of text nodes, so that nothing a client or a provider wrote is ever read as markup.

export const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1b1d21, #e6e7e9); --soft: light-dark(#676c75, #9aa0aa);
  --line: light-dark(#e3e5e9, #2c3037); --paper: light-dark(#fff, #15171a); --bar: light-dark(#3b6fd4, #7aa2f0);
  --warn: light-dark(#9a5b00, #e0a458); --bad: light-dark(#b3261e, #f2857d); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 2.5rem 1.5rem 4rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.35rem; font-weight: 600; margin: 0; }
h2 { font-size: .95rem; font-weight: 600; margin: 2.25rem 0 .5rem; }
p { margin: .25rem 0; color: var(--soft); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 500; color: var(--soft); font-size: .85rem; }
th, td { padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
td.n, th.n { text-align: right; }
td.n:last-child, th.n:last-child { padding-right: 0; }
.warn { color: var(--warn); } .bad { color: var(--bad); } .soft { color: var(--soft); }
meter { width: 7rem; height: .6rem; vertical-align: middle; }
form { display: flex; gap: .5rem; margin: 1.5rem 0; }
input, button { font: inherit; padding: .4rem .7rem; border: 1px solid var(--line); border-radius: .4rem;
  background: transparent; color: inherit; }
input { flex: 1; max-width: 34rem; }
[hidden] { display: none; }
`;

export const SCRIPT = `
"use strict";
const $ = (id) => document.getElementById(id);
let key = "";
let token = { symbol: "", decimals: 0 };

const amount = (units) => {
  if (units === null) return "";
  const digits = units.replace("-", "").padStart(token.decimals + 1, "0");
  const whole = digits.slice(0, digits.length - token.decimals).replace(/\\B(?=(\\d{3})+$)/g, "\\u202f");
  return (units.startsWith("-") ? "\\u2212" : "") + whole + (token.decimals ? "." + digits.slice(-token.decimals) : "");
};
const count = (value) => String(value).replace(/\\B(?=(\\d{3})+$)/g, "\\u202f");
const short = (text) => (/^0x[0-9a-fA-F]{40}$/.test(text) ? text.slice(0, 8) + "\\u2026" + text.slice(-4) : text || "\\u2013");
const when = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");

function table(id, head, rows) {
  const make = (tag, text, isNumber, name) => {
    const cell = document.createElement(tag);
    if (text instanceof Node) cell.append(text); else cell.textContent = text;
    cell.className = (isNumber ? "n " : "") + (name || "");
    return cell;
  };
  const row = (cells) => { const line = document.createElement("tr"); line.append(...cells); return line; };
  const numbers = head.map((name) => name.startsWith("#"));
  const body = rows.map((cells) => row(cells.map((cell, at) =>
    Array.isArray(cell) ? make("td", cell[0], numbers[at], cell[1]) : make("td", cell, numbers[at]))));
  const titles = row(head.map((name, at) => make("th", name.replace("#", ""), numbers[at])));
  $(id).replaceChildren(titles, ...body);
}

function gauge(spent, budget) {
  if (budget === null) return "";
  const bar = document.createElement("meter");
  bar.max = Math.max(1, Number(budget));
  bar.value = Number(spent);
  bar.high = bar.max * 0.9;
  bar.optimum = 0;
  return bar;
}

const limit = (budget) => budget === null ? ["no limit", "soft"] : amount(budget);

const sums = (id, title, rows, name) => table(id, [title, "by", "#calls", "#input tokens", "#output tokens", "#" + token.symbol],
  rows.map((row) => [name(row.of), row.servedBy === "fallback" ? ["fallback", "warn"] : [row.servedBy || "nobody", "soft"],
    count(row.calls), count(row.promptTokens), count(row.completionTokens), amount(row.amount)]));

const tones = { checked: "", cut: "soft", none: "soft", faulty: "bad" };

function show(data) {
  token = data.token;
  const names = new Map(data.keys.map((one) => [one.id, one.name]));
  $("since").textContent = "The last " + data.days + " days, in " + token.symbol + ". Times in UTC.";
  table("keys", ["key", "id", "#today", "#of", "", "#in all", "#of", ""], data.keys.map((one) => [
    one.is_revoked ? [one.name + " (revoked)", "soft"] : one.name, [one.id, "soft"],
    amount(one.spent_today), limit(one.budget_per_day), gauge(one.spent_today, one.budget_per_day),
    amount(one.spent_total), limit(one.budget_total), gauge(one.spent_total, one.budget_total)]));
  sums("by-key", "key", data.by_key, (id) => names.get(id) || id);
  sums("by-provider", "provider", data.by_provider, short);
  sums("by-model", "model", data.by_model, String);
  table("last", ["time", "key", "route", "model", "by", "provider", "#status", "receipt", "#tokens", "#ms", "#" + token.symbol],
    data.last.map((one) => [when(one.at), names.get(one.keyId) || one.keyId, one.route, one.model,
      one.isOpen ? ["under way", "soft"] : one.servedBy === "fallback" ? ["fallback", "warn"] : [one.servedBy || "nobody", "soft"],
      short(one.provider), one.status === null ? "" : [String(one.status), one.status >= 400 ? "bad" : ""],
      [one.receipt, tones[one.receipt] || ""], count(one.promptTokens + one.completionTokens),
      one.durationMs === null ? "" : count(one.durationMs), amount(one.amount)]));
}

async function load() {
  const headers = key ? { authorization: "Bearer " + key } : {};
  const answer = await fetch("/usage", { headers, cache: "no-store" }).catch(() => undefined);
  const isGood = answer !== undefined && answer.ok;
  $("ask").hidden = isGood;
  $("data").hidden = !isGood;
  if (isGood) show(await answer.json());
  else $("why").textContent = answer === undefined ? "The gateway does not answer." : (await answer.json()).error.message;
}

$("ask").addEventListener("submit", (event) => { event.preventDefault(); key = $("key").value.trim(); load(); });
load();
setInterval(() => { if (!document.hidden && !$("data").hidden) load(); }, 5000);
`;

export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Touchstone gateway: usage</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Touchstone gateway</h1>
<p id="since"></p>
<form id="ask" hidden>
<input id="key" type="password" autocomplete="off" placeholder="API key" aria-label="API key">
<button>Show</button>
<p id="why"></p>
</form>
<main id="data" hidden>
<h2>Keys and budgets</h2>
<div class="scroll"><table id="keys"></table></div>
<h2>Spent by key</h2>
<div class="scroll"><table id="by-key"></table></div>
<h2>Spent by provider</h2>
<div class="scroll"><table id="by-provider"></table></div>
<h2>Spent by model</h2>
<div class="scroll"><table id="by-model"></table></div>
<h2>Last calls</h2>
<div class="scroll"><table id="last"></table></div>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
