// The first steps, said once: until something was picked or printed, or she has put it away.
import type { JSX } from 'preact';
import { signal } from '@preact/signals';
import { draft, pickedCount } from '../draft/draft.ts';
import { t } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { hrefOf, page } from '../route.ts';
import { stock } from './counts.ts';
import { remaining } from './stories.ts';

const storedAt = 'briefd.started';
const isAway = signal(localStorage.getItem(storedAt) !== null);

function putAway(): void {
  isAway.value = true;
  localStorage.setItem(storedAt, '1');
}

export function Start(): JSX.Element | null {
  const isFirst = draft.value !== null && stock.value?.issues === 0 && pickedCount() === 0;
  if (isAway.value || !isFirst || page.value !== 'inbox' || remaining.value.length === 0) return null;
  const [before, behind] = t('start.text', { key: '\0' }).split('\0');
  return (
    <p class="start"><b>{t('start')}</b>
      <span>{before} <kbd>s</kbd>{behind}<a class="link" href={hrefOf('draft')}>{t('start.draft')}</a></span>
      <button class="btn icon push" type="button" aria-label={t('close')} onClick={putAway}><Icon name="x" /></button></p>
  );
}
