// j, k and o in a list of ordinary elements: the focus is the cursor, on each row's own link or button.
import { useKeys } from '../keys.ts';
import { dismiss, toast } from '../toast.ts';

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-row]')];
}

function step(by: 1 | -1): void {
  const all = rows();
  const at = all.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))];
  const target = next?.matches('a, button') ? next : next?.querySelector<HTMLElement>('a, button');
  target?.focus();
  target?.scrollIntoView({ block: 'nearest' });
}

export function useRows(find: string | null, leave?: () => void): void {
  useKeys({
    rowDown: () => step(1), rowUp: () => step(-1),
    rowOpen: () => (document.activeElement as HTMLElement | null)?.click(),
    ...(find === null ? {} : { rowFind: () => document.getElementById(find)?.focus() }),
    ...(leave ? { leave } : {}),
    undo: () => { const act = toast.value?.act; dismiss(); act?.run(); },
  });
}
