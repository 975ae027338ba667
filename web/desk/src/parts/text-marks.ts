// Where the words that were looked for stand in a text.
import type { Span } from './text.tsx';

/** Case makes no difference; the quotation marks and signs of a search are left out. */
export function spansOf(text: string, query: string): Span[] {
  const lower = text.toLowerCase(), spans: Span[] = [];
  for (const word of query.toLowerCase().match(/(?<![-\p{L}\p{N}])[\p{L}\p{N}][\p{L}\p{N}._+-]*/gu) ?? []) {
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + word.length)) spans.push([at, at + word.length]);
  }
  return spans;
}
