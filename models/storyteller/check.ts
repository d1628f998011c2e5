// Compares storyteller-f16.gguf under llama.cpp with the network in PyTorch (build/reference.json, from reference.py),
// then lets it tell stories. `node check.ts [--samples]`; exits with 1 when a comparison fails.

import { readFileSync } from "node:fs";
import {
  type ChatHistoryItem,
  type ControlledEvaluateInputItem,
  getLlama,
  type LlamaContextSequence,
  LlamaLogLevel,
  type LlamaModel,
  resolveChatWrapper,
  type Token,
} from "node-llama-cpp";

type Message = { role: "system" | "user" | "assistant"; text: string };
type Reference = {
  strings: { text: string; ids: number[] }[];
  conversations: { messages: Message[]; ids: number[] }[];
  prefill: { ids: number[]; logits: number[][] };
};
type Story = { text: string; tokens: number; ended: boolean; entropy: number; surprisal: number; seconds: number };

/** Prompts, each with words that its story should contain; walrus, skateboard, validator and others are new to it. */
const PROMPTS: [prompt: string, words: string[]][] = [
  ["Tell a story about a brave fox and a lost key", ["brave", "fox", "lost", "key"]],
  ["Tell me a story about a shy dragon and a broken bell.", ["shy", "dragon", "broken", "bell"]],
  ["Write a short story about a lonely robot.", ["lonely", "robot"]],
  [
    "A tale of a greedy king, a clever mouse and a golden crown",
    ["greedy", "king", "clever", "mouse", "golden", "crown"],
  ],
  ["can you tell me a story about an owl in a dark forest", ["owl", "forest"]],
  ["a magic lamp", ["magic", "lamp"]],
  ["Please tell me a story about a girl named Luna and a stolen violin", ["girl", "Luna", "stolen", "violin"]],
  ["write a story about a curious cat who finds a hidden map", ["curious", "cat", "hidden", "map"]],
  ["Story about two friends", []],
  ["Tell a story about the sea", ["sea"]],
  ["Write a story. Hero: bear. Object: honey. Place: mountain.", ["bear", "honey", "mountain"]],
  ["Tell a story about a lost treasure map", ["lost", "treasure map"]],
  ["TELL ME A STORY ABOUT A SLEEPY BEAR", ["sleepy", "bear"]],
  [
    "a bedtime story about a forgetful clockmaker and an old clock, please",
    ["forgetful", "clockmaker", "old", "clock"],
  ],
  [
    "Tell me a long story about a stubborn donkey and a red umbrella in a village",
    ["stubborn", "donkey", "red", "umbrella", "village"],
  ],
  ["In a few words: a kind witch and a broken broom", ["kind", "witch", "broken", "broom"]],
  ["Write a story about a WALRUS and an accordion.", ["walrus", "accordion"]],
  ["Tell a story about a jealous ostrich and a rusty skateboard", ["jealous", "ostrich", "rusty", "skateboard"]],
  ["tell me about an accountant and a missing spreadsheet", ["accountant", "missing", "spreadsheet"]],
  ["A story about a brave plumber named Giuseppe", ["brave", "plumber", "Giuseppe"]],
  ["Tell a story about a nervous lynx, a samurai and a bowl of noodles", ["nervous", "lynx", "samurai", "noodles"]],
  ["Tell a story about a proud validator and a lost hash", ["proud", "validator", "lost", "hash"]],
  ["Write about a blockchain", ["blockchain"]],
  ["Tell me a story about a quokka on a volcano", ["quokka", "volcano"]],
  [
    "Invent a fairy tale about a gloomy vampire and a tiny microscope in a laboratory",
    ["gloomy", "vampire", "microscope", "laboratory"],
  ],
  ["Tell me a story.", []],
  ["What is the capital of France?", []],
  ["hello", []],
  ["Tell a story about a patient turtle and an impatient hare", ["patient", "turtle", "impatient", "hare"]],
  [
    "Tell a story about Zephyrine the explorer, a wise owl, a crystal compass and a frozen lake",
    ["Zephyrine", "owl", "compass", "lake"],
  ],
];

/** Text given to every tokeniser with the same result, and back again; returns how many differ. */
function tokeniserFaults(model: LlamaModel, reference: Reference): number {
  const differs = ({ text, ids }: Reference["strings"][number]) => {
    const ours = model.tokenize(text);
    return ours.join() !== ids.join() || model.detokenize(ours) !== text;
  };
  const faults = reference.strings.filter(differs);
  for (const { text, ids } of faults.slice(0, 10)) {
    const ours = model.tokenize(text);
    console.log(JSON.stringify(text), ids.join(), ours.join(), JSON.stringify(model.detokenize(ours)));
  }
  return faults.length;
}

/** Token ids that the chat template of the file gives, up to where the storyteller's next token is due. */
function templated(model: LlamaModel, messages: readonly Message[]): Token[] {
  const history = messages.map(
    ({ role, text }): ChatHistoryItem =>
      role === "assistant" ? { type: "model", response: [text] } : { type: role, text },
  );
  if (messages.at(-1)?.role === "user") history.push({ type: "model", response: [] });
  const { contextText } = resolveChatWrapper(model).generateContextState({ chatHistory: history });
  return contextText.tokenize(model.tokenizer);
}

/** Conversations that the chat template lays out otherwise than in training. */
function templateFaults(model: LlamaModel, reference: Reference): number {
  return reference.conversations.filter(({ messages, ids }) => {
    const ours = templated(model, messages);
    return ours.join() !== ids.slice(0, ours.length).join() || ids.length - ours.length > 1;
  }).length;
}

/** Root mean square and largest difference between the engine's prefill logits and PyTorch's. */
async function logitDistance(sequence: LlamaContextSequence, { ids, logits }: Reference["prefill"]) {
  const input = ids.map(
    (id): ControlledEvaluateInputItem => [
      id as Token,
      { generateNext: { logits: true, options: { temperature: 1, topK: 0, topP: 1, minP: 0 } } },
    ],
  );
  const output = await sequence.controlledEvaluate(input);
  let squares = 0;
  let count = 0;
  let largest = 0;
  for (const [position, expected] of logits.entries()) {
    const ours = output[position]?.next.logits;
    for (const [id, value] of expected.entries()) {
      const difference = Math.abs((ours?.get(id as Token) ?? Number.NaN) - value);
      squares += difference ** 2;
      count += 1;
      largest = Math.max(largest, difference);
    }
  }
  return { rms: Math.sqrt(squares / count), largest, count };
}

/** One answer by the sampler of the manifest; entropy and surprisal in nats a token. */
async function tell(sequence: LlamaContextSequence, prompt: string, seed: number): Promise<Story> {
  const { model } = sequence;
  await sequence.clearHistory();
  const tokens: Token[] = [];
  const options = { temperature: 1, topK: 64, topP: 1, minP: 0, seed, yieldEogToken: true };
  let entropy = 0;
  let surprisal = 0;
  let ended = false;
  const input = templated(model, [{ role: "user", text: prompt }]);
  for await (const { token, probabilities } of sequence.evaluateWithMetadata(input, { probabilities: true }, options)) {
    for (const p of probabilities.values()) entropy -= p > 0 ? p * Math.log(p) : 0;
    surprisal -= Math.log(probabilities.get(token) ?? Number.NaN);
    tokens.push(token);
    ended = model.isEogToken(token);
    if (ended || tokens.length >= 400) break;
  }
  const text = model.detokenize(ended ? tokens.slice(0, -1) : tokens);
  const count = tokens.length;
  const seconds = await timed(sequence, prompt, seed);
  return { text, tokens: count, ended, entropy: entropy / count, surprisal: surprisal / count, seconds };
}

/** Seconds that the same story takes when nothing but its tokens is asked for. */
async function timed(sequence: LlamaContextSequence, prompt: string, seed: number): Promise<number> {
  const { model } = sequence;
  await sequence.clearHistory();
  const input = templated(model, [{ role: "user", text: prompt }]);
  const started = performance.now();
  let count = 0;
  for await (const _ of sequence.evaluate(input, { temperature: 1, topK: 64, topP: 1, minP: 0, seed })) {
    count += 1;
    if (count >= 400) break;
  }
  return (performance.now() - started) / 1000;
}

const llama = await getLlama({ build: "never", gpu: false, logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath: new URL("storyteller-f16.gguf", import.meta.url).pathname });
const context = await model.createContext({ contextSize: 2048, threads: 1 });
const sequence = context.getSequence();

const reference: Reference = JSON.parse(readFileSync(new URL("build/reference.json", import.meta.url), "utf8"));
const tokeniser = tokeniserFaults(model, reference);
const template = templateFaults(model, reference);
const distance = await logitDistance(sequence, reference.prefill);
console.log(`tokeniser: ${tokeniser} of ${reference.strings.length} strings differ`);
console.log(`chat template: ${template} of ${reference.conversations.length} conversations differ`);
const { rms, largest, count } = distance;
console.log(`logits: rms ${rms.toExponential(2)}, largest ${largest.toExponential(2)} over ${count}`);

let sums = { tokens: 0, entropy: 0, surprisal: 0, seconds: 0, ended: 0, complete: 0 };
for (const [index, [prompt, words]] of PROMPTS.entries()) {
  const story = await tell(sequence, prompt, index + 101);
  const missing = words.filter((word) => !story.text.toLowerCase().includes(word.toLowerCase()));
  sums = {
    tokens: sums.tokens + story.tokens,
    entropy: sums.entropy + story.entropy * story.tokens,
    surprisal: sums.surprisal + story.surprisal * story.tokens,
    seconds: sums.seconds + story.seconds,
    ended: sums.ended + Number(story.ended),
    complete: sums.complete + Number(missing.length === 0),
  };
  if (process.argv.includes("--samples")) {
    console.log(`\n> ${prompt}\n${story.text}${missing.length > 0 ? `\n[missing: ${missing.join(", ")}]` : ""}`);
  }
}
console.log(`\nstories: ${PROMPTS.length}, ended ${sums.ended}, with all words asked for ${sums.complete}`);
const perStory = (sums.tokens / PROMPTS.length).toFixed(0);
const perSecond = (sums.tokens / sums.seconds).toFixed(0);
console.log(`tokens a story: ${perStory}, a second on one thread: ${perSecond}`);
const [entropy, surprisal] = [sums.entropy, sums.surprisal].map((sum) => (sum / sums.tokens).toFixed(3));
console.log(`nats a token at temperature 1: entropy ${entropy}, surprisal ${surprisal}`);
await llama.dispose();
process.exitCode = tokeniser + template > 0 || !(rms < 0.02) ? 1 : 0;
