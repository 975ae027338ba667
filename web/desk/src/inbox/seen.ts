// Which stories she has had before her eyes, as far back as this browser remembers.
import { signal } from '@preact/signals';
import { keep, readKept } from '../kept.ts';

const name = 'seen', most = 5000;

function remembered(): string[] {
  try {
    const list = JSON.parse(readKept(name) || '[]') as unknown;
    return Array.isArray(list) ? list.filter((id): id is string => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

const seen = signal<ReadonlySet<string>>(new Set(remembered()));

export function isSeen(id: string): boolean {
  return seen.value.has(id);
}

export function markSeen(id: string): void {
  if (seen.value.has(id)) return;
  const list = [...seen.value, id].slice(-most);
  seen.value = new Set(list);
  keep(name, JSON.stringify(list));
}
