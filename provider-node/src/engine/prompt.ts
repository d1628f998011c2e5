import { Template } from "@huggingface/jinja";
import { type ChatMessage, errorOutput, type ItemFailure } from "@touchstone/sdk/protocol";
import type { LlamaModel, Token } from "node-llama-cpp";
import { NodeError } from "../errors.ts";

/** Turns a chat into the tokens that the model was trained on, or says why it cannot, the same on every machine. */
export type PromptEncoder = (messages: readonly ChatMessage[]) => readonly Token[] | ItemFailure;

/** A prompt must not depend on the day: templates that ask for the date fall back to the one they were written with. */
const WITHOUT_DATE = "{% set strftime_now = undefined %}";

/**
 * The chat template of a model's own GGUF.
 *
 * @throws NodeError `MODEL_UNSUPPORTED` if the file has no template or one that cannot be read.
 */
export function createPromptEncoder(model: LlamaModel): PromptEncoder {
  const template = parseTemplate(model.fileInfo.metadata.tokenizer.chat_template);
  const { bos, bosString, eosString, shouldPrependBosToken } = model.tokens;
  return (messages) => {
    if (messages.some(({ content }) => holdsControlToken(model, content))) {
      return errorOutput("PROMPT_CONTROL_TOKEN", "A message holds the text of a control token of this model.");
    }
    const text = render(template, {
      messages,
      add_generation_prompt: true,
      bos_token: bosString ?? "",
      eos_token: eosString ?? "",
    });
    if (text === undefined) {
      return errorOutput("PROMPT_REFUSED", "The chat template of this model takes no such sequence of messages.");
    }
    const tokens = model.tokenize(text, true);
    return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens;
  };
}

function parseTemplate(source: string | undefined): Template {
  if (source === undefined) {
    throw new NodeError("MODEL_UNSUPPORTED", "The model's file has no chat template; take one made for chats.");
  }
  try {
    return new Template(WITHOUT_DATE + source);
  } catch (cause) {
    throw new NodeError("MODEL_UNSUPPORTED", "The chat template in the model's file is no valid Jinja.", { cause });
  }
}

function render(template: Template, variables: Record<string, unknown>): string | undefined {
  try {
    return template.render(variables);
  } catch {
    return undefined; // Templates raise, for example, where roles do not alternate.
  }
}

/** Whether a text would become more than text: a message must not be able to end its turn or speak as another role. */
function holdsControlToken(model: LlamaModel, text: string): boolean {
  const plain = model.tokenize(text, false);
  const special = model.tokenize(text, true);
  return plain.length !== special.length || plain.some((token, index) => token !== special[index]);
}
