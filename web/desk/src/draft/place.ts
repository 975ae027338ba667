// Where she is on the page: the line under the cursor, the one that is open.
import { signal } from '@preact/signals';
import type { Finding, Pick } from '../api.ts';
import { shown } from './draft.ts';
import { flush } from './edits.ts';
import { acceptPick } from './moves.ts';
import { idOf } from './pick.tsx';

export type View = 'edit' | 'check' | 'preview'; // on a phone one at a time

export const cursor = signal<string | null>(null); // element ids, which a suggestion keeps when it is picked
export const open = signal<string | null>(null);
export const view = signal<View>('edit');
export const writing = signal<string | null>(null); // the section a line is being written for by hand

export function allPicks(): Pick[] {
  return shown.value?.sections.flatMap((section) => section.picks) ?? [];
}

export function atCursor(): Pick | undefined {
  return allPicks().find((pick) => idOf(pick) === cursor.value);
}

function whenDrawn(run: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(run));
}

export function setCursor(id: string | null): void {
  cursor.value = id;
  if (id !== null) whenDrawn(() => {
    const row = document.getElementById(id);
    if (row === null || row.contains(document.activeElement)) return;
    row.scrollIntoView({ block: 'nearest' });
    row.focus({ preventScroll: true });
  });
}

export function openPick(pick: Pick, field = 'title'): void {
  writing.value = null;
  cursor.value = idOf(pick);
  if (pick.suggested) return;
  open.value = idOf(pick);
  focusField(field);
}

export function close(): void {
  flush();
  const id = open.value;
  writing.value = null;
  open.value = null;
  setCursor(id ?? cursor.value);
}

export function step(by: 1 | -1): void {
  const picks = allPicks();
  const index = picks.findIndex((pick) => idOf(pick) === cursor.value);
  const to = picks[Math.max(0, Math.min(picks.length - 1, index < 0 ? 0 : index + by))];
  if (to) setCursor(idOf(to));
}

/** Saves, and opens the next line; behind the last one it only closes. A suggestion on the way is passed by. */
export function saveAndNext(): void {
  flush();
  const picks = allPicks(), at = picks.findIndex((pick) => idOf(pick) === (open.value ?? cursor.value));
  const next = picks.find((pick, index) => index > at && !pick.suggested);
  if (next) openPick(next);
  else close();
}

export function takeOrOpen(pick: Pick): void {
  if (pick.suggested) acceptPick(pick);
  else openPick(pick);
}

// ---- the place of a finding ----

export function pickOf(finding: Finding): Pick | undefined {
  if (finding.pick !== null) return allPicks().find((pick) => pick.id === finding.pick);
  const section = shown.value?.sections.find((one) => one.id === finding.section);
  return finding.item === null ? undefined : section?.picks[finding.item];
}

type Typed = HTMLInputElement | HTMLTextAreaElement;

/** Focuses a field of the open line or of the issue, when it is drawn, and selects the place within it. */
function focusField(name: string, start = 0, length = 0): void {
  whenDrawn(() => {
    const scope = open.value === null ? document.getElementById('sheet') : document.getElementById(open.value);
    const field = scope?.querySelector<Typed>(`[name="${name}"]`) ?? scope?.querySelector<Typed>('[name=title]');
    if (!field) return;
    const folded = field.closest('details');
    if (folded) folded.open = true;
    field.focus();
    if (field instanceof HTMLTextAreaElement && length > 0) field.setSelectionRange(start, start + length);
    field.closest('.pick')?.scrollIntoView({ block: 'nearest' });
    field.scrollIntoView({ block: 'nearest' });
  });
}

export function goTo(finding: Finding): void {
  view.value = 'edit';
  const pick = pickOf(finding);
  if (pick && !pick.suggested) {
    openPick(pick);
    focusField(finding.field, finding.start, finding.length);
  } else if (pick) setCursor(idOf(pick));
  else if (finding.section !== null) {
    close();
    whenDrawn(() => document.getElementById(`section-${finding.section}`)?.scrollIntoView({ block: 'center' }));
  } else {
    close();
    focusField(finding.field === 'date' ? 'day' : finding.field, finding.start, finding.length);
  }
}
