import { confirm, isCancel, note, select } from "@clack/prompts";
import type { Talk } from "./init/runInit";

/** Speaks with a user at a terminal. */
export const terminal: Talk = {
  say: (text, title) => note(text, title),
  async confirm(message) {
    const answer = await confirm({ message });
    return isCancel(answer) ? undefined : answer;
  },
  async choose(message, answers) {
    const answer = await select<string>({ message, options: answers.map((value) => ({ value })) });
    return answers.find((value) => value === answer);
  },
};

/** Prints for a program that reads lines. */
export const plain = (print: (line: string) => void): Talk => ({
  say: (text) => print(text),
  confirm: async () => undefined,
  choose: async () => undefined,
});
