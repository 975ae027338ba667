// Small pieces of text that several pages need.
import type { JSX } from 'preact';
import { caps } from '../keys.ts';

export function Caps({ name }: { name: string }): JSX.Element {
  return <>{caps(name).map((cap) => <kbd key={cap}>{cap}</kbd>)}</>;
}

export type Span = [start: number, end: number];

/** Spans in order, without overlaps, within the text. */
export function merged(spans: Span[], length: number): Span[] {
  const result: Span[] = [];
  for (const [start, end] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (end > length || start >= end) continue;
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

/** A text with its keywords underlined, and its first `bold` units (a vendor's name) bold. */
export function Marked({ text, spans, bold = 0 }: { text: string; spans: Span[]; bold?: number }): JSX.Element {
  const parts: (JSX.Element | string)[] = [];
  let at = 0;
  if (bold > 0) {
    parts.push(<b key="bold">{text.slice(0, bold)}</b>);
    at = bold;
  }
  for (const [start, end] of merged(spans.filter((span) => span[0] >= bold), text.length)) {
    parts.push(text.slice(at, start), <mark key={start}>{text.slice(start, end)}</mark>);
    at = end;
  }
  parts.push(text.slice(at));
  return <>{parts}</>;
}
