// Icons as strokes on a 16 px grid.
import type { JSX } from 'preact';

const paths = {
  inbox: 'M2 9h3.5l1 2h3l1-2H14M2 9l2-6h8l2 6v4H2z',
  draft: 'M3 2h7l3 3v9H3zM10 2v3h3M5.5 8.5h5M5.5 11h3',
  later: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0M8 4.5V8l2.5 1.5',
  archive: 'M2 3h12v3H2zM3 6v7h10V6M6.5 9h3',
  sources: 'M3 3a10 10 0 0 1 10 10M3 7.5A5.5 5.5 0 0 1 8.5 13M5 12a1 1 0 1 1-2 0 1 1 0 0 1 2 0',
  rules: 'M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M12 4.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0M8 11.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0',
  log: 'M5.5 4H14M5.5 8H14M5.5 12H14M2 4h.5M2 8h.5M2 12h.5',
  settings: 'M10 8a2 2 0 1 1-4 0 2 2 0 0 1 4 0M8 2v2M8 12v2M2 8h2M12 8h2M3.8 3.8l1.4 1.4M10.8 10.8l1.4 1.4M3.8 12.2l1.4-1.4M10.8 5.2l1.4-1.4',
  plus: 'M8 3v10M3 8h10',
  more: 'M3.5 8h.1M8 8h.1M12.5 8h.1',
  search: 'M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0M10.5 10.5 14 14',
  out: 'M6 3H3v10h10v-3M9 3h4v4M13 3 7.5 8.5',
  leave: 'M9.5 3H3.5v10h6M7 8h7M11.500 5.500 14 8l-2.500 2.500',
  check: 'M3 8.5 6.5 12 13 4.5',
  x: 'M4 4l8 8M12 4l-8 8',
  up: 'M8 13V3M4 7l4-4 4 4',
  back: 'M10 3 5 8l5 5',
  group: 'M2 3.5h5M4 7h10M4 10h10M2 13h5',
  refresh: 'M13 4v3h-3M13 7a5.3 5.3 0 1 0 .3 2.5',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3l8 5-8 5z',
  warn: 'M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 12v.1',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  undo: 'M5 4 2.5 6.5 5 9M2.5 6.5H10a3.5 3.5 0 0 1 0 7H7',
  help: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0M6.3 6.3a1.8 1.8 0 1 1 2.5 1.7c-.5.2-.8.6-.8 1.2M8 11.3v.1',
  theme: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0M8 2v12M8 4.5l4 0M8 8l6 0M8 11.5l4 0',
  grip: 'M6 3.500v.1M10 3.500v.1M6 8v.1M10 8v.1M6 12.500v.1M10 12.500v.1',
  merge: 'M3 3v2c0 3 5 2.500 5 6v2M13 3v2c0 3-5 2.500-5 6M6 11l2 2 2-2',
  split: 'M8 14V9M8 9C8 6 3 6 3 3M8 9c0-3 5-3 5-6M1.5 4.5 3 3l1.5 1.5M11.5 4.5 13 3l1.5 1.5',
  sort: 'M4.5 3v10M2 10.5 4.5 13 7 10.5M9 4h5M9 8h3.5M9 12h2',
  filter: 'M2 4h12M4.5 8h7M7 12h2',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }): JSX.Element {
  return <svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d={paths[name]} /></svg>;
}
