// Any OpenAI client: only base URL and key are the gateway's. Run `npm start` first.
import OpenAI from "openai";
import { network } from "./network.ts";

const { baseUrl, apiKey } = network.gateway;
const openai = new OpenAI({ baseURL: baseUrl, apiKey });
const stream = await openai.chat.completions.create({
  model: "storyteller",
  messages: [{ role: "user", content: "Tell a story about a brave fox and a lost key" }],
  stream: true,
});
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? "");
}
