// The list's further filters, and those that are on as chips one can take away.
import type { JSX } from 'preact';
import { Dialog } from '../frame.tsx';
import { type Key, t } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { go, hrefWith, query } from '../route.ts';
import { type Facet, activeFacets, ages, facets } from './filters.ts';
import { loaded } from './stories.ts';

/** What the stories that have been read name, the commonest first. */
function namesOf(facet: Facet): string[] {
  const counts = new Map<string, number>();
  for (const story of loaded.value) {
    const names = facet === 'source' ? [story.source, ...story.also] : facet === 'vendor' ? [story.vendor] : story.tags;
    for (const name of names) if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 100).map(([name]) => name);
}

function Named({ facet }: { facet: 'source' | 'vendor' | 'tag' }): JSX.Element {
  const list = `names-of-${facet}`;
  return (
    <label class="field"><span>{t(`filter.${facet}`)}</span>
      <input class="input" name={facet} list={list} autocomplete="off" defaultValue={query.value.get(facet) ?? ''} />
      <datalist id={list}>{namesOf(facet).map((name) => <option key={name} value={name} />)}</datalist>
    </label>
  );
}

function Choice({ facet, values }: { facet: 'age' | 'printed'; values: [value: string, label: string][] }): JSX.Element {
  const chosen = query.value.get(facet) ?? '';
  return (
    <fieldset class="field choice"><legend>{t(`filter.${facet}`)}</legend>
      {[['', t('filter.any')] as [string, string], ...values].map(([value, label]) => (
        <label key={value}><input type="radio" name={facet} value={value} defaultChecked={value === chosen} autofocus={facet === 'age' && value === chosen} /><span>{label}</span></label>))}
    </fieldset>
  );
}

function ageText(days: string): string {
  return t(days === '1' ? 'filter.day' : 'filter.days', { n: Number(days) });
}

export function FilterDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const apply = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    onClose();
    go(hrefWith(Object.fromEntries(facets.map((name) => [name, String(data.get(name) ?? '').trim() || null]))));
  };
  return (
    <Dialog title={t('filter')} onClose={onClose}>
      <form class="form" id="filters" onSubmit={apply}>
        <label class="field"><span>{t('filter.q')}</span>
          <input class="input" name="q" type="search" autocomplete="off" defaultValue={query.value.get('q') ?? ''} /></label>
        <Choice facet="age" values={ages.map((days) => [days, ageText(days)])} />
        <Choice facet="printed" values={[['false', t('filter.unprinted')], ['true', t('filter.wasPrinted')]]} />
        <div class="three"><Named facet="source" /><Named facet="vendor" /><Named facet="tag" /></div>
      </form>
      <footer>
        <button class="btn" type="button" onClick={() => { onClose(); go(hrefWith(Object.fromEntries(facets.map((name) => [name, null])))); }}>{t('filter.clear')}</button>
        <button class="btn fill push" type="submit" form="filters">{t('filter.apply')}</button>
      </footer>
    </Dialog>
  );
}

function textOf(facet: Facet): string {
  const value = query.value.get(facet) ?? '';
  if (facet === 'age') return ageText(value);
  if (facet === 'printed') return t(value === 'true' ? 'filter.wasPrinted' : 'filter.unprinted');
  return value;
}

const heads: Record<Facet, Key> = {
  q: 'filter.q', source: 'filter.source', vendor: 'filter.vendor', tag: 'filter.tag', age: 'filter.age', printed: 'filter.printed',
};

/** What is filtered by, besides the tabs; each can be taken away. */
export function Active(): JSX.Element | null {
  if (activeFacets.value.length === 0) return null;
  return (
    <p class="active-filters">
      {activeFacets.value.map((facet) => (
        <a key={facet} class="chip" href={hrefWith({ [facet]: null })} aria-label={t('filter.remove', { name: `${t(heads[facet])} ${textOf(facet)}` })}>
          <b>{t(heads[facet])}</b> {textOf(facet)}<Icon name="x" /></a>))}
    </p>
  );
}
