// What this browser remembers of how she likes the desk.
import { type Signal, effect, signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
export type Language = 'zh-CN' | 'en';

function remembered<T extends string>(name: string, allowed: readonly T[], otherwise: T): Signal<T> {
  const kept = localStorage.getItem(`briefd.${name}`);
  const value = signal<T>(allowed.find((one) => one === kept) ?? otherwise);
  effect(() => localStorage.setItem(`briefd.${name}`, value.value));
  return value;
}

/** Any text, '' at first. */
function rememberedText(name: string): Signal<string> {
  const value = signal(localStorage.getItem(`briefd.${name}`) ?? '');
  effect(() => localStorage.setItem(`briefd.${name}`, value.value));
  return value;
}

export const editor = rememberedText('editor'); // under which name she acts; '': the service's own
export const theme = remembered<Theme>('theme', ['system', 'light', 'dark'], 'system');
export const language = remembered<Language>('language', ['zh-CN', 'en'],
  navigator.language.startsWith('zh') ? 'zh-CN' : 'en');
export const singleKeys = remembered<'on' | 'off'>('keys', ['on', 'off'], 'on');

effect(() => {
  const root = document.documentElement;
  root.lang = language.value;
  if (theme.value === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme.value;
});
