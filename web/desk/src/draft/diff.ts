// What became of an original: its words, each kept or cut. Longest common subsequence over tokens (a Han
// character, a Latin word, anything else by itself); texts too long for the table are compared by their
// common ends alone.
export interface Piece { text: string; cut: boolean }

const mostCells = 4_000_000;

function tokens(text: string): string[] {
  return text.match(/[A-Za-z0-9_]+|\s+|[^]/gu) ?? [];
}

function keptTokens(from: string[], to: string[]): boolean[] {
  const kept = new Array<boolean>(from.length).fill(false);
  let start = 0, fromEnd = from.length, toEnd = to.length;
  while (start < fromEnd && start < toEnd && from[start] === to[start]) kept[start++] = true;
  while (fromEnd > start && toEnd > start && from[fromEnd - 1] === to[toEnd - 1]) {
    kept[--fromEnd] = true;
    toEnd--;
  }
  const rows = fromEnd - start, columns = toEnd - start;
  if (rows * columns === 0 || rows * columns > mostCells) return kept;
  const width = columns + 1;
  const lengths = new Uint16Array((rows + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      lengths[row * width + column] = from[start + row] === to[start + column]
        ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  for (let row = 0, column = 0; row < rows && column < columns;) {
    if (from[start + row] === to[start + column]) {
      kept[start + row++] = true;
      column++;
    } else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return kept;
}

export function compare(original: string, edited: string): Piece[] {
  const from = tokens(original);
  const kept = keptTokens(from, tokens(edited));
  const pieces: Piece[] = [];
  from.forEach((text, index) => {
    const cut = !kept[index], last = pieces.at(-1);
    if (last?.cut === cut) last.text += text;
    else pieces.push({ text, cut });
  });
  return pieces;
}
