// What a page shows when there is nothing, not yet, or no answer.
import type { ComponentChildren, JSX } from 'preact';
import { t } from '../i18n.ts';

export function Empty({ title, text, children }: { title: string; text: string; children?: ComponentChildren }): JSX.Element {
  return <div class="empty" role="status"><h2>{title}</h2><p>{text}</p>{children && <p class="acts">{children}</p>}</div>;
}

export function Failed({ title, why, onRetry }: { title: string; why: string | null; onRetry: () => void }): JSX.Element {
  return (
    <div class="empty" role="alert"><h2>{title}</h2><p>{why ?? t('failed.text')}</p>
      <p class="acts"><button class="btn line" type="button" onClick={onRetry}>{t('failed.retry')}</button></p></div>
  );
}

const widths = [42, 61, 35, 54, 47, 66, 38, 58];

/** Lines of a list that is on its way. */
export function Bones({ rows = 12 }: { rows?: number }): JSX.Element {
  return (
    <div class="scroll" aria-busy="true"><p class="sr" role="status">{t('loading')}</p>
      {Array.from({ length: rows }, (_, row) => (
        <svg key={row} class="bones" height="48" aria-hidden="true"><rect class="bone" x="16" y="10" rx="4" height="12" width={`${widths[row % widths.length]}%`} />
          <rect class="bone" x="16" y="28" rx="4" height="9" width={`${(widths[(row + 3) % widths.length] ?? 40) / 2}%`} /></svg>))}
    </div>
  );
}
