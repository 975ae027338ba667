// Words by their key, in the language of the settings. `{name}` in a text stands for a value; plural
// forms are not needed: where English has them the key has two texts (one|other).
import { type Words, zh } from './words/zh.ts';
import { en } from './words/en.ts';
import { language } from './settings.ts';

export type Key = keyof Words;

export function t(key: Key, values: Record<string, string | number> = {}): string {
  const text = (language.value === 'en' ? en : zh)[key];
  const [one, other] = text.split('|') as [string, string?];
  const form = other === undefined || values['n'] === 1 ? one : other;
  return form.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

const dayMs = 86_400_000;

export function clockTime(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB');
}

function isSameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}

/** "3 小时", "昨天", "9-24": the shortest that still tells. */
export function age(iso: string, nowMs: number): string {
  const then = new Date(iso);
  const minutes = Math.max(1, Math.round((nowMs - then.getTime()) / 60_000));
  if (minutes < 60) return t('age.minutes', { n: minutes });
  if (minutes < 24 * 60) return t('age.hours', { n: Math.round(minutes / 60) });
  if (isSameDay(then, new Date(nowMs - dayMs))) return t('age.yesterday');
  return `${then.getMonth() + 1}-${then.getDate()}`;
}

export function dateTime(iso: string): string {
  const date = new Date(iso);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** A time to act by: "21:38", "明天 06:00", "9-26 06:02", with the year when it is another one. */
export function when(iso: string, nowMs: number): string {
  const then = new Date(iso);
  const two = (n: number): string => String(n).padStart(2, '0');
  const clock = `${two(then.getHours())}:${two(then.getMinutes())}`;
  if (isSameDay(then, new Date(nowMs))) return clock;
  if (isSameDay(then, new Date(nowMs + dayMs))) return t('when.tomorrow', { clock });
  if (isSameDay(then, new Date(nowMs - dayMs))) return t('when.yesterday', { clock });
  if (then.getFullYear() !== new Date(nowMs).getFullYear()) return dateTime(iso);
  return `${then.getMonth() + 1}-${then.getDate()} ${clock}`;
}
