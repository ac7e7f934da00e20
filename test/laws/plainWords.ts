import ts from "typescript";
import type { SourceFile } from "./sourceFiles";

/** A sentence of a comment, with the place where its comment begins. */
interface Sentence {
  place: string;
  text: string;
}

/** Words that hide their subject: a reader has to guess who or what is meant. */
const riddle =
  /^(it|they|those|that (is|was|are|has|may))\b|\b(whoever|whomever|whatever|whichever|anybody|what is (paid|said|asked|left|shown|known|told|sent)|the one that|of itself|is so\b|it is gone|anew)\b/i;

const mostWords = 20;
/** A page may take a few words more than a comment. */
const mostWordsOnPages = 25;

/** The comments of a file as texts, in their order. Lines of `//` that follow each other are one comment. */
export function commentsOf({ path, text }: SourceFile): Sentence[] {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const ranges = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    for (const range of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []) ranges.set(range.pos, range);
    for (const range of ts.getTrailingCommentRanges(text, node.end) ?? []) ranges.set(range.pos, range);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  const found: (Sentence & { end: number; line: boolean })[] = [];
  for (const { pos, end, kind: type } of [...ranges.values()].sort((a, b) => a.pos - b.pos)) {
    const line = type === ts.SyntaxKind.SingleLineCommentTrivia;
    const last = found.at(-1);
    if (line && last?.line && /^\s*$/.test(text.slice(last.end, pos))) {
      last.text += `\n${text.slice(pos, end)}`;
      last.end = end;
    } else {
      const place = `${path}:${tree.getLineAndCharacterOfPosition(pos).line + 1}`;
      found.push({ place, text: text.slice(pos, end), end, line });
    }
  }
  return found.map(({ place, text: comment }) => ({ place, text: comment }));
}

/** The prose of a comment: no code, no example, no source, no marks. */
function proseOf(comment: string): string {
  return comment
    .replace(/^\/\*\*?|\*\/$/g, "")
    .replace(/^\s*(\*|\/\/) ?/gm, "")
    .replace(/@example[\s\S]*?(?=\n@|$)/g, "")
    .replace(/@(source|default)[^\n]*/g, "")
    .replace(/@(throws|param|property|returns|type|typedef|template)\b( \{[^\n]*\})?/g, "\n\n")
    .replace(/`[^`]*`/g, "code");
}

function sentencesOf({ place, text }: Sentence): Sentence[] {
  return proseOf(text)
    .split(/\n\s*\n|\n(?=[-|])|(?<=[.!?:;])\s+/)
    .map((sentence) => ({ place, text: sentence.replaceAll(/\s+/g, " ").trim() }));
}

function faultsOf({ place, text }: Sentence, most: number): string[] {
  const words = text.split(" ").filter((word) => /\w/.test(word)).length;
  if (words > most) return [`${place} has ${words} words: ${text}`];
  const hidden = riddle.exec(text)?.[0];
  return hidden === undefined ? [] : [`${place} hides its subject behind "${hidden}": ${text}`];
}

/** What a newcomer would read twice in the comments of a file. */
export function hardWords(file: SourceFile): string[] {
  return commentsOf(file)
    .flatMap(sentencesOf)
    .flatMap((sentence) => faultsOf(sentence, mostWords));
}

/** The same for a page of Markdown: its paragraphs, list items and table cells, without its code. */
export function hardPage({ path, text }: SourceFile): string[] {
  const prose = text
    .replace(/^```[\s\S]*?^```|<!--[\s\S]*?-->|^(import|export) .*$/gm, "")
    .replace(/`[^`\n]*`/g, "code")
    .replace(/<[^>]+>/g, "\n\n")
    .replace(/\]\([^)]*\)|\*\*/g, "");
  return prose
    .split(/\n\s*\n|\n(?=\s*([-*]|\d+\.) )|\n(?=\|)| \| |(?<=[.!?:;])\s+/)
    .map((sentence = "") => ({ place: path, text: sentence.replaceAll(/\s+/g, " ").trim() }))
    .flatMap((sentence) => faultsOf(sentence, mostWordsOnPages));
}
