// What became of a text: the tokens (a Han character, a Latin word, anything else by itself) that stayed,
// went and came.
import { diffArrays } from 'diff';

export interface Piece { text: string; change: 'same' | 'cut' | 'new' }

function tokens(text: string): string[] {
  return text.match(/[A-Za-z0-9_]+|\s+|[^]/gu) ?? [];
}

export function compare(from: string, to: string): Piece[] {
  return diffArrays(tokens(from), tokens(to)).map(({ value, added, removed }) => ({
    text: value.join(''), change: added ? 'new' : removed ? 'cut' : 'same' }));
}
