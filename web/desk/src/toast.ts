// What is said once: one toast at a time with what can be done about it, and two live regions.
import { signal } from '@preact/signals';

export interface Toast {
  text: string;
  tone: 'plain' | 'bad';
  act?: { label: string; run: () => void; key?: string }; // z, where nothing else is said
}

export const toast = signal<Toast | null>(null);
export const politely = signal('');
export const urgently = signal('');
const shownMs = 8000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function hold(): void {
  clearTimeout(timer);
}

export function release(): void {
  clearTimeout(timer);
  timer = setTimeout(() => { toast.value = null; }, shownMs);
}

export function say(shown: Toast): void {
  toast.value = shown;
  (shown.tone === 'bad' ? urgently : politely).value = shown.text;
  release();
}

export function announce(text: string): void {
  politely.value = text;
}

export function dismiss(): void {
  hold();
  toast.value = null;
}
