// An agent that asks a language model: the adjuster's decision. The model stands behind an interface, so that any vendor's
// client fits in a few lines and tests bring a fake. What the server refuses goes back to the model, with every rule that
// the answer broke.

import { fileURLToPath } from 'node:url';

import { ProblemError, Worker, type Handler } from '@flotilla/agents';

import { ChatModel, type Model } from './model.js';

/** Answers to one item before the agent gives up: more would cost more than a person's look. */
const ANSWERS_MAX = 3;

/** Does the task `Decide` by asking the model. */
export function deciding(model: Model): Handler {
  return async (item, { signal, checkIn }) => {
    const prompt = `Decide this insurance claim. Answer with the decision alone.\n\n${item.data}`;
    let asked = prompt;
    for (let answers = 0; answers < ANSWERS_MAX; answers += 1) {
      const decision = visible(await model.complete(asked, signal)).trim();
      try {
        return await checkIn({ Decision: decision });
      } catch (error) {
        // Anything else is not about the answer.
        if (!(error instanceof ProblemError) || error.violations.length === 0) throw error;
        const broken = error.violations.map(({ message }) => message).join('; ');
        asked = `${prompt}\n\nYour answer "${decision}" was refused: ${broken}`;
      }
    }
    throw new Error(`no answer of the model was taken in ${ANSWERS_MAX}`);
  };
}

/** Models say what XML cannot hold, now and then: control characters, halves of emoji. */
function visible(text: string): string {
  return text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '');
}

async function main(): Promise<void> {
  const { MODEL_URL = 'http://localhost:11434/v1', MODEL = 'default', MODEL_KEY = '' } = process.env;
  const worker = new Worker({ agent: 'model-in-typescript', concurrency: 4 });
  worker.handle('Decide', deciding(new ChatModel(MODEL_URL, MODEL, MODEL_KEY)));
  await worker.run();
}

// Tests want the handler alone.
if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
