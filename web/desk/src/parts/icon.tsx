// Icons as strokes on a 16 px grid.
import type { JSX } from 'preact';

const paths = {
  inbox: 'M2 9h3.5l1 2h3l1-2H14M2 9l2-6h8l2 6v4H2z',
  draft: 'M3 2h7l3 3v9H3zM10 2v3h3M5.5 8.5h5M5.5 11h3',
  later: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0M8 4.5V8l2.5 1.5',
  search: 'M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0M10.5 10.5 14 14',
  out: 'M6 3H3v10h10v-3M9 3h4v4M13 3 7.5 8.5',
  check: 'M3 8.5 6.5 12 13 4.5',
  x: 'M4 4l8 8M12 4l-8 8',
  up: 'M8 13V3M4 7l4-4 4 4',
  back: 'M10 3 5 8l5 5',
  group: 'M2 3.5h5M4 7h10M4 10h10M2 13h5',
  warn: 'M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 12v.1',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  undo: 'M5 4 2.5 6.5 5 9M2.5 6.5H10a3.5 3.5 0 0 1 0 7H7',
  help: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0M6.3 6.3a1.8 1.8 0 1 1 2.5 1.7c-.5.2-.8.6-.8 1.2M8 11.3v.1',
  theme: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0M8 2v12M8 4.5l4 0M8 8l6 0M8 11.5l4 0',
  plus: 'M8 3v10M3 8h10',
  grip: 'M6 3.500v.1M10 3.500v.1M6 8v.1M10 8v.1M6 12.500v.1M10 12.500v.1',
  merge: 'M3 3v2c0 3 5 2.500 5 6v2M13 3v2c0 3-5 2.500-5 6M6 11l2 2 2-2',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }): JSX.Element {
  return <svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d={paths[name]} /></svg>;
}
