// Two texts side by side, neither chosen: what differs is tinted in both.
import type { JSX } from 'preact';
import { type Key, clockTime, t } from '../i18n.ts';
import { compare } from './diff.ts';
import { type Conflict, conflicts, edits, settleConflict } from './edits.ts';

interface Named { name: string; label: Key; write: (fields: Record<string, unknown>) => string }

function Text({ text, other }: { text: string; other: string }): JSX.Element {
  if (text === '') return <p class="quiet">{t('conflict.empty')}</p>;
  return <p>{compare(other, text).filter(({ change }) => change !== 'cut').map((piece, index) => (
    piece.change === 'new' ? <ins key={index}>{piece.text}</ins> : piece.text))}</p>;
}

function whoWrote({ editor, at }: Conflict): string {
  if (editor === null || at === null) return t('conflict.theirs');
  return t('conflict.by', { editor: editor === 'editor' ? t('conflict.other') : editor, at: clockTime(Date.parse(at)) });
}

export function Versus({ target, fields }: { target: string; fields: readonly Named[] }): JSX.Element | null {
  const conflict = conflicts.value.get(target);
  if (!conflict) return null;
  const named = fields.filter((field) => field.name in conflict.theirs);
  const mine = edits.value.get(target) ?? {};
  const isText = Object.values(conflict.theirs).every((value) => typeof value !== 'boolean');
  const sides = [[t('conflict.mine'), mine, conflict.theirs], [whoWrote(conflict), conflict.theirs, mine]] as const;
  return (
    <div class="conflict" role="group" aria-label={t('conflict.title')}>
      <p><b>{t('conflict.title')}</b> {t('conflict.what')}</p>
      <div class="versus">
        {sides.map(([title, own, other]) => (
          <section key={title}><h3>{title}</h3>
            {named.map((field) => (
              <div key={field.name}>{named.length > 1 && <h4>{t(field.label)}</h4>}
                <Text text={field.write(own)} other={field.write(other)} /></div>))}
          </section>
        ))}
      </div>
      <p class="acts"><button class="btn line" type="button" onClick={() => settleConflict(target, 'mine')}>{t('conflict.keepMine')}</button>
        <button class="btn line" type="button" onClick={() => settleConflict(target, 'theirs')}>{t('conflict.keepTheirs')}</button>
        {isText && <button class="btn" type="button" onClick={() => settleConflict(target, 'both')}>{t('conflict.both')}</button>}
        <span class="quiet push">{t('conflict.note')}</span></p>
    </div>
  );
}
