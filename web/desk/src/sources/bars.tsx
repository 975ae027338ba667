// Twelve weeks as bars, each feed on its own scale; geometry in attributes (the policy forbids inline style).
import type { JSX } from 'preact';
import { t } from '../i18n.ts';

const step = 8, width = 5, height = 24, least = 2;

export function Bars({ weeks, large = false }: { weeks: number[]; large?: boolean }): JSX.Element {
  const most = Math.max(1, ...weeks), past = weeks.slice(0, -1), now = weeks.at(-1) ?? 0;
  return (
    <svg class={large ? 'bars large' : 'bars'} viewBox={`0 0 ${weeks.length * step - (step - width)} ${height}`} role="img" preserveAspectRatio="none"
      aria-label={t('sources.bars', { from: Math.min(...past), to: Math.max(...past), now })}>
      {weeks.map((n, week) => {
        const tall = n === 0 ? least : Math.max(least + 1, Math.round((n / most) * (height - least)));
        const kind = n === 0 ? 'none' : week === weeks.length - 1 ? 'now' : undefined;
        return <rect key={week} x={week * step} y={height - tall} width={width} height={tall} {...(kind ? { class: kind } : {})} />;
      })}
    </svg>
  );
}
