// Adding by URL, from anywhere: the key, the button, a pasted address, or ?add=URL of a bookmarklet. The
// dialog is read when it is first wanted.
import { signal } from '@preact/signals';
import { go, query } from '../route.ts';

export interface Adding {
  url: string;
  isSure: boolean; // she pasted it here herself: look at once
}

export const adding = signal<Adding | null>(null);

const oneUrl = /^https?:\/\/[^\s<>"']+$/i;

export function openAdd(url = '', isSure = false): void {
  adding.value = { url, isSure };
}

function onPaste(event: ClipboardEvent): void {
  const isInField = event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]');
  const text = event.clipboardData?.getData('text/plain').trim() ?? '';
  if (isInField || adding.value || document.querySelector('dialog[open]') || !oneUrl.test(text)) return;
  event.preventDefault();
  openAdd(text, true);
}

/** A link from elsewhere only fills the field: what is fetched and stored is hers to say. */
export function startAdding(): void {
  addEventListener('paste', onPaste);
  const wanted = query.value.get('add');
  if (wanted === null) return;
  const rest = new URLSearchParams(location.search);
  rest.delete('add');
  openAdd(wanted);
  history.replaceState(null, '', location.pathname + (rest.size > 0 ? `?${rest}` : ''));
  go(location.pathname + location.search);
}
