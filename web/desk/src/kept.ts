// What this browser keeps of hers that the service does not have yet: by account, so that what one has left here
// is neither shown to another nor saved in his name. What was left before there were accounts belongs to whoever
// comes next.
import { account } from './api.ts';

const nameFor = (who: string, name: string): string => `briefd.${name}.${encodeURIComponent(who)}.`;

/** Beginnings of the keys under which `name` is kept: her own (written), and all that she may read. */
export function keptUnder(name: string): { own: string; readable: string[] } {
  const own = nameFor(account, name);
  return { own, readable: [...new Set([own, nameFor('', name)])] };
}

/** One text of hers; '' when there is none. */
export function readKept(name: string): string {
  const { readable } = keptUnder(name);
  return readable.map((key) => localStorage.getItem(key)).find((text) => text !== null) ?? '';
}

/** Keeps it, or forgets it ('') wherever it was read from. */
export function keep(name: string, text: string): void {
  const { own, readable } = keptUnder(name);
  try {
    for (const key of readable) if (key !== own || text === '') localStorage.removeItem(key);
    if (text !== '') localStorage.setItem(own, text);
  } catch {
    // A full or forbidden storage: it stays as long as the page.
  }
}
