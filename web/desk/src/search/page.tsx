// Search over all that was stored and all that was printed: the words marked, the filters in the address.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { get } from '../api.ts';
import { sectionName, sections } from '../draft/sections.ts';
import { age, t } from '../i18n.ts';
import { safeUrl } from '../inbox/reasons.ts';
import { Icon } from '../parts/icon.tsx';
import { useRemote, write } from '../parts/remote.ts';
import { useRows } from '../parts/rows.ts';
import { Bones, Empty, Failed } from '../parts/states.tsx';
import { Marked } from '../parts/text.tsx';
import { spansOf } from '../parts/text-marks.ts';
import { go, hrefOf, hrefWith, query } from '../route.ts';
import { say } from '../toast.ts';

interface Part { text: string; mark?: true }
interface Hit {
  id: string; url: string | null; source: string | null; section: string; dated: string; off_topic: boolean; vendor: string | null;
  title: string | null; title_parts: Part[]; summary_parts: Part[]; summary_cut_before: boolean; summary_cut_after: boolean;
}
interface Page { total: number; total_is_exact: boolean; items_behind: number; next: string | null; items: Hit[] }
interface Printed { date: string; section: string; title: string; url: string | null; source: string | null }

const parameters = ['section', 'source', 'from', 'to', 'order'] as const;

function Parts({ parts }: { parts: Part[] }): JSX.Element {
  return <>{parts.map((part, index) => (part.mark ? <mark key={index}>{part.text}</mark> : part.text))}</>;
}

async function pick(hit: Hit, done: () => void): Promise<void> {
  try {
    const { story } = await get<{ story: string }>(`/api/v1/items/${hit.id}`);
    if (await write({ method: 'POST', path: '/api/v1/decisions', body: { stories: [{ id: story }], state: 'picked' } }) === null) return;
    say({ text: t('done.picked', { section: sectionName(hit.section) }), tone: 'plain',
      act: { label: t('undo'), run: () => void write({ method: 'POST', path: '/api/v1/undo' }).then(done) } });
    done();
  } catch (error) {
    say({ text: t('refused.why', { why: String((error as Error).message) }), tone: 'bad' });
  }
}

function HitRow({ hit, now }: { hit: Hit; now: number }): JSX.Element {
  const [isPicked, setPicked] = useState(false), href = safeUrl(hit.url);
  const title = hit.title_parts.length > 0 ? <Parts parts={hit.title_parts} /> : <>{hit.title ?? t('row.untitled')}</>;
  return (
    <li class="hit" data-row>
      <h3>{href ? <a href={href} target="_blank" rel="noreferrer noopener">{title}</a> : title}</h3>
      {hit.summary_parts.length > 0 && <p>{hit.summary_cut_before && '…'}<Parts parts={hit.summary_parts} />{hit.summary_cut_after && '…'}</p>}
      <p class="m"><span>{sectionName(hit.section)}</span>{hit.source && <span class="chip">{hit.source}</span>}<time>{age(hit.dated, now)}</time>
        {hit.off_topic && <span>{t('search.offTopic')}</span>}
        <button class="btn" type="button" disabled={isPicked} onClick={() => void pick(hit, () => setPicked((was) => !was))}>{t(isPicked ? 'search.isPicked' : 'pick')}</button></p>
    </li>
  );
}

function PrintedRow({ item, asked }: { item: Printed; asked: string }): JSX.Element {
  return (
    <li class="hit" data-row><h3><a href={hrefOf('archive', { issue: item.date })}><Marked text={item.title} spans={spansOf(item.title, asked)} /></a></h3>
      <p class="m"><span>{sectionName(item.section)}</span>{item.source && <span class="chip">{item.source}</span>}<time>{item.date}</time></p></li>
  );
}

function Filters(): JSX.Element {
  const value = (name: string): string => query.value.get(name) ?? '';
  const set = (name: string) => (event: JSX.TargetedEvent<HTMLInputElement | HTMLSelectElement>): void => go(hrefWith({ [name]: event.currentTarget.value || null }));
  const isFiltered = parameters.some((name) => query.value.has(name));
  return (
    <form class="sub rule filters" aria-label={t('search.filters')} onSubmit={(event) => event.preventDefault()}>
      <label>{t('search.section')}<select class="input" value={value('section')} onChange={set('section')}><option value="">{t('tabs.all')}</option>
        {sections.value.map((one) => <option key={one.id} value={one.id}>{one.short_title}</option>)}</select></label>
      <label>{t('field.source')}<input class="input" key={value('source')} defaultValue={value('source')} onChange={set('source')} /></label>
      <label>{t('search.from')}<input class="input" type="date" value={value('from')} onChange={set('from')} /></label>
      <label>{t('search.to')}<input class="input" type="date" value={value('to')} onChange={set('to')} /></label>
      <label>{t('search.order')}<select class="input" value={value('order')} onChange={set('order')}><option value="">{t('search.byRank')}</option><option value="date">{t('sort.date')}</option></select></label>
      {isFiltered && <a class="btn" href={hrefWith(Object.fromEntries(parameters.map((name) => [name, null])))}>{t('search.clear')}</a>}
    </form>
  );
}

function Stored({ asked }: { asked: string }): JSX.Element {
  const search = new URLSearchParams({ q: asked, limit: '30' });
  for (const name of parameters) if (query.value.has(name)) search.set(name, query.value.get(name) ?? '');
  const path = `/api/v1/search?${search}`;
  const first = useRemote<Page>(path);
  const [more, setMore] = useState<Page[]>([]);
  useEffect(() => setMore([]), [path]);
  const pages = first.data ? [first.data, ...more] : [];
  const next = pages.at(-1)?.next ?? null, hits = pages.flatMap((page) => page.items);
  if (first.status === 'failed') return <Failed title={t('search.failed')} why={first.why} onRetry={first.reload} />;
  if (!first.data) return <Bones />;
  if (hits.length === 0 && next === null) return <Empty title={t('search.none')} text={t('search.noneText')} />;
  const total = t(first.data.total_is_exact ? 'search.total' : 'search.totalLeast', { n: first.data.total.toLocaleString() });
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t('search.stored')}>
      <p class="sumup" role="status">{total}{first.data.items_behind > 0 && t('search.behind', { n: first.data.items_behind })}</p>
      <ul class="hits">{hits.map((hit) => <HitRow key={hit.id} hit={hit} now={Date.now()} />)}</ul>
      {next !== null && <p class="acts tail"><button class="btn line" type="button" onClick={() => {
        get<Page>(`${path}&cursor=${encodeURIComponent(next)}`).then((page) => setMore([...more, page]), () => say({ text: t('disconnected'), tone: 'bad' }));
      }}>{t('search.more', { n: hits.length })}</button></p>}
    </div>
  );
}

function PrintedList({ asked }: { asked: string }): JSX.Element {
  const remote = useRemote<{ issues: { found?: Printed[] }[] }>(`/api/v1/issues?q=${encodeURIComponent(asked)}`);
  const section = query.value.get('section'), from = query.value.get('from') ?? '', to = query.value.get('to') ?? '9', source = query.value.get('source');
  if (remote.status === 'failed') return <Failed title={t('search.failed')} why={remote.why} onRetry={remote.reload} />;
  if (!remote.data) return <Bones />;
  const found = remote.data.issues.flatMap((issue) => issue.found ?? [])
    .filter((item) => (!section || item.section === section) && item.date >= from && item.date <= to && (!source || item.source === source));
  if (found.length === 0) return <Empty title={t('search.none')} text={t('search.nonePrinted')} />;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t('search.printed')}>
      <p class="sumup" role="status">{t('search.total', { n: found.length })}</p>
      <ul class="hits">{found.map((item) => <PrintedRow key={`${item.date} ${item.title}`} item={item} asked={asked} />)}</ul></div>
  );
}

export function SearchPage(): JSX.Element {
  const asked = query.value.get('q') ?? '', printed = query.value.get('in') === 'printed';
  useRows('page-search');
  useEffect(() => { if (asked === '') document.getElementById('page-search')?.focus(); }, []);
  const tab = (name: string | null, label: string, isCurrent: boolean): JSX.Element => (
    <a href={hrefWith({ in: name })} {...(isCurrent ? { 'aria-current': 'true' as const } : {})}>{label}</a>);
  return (
    <main id="main" class="solo">
      <section class="pane" aria-label={t('nav.search')}>
        <header class="bar"><h1>{t('nav.search')}</h1>
          <form class="find wide" role="search" onSubmit={(event) => { event.preventDefault(); go(hrefWith({ q: String(new FormData(event.currentTarget).get('q') ?? '').trim() || null })); }}>
            <Icon name="search" /><input id="page-search" name="q" type="search" key={asked} defaultValue={asked} maxLength={400} aria-label={t('search.all')} placeholder={t('search.all')} /><kbd>/</kbd></form></header>
        <nav class="sub" aria-label={t('search.where')}><div class="tabs">{tab(null, t('search.stored'), !printed)}{tab('printed', t('search.printed'), printed)}</div></nav>
        <Filters />
        {asked === '' ? <Empty title={t('search.start')} text={t('search.startText')} /> : printed ? <PrintedList asked={asked} /> : <Stored asked={asked} />}
      </section>
    </main>
  );
}
