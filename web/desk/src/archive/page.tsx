// Past issues by year, each with its versions, to read, copy and correct.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { isOnline } from '../connection.ts';
import { dateTime, t } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useRemote, write } from '../parts/remote.ts';
import { useRows } from '../parts/rows.ts';
import { Bones, Empty, Failed } from '../parts/states.tsx';
import { addressOf, go, hrefOf, hrefWith, query } from '../route.ts';
import { say } from '../toast.ts';
import { type Issue, IssueView } from './issue.tsx';

interface Summary { date: string; count: number | null; headline: string | null; version: number; published: string | null; imported: boolean; found?: { title: string }[] }
interface Version { version: number; published: string | null; editor: string | null }
interface DraftSummary { id: string; corrects: string | null }

const wide = matchMedia('(min-width: 721px)');

function byYear(issues: Summary[]): [string, Summary[]][] {
  const years = new Map<string, Summary[]>();
  for (const issue of issues) years.set(issue.date.slice(0, 4), [...(years.get(issue.date.slice(0, 4)) ?? []), issue]);
  return [...years];
}

function Row({ issue, current }: { issue: Summary; current: string | null }): JSX.Element {
  const isCurrent = issue.date === current;
  return (
    <li><a class="issue" data-row href={hrefWith({ issue: issue.date, version: null })} {...(isCurrent ? { 'aria-current': 'true' as const } : {})}>
      <time>{issue.date}</time><span class="quiet clip">{issue.count === null ? t('archive.linkOnly') : t('section.count', { n: issue.count })}
        {issue.version > 1 && ` · ${t('archive.version', { n: issue.version })}`}{issue.headline && ` · ${issue.headline}`}</span>
      {issue.found && <small class="quiet">{issue.found.slice(0, 3).map((item) => <span class="clip" key={item.title}>{item.title}</span>)}</small>}</a></li>
  );
}

function List({ issues, current }: { issues: Summary[]; current: string | null }): JSX.Element {
  return <div class="scroll" tabIndex={0} role="region" aria-label={t('nav.archive')}>{byYear(issues).map(([year, list]) => (
    <section key={year}><h2 class="year">{year}</h2><ol>{list.map((issue) => <Row key={issue.date} issue={issue} current={current} />)}</ol></section>))}</div>;
}

/** A correction is a draft of its own; one that is under way already is gone on with. */
async function reopen(date: string): Promise<void> {
  const open = await fetch(addressOf('/api/v1/drafts')).then((answer) => answer.json() as Promise<{ drafts: DraftSummary[] }>).catch(() => null);
  const under = open?.drafts.find((draft) => draft.corrects === date);
  if (under) {
    go(hrefOf('draft', { draft: under.id }));
    return;
  }
  const done = await write<{ made: string | null }>({ method: 'POST', path: `/api/v1/issues/${date}/reopen`, key: crypto.getRandomValues(new Uint32Array(3)).join('') });
  if (done?.made) {
    say({ text: t('archive.reopened', { date }), tone: 'plain' });
    go(hrefOf('draft', { draft: done.made }));
  }
}

function Versions({ date, versions, shown }: { date: string; versions: Version[]; shown: string | null }): JSX.Element | null {
  if (versions.length < 2) return null;
  const newest = versions[0]?.version;
  return (
    <div class="seg versions" role="group" aria-label={t('archive.versions')}>{versions.map((version) => {
      const isShown = shown === null ? version.version === newest : Number(shown) === version.version;
      return <button key={version.version} type="button" aria-pressed={isShown} onClick={() => go(hrefWith({ issue: date, version: version.version === newest ? null : String(version.version) }))}>
        {t('archive.version', { n: version.version })}</button>;
    })}</div>
  );
}

function said(version: Version | undefined): string {
  if (!version) return '';
  if (version.published === null) return t('archive.imported');
  const at = dateTime(version.published), { editor } = version;
  return editor === null || editor === 'editor' ? t('archive.publishedPlain', { at }) : t('archive.published', { at, editor });
}

function Reading({ date }: { date: string }): JSX.Element {
  const asked = query.value.get('version');
  const issue = useRemote<Issue>(`/api/v1/issues/${date}${asked ? `?version=${asked}` : ''}`);
  const versions = useRemote<{ versions: Version[] }>(`/api/v1/issues/${date}/versions`);
  const list = versions.data?.versions ?? [];
  const version = asked === null ? list[0] : list.find((one) => one.version === Number(asked));
  return (
    <section class="pane" aria-label={date}>
      <header class="bar rule"><a class="btn icon phone" href={hrefWith({ issue: null, version: null })} aria-label={t('back')}><Icon name="back" /></a>
        <h2>{date}</h2><span class="quiet desktop">{said(version)}</span>
        <span class="push" /><Versions date={date} versions={list} shown={asked} />
        {issue.data && <><a class="btn desktop" href={addressOf(`/issues/${date}.md`)} target="_blank" rel="noreferrer">Markdown</a>
          <a class="btn line desktop" href={addressOf(`/issues/${date}.wechat.html`)} target="_blank" rel="noreferrer"><Icon name="copy" />{t('preview.wechat')}</a>
          <button class="btn line" type="button" disabled={!isOnline.value} onClick={() => void reopen(date)}>{t('archive.reopen')}</button></>}</header>
      {issue.status === 'failed' ? <Failed title={t('archive.unreadable')} why={issue.why} onRetry={issue.reload} />
        : !issue.data ? <Bones /> : <article class="scroll reader" tabIndex={0} aria-label={date}><IssueView issue={issue.data} /></article>}
    </section>
  );
}

export function ArchivePage(): JSX.Element {
  const asked = query.value.get('q') ?? '', chosen = query.value.get('issue');
  const remote = useRemote<{ issues: Summary[] }>(`/api/v1/issues${asked ? `?q=${encodeURIComponent(asked)}` : ''}`, ['decision']);
  const issues = remote.data?.issues;
  const total = useMemo(() => issues?.reduce((sum, issue) => sum + (issue.count ?? 0), 0) ?? 0, [issues]);
  useRows('archive-search', () => go(hrefWith({ issue: null, version: null })));
  const newest = issues?.find((issue) => issue.count !== null)?.date ?? null;
  const date = chosen ?? (wide.matches ? newest : null); // beside the list there is always something to read
  return (
    <main id="main" class="slim" {...(chosen ? { 'data-view': 'second' } : {})}>
      <section class="pane" aria-label={t('nav.archive')}>
        <header class="bar"><h1>{t('nav.archive')}</h1><span class="quiet">{issues && issues.length > 0 && [t('count.issues', { n: issues.length }), t('count.items', { n: total })].join(t('list.comma'))}</span></header>
        <form class="sub rule" role="search" onSubmit={(event) => { event.preventDefault(); go(hrefWith({ q: String(new FormData(event.currentTarget).get('q') ?? '').trim() || null })); }}>
          <label class="find wide"><Icon name="search" /><input id="archive-search" name="q" type="search" key={asked} defaultValue={asked} aria-label={t('archive.find')} placeholder={t('archive.find')} /><kbd>/</kbd></label></form>
        {remote.status === 'failed' ? <Failed title={t('archive.failed')} why={remote.why} onRetry={remote.reload} />
          : !issues ? <Bones />
            : issues.length > 0 ? <List issues={issues} current={date} />
              : asked ? <Empty title={t('archive.none')} text={t('archive.noneText')}><a class="btn line" href={hrefWith({ q: null })}>{t('empty.filter.clear')}</a></Empty>
                : <Empty title={t('archive.empty')} text={t('archive.emptyText')}><a class="btn line" href={hrefOf('draft')}>{t('empty.toDraft')}</a></Empty>}
      </section>
      {date ? <Reading key={date} date={date} /> : <section class="pane" aria-label={t('archive.reading')}>{issues && issues.length > 0 && <p class="empty quiet">{t('archive.choose')}</p>}</section>}
    </main>
  );
}
