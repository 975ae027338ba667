// The issue's own lines, folded until they are wanted: day, headline, what stands before and behind.
import type { JSX } from 'preact';
import type { Draft, DraftFields } from '../api.ts';
import { type Key, t } from '../i18n.ts';
import { Versus } from './conflict.tsx';
import { targetOf } from './draft.ts';
import { conflicts, editDraft, linesTyped } from './edits.ts';
import { useTyped } from './typed.ts';

type LineName = 'headline' | 'preface' | 'lead_in' | 'note_before' | 'closing' | 'note_after';

const lines: readonly { name: LineName; label: Key }[] = [
  { name: 'headline', label: 'field.headline' }, { name: 'preface', label: 'field.preface' },
  { name: 'lead_in', label: 'field.lead_in' }, { name: 'note_before', label: 'field.note_before' },
  { name: 'closing', label: 'field.closing' }, { name: 'note_after', label: 'field.note_after' },
];
const written = [...lines, { name: 'day', label: 'field.date' as const }].map(({ name, label }) => ({ name, label,
  write: (fields: Record<string, unknown>) => (fields[name] as string | null) ?? '' }));

function Line({ now, name, label }: { now: Draft; name: LineName; label: Key }): JSX.Element {
  const typed = linesTyped(now.id)[name];
  const text = (typed === undefined ? now[name] : typed) ?? '';
  const area = useTyped(text);
  return (
    <label class="field"><span>{t(label)}</span>
      <textarea class="input" name={name} ref={area} rows={1} defaultValue={text}
        onInput={(event) => editDraft({ [name]: event.currentTarget.value } as DraftFields)} /></label>
  );
}

export function Lines({ now }: { now: Draft }): JSX.Element {
  const typed: DraftFields = linesTyped(now.id);
  const target = targetOf({ kind: 'draft', id: now.id });
  const theirs = conflicts.value.get(target)?.theirs ?? {};
  const isLost = written.some((line) => line.name in theirs);
  return (
    <>
      {isLost && !('guide' in theirs) && <div class="guide"><Versus target={target} fields={written} /></div>}
      <details class="more issue" open={isLost || undefined}><summary>{t('issue')}</summary>
        <label class="field"><span>{t('field.date')}</span><input class="input" type="date" name="day" value={typed.day ?? now.date}
          disabled={now.corrects !== null}
          onChange={(event) => { if (event.currentTarget.value) editDraft({ day: event.currentTarget.value }); }} /></label>
        {lines.map((line) => <Line key={line.name} now={now} {...line} />)}
        {now.corrects === null && <label class="remember"><input type="checkbox" name="suggest" checked={typed.suggest ?? now.suggest}
          onChange={(event) => editDraft({ suggest: event.currentTarget.checked })} />{t('field.suggest')}</label>}
      </details>
    </>
  );
}
