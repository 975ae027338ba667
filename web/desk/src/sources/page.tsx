// Every feed with its health in words, what it brings, and what can be done about it.
//
// Rows keep their place while health changes: the order is made when the page is opened or the filter is
// another one, and a refresh puts what is new at the end. Focus is the cursor: each row's name is a button.
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { openAdd } from '../add/add.ts';
import { isOnline } from '../connection.ts';
import { t, when } from '../i18n.ts';
import { useKeys } from '../keys.ts';
import { Icon } from '../parts/icon.tsx';
import { useRemote, write } from '../parts/remote.ts';
import { Bones, Empty, Failed } from '../parts/states.tsx';
import { go, hrefWith, query } from '../route.ts';
import { dismiss, say, toast } from '../toast.ts';
import { Bars } from './bars.tsx';
import { type Acts, Detail } from './detail.tsx';
import { Import } from './exchange.tsx';
import { type Activity, type Feed, type Feeds, compare, detail, filters, headline, nameOf, share, toneOf } from './feeds.ts';
import { addressOf } from '../route.ts';

const rowsAtOnce = 300;
const none: number[] = Array.from({ length: 12 }, () => 0);
const keyOf = (feed: Feed): string => feed.id ?? feed.url;

function matches(feed: Feed, healths: string[] | undefined, text: string): boolean {
  return (healths === undefined || healths.includes(feed.health)) &&
    (text === '' || `${nameOf(feed)} ${feed.url}`.toLowerCase().includes(text.toLowerCase()));
}

/** Feeds in the order of their first showing under these filters. */
function useSteadyOrder(feeds: Feed[], filter: string): Feed[] {
  const kept = useRef<{ filter: string; keys: string[] }>({ filter: '', keys: [] });
  return useMemo(() => {
    const isNew = kept.current.filter !== filter || kept.current.keys.length === 0;
    const place = new Map(isNew ? [] : kept.current.keys.map((key, index) => [key, index]));
    const sorted = [...feeds].sort((a, b) =>
      (place.get(keyOf(a)) ?? Infinity) - (place.get(keyOf(b)) ?? Infinity) || compare(a, b));
    kept.current = { filter, keys: sorted.map(keyOf) };
    return sorted;
  }, [feeds, filter]);
}

interface RowProps { feed: Feed; activity: Activity | undefined; isOpen: boolean; now: number; acts: Acts; onOpen: (feed: Feed) => void }

function Row({ feed, activity, isOpen, now, acts, onOpen }: RowProps): JSX.Element {
  const name = nameOf(feed), isPaused = feed.health === 'paused', said = detail(feed, activity, now);
  return (
    <tr role="row" class={isOpen ? 'cursor' : ''} data-feed={keyOf(feed)} onClick={() => onOpen(feed)}>
      <th role="rowheader" scope="row" class="name"><button class="clip" type="button" aria-expanded={isOpen}>{name}</button>
        <small class="clip">{feed.url.replace(/^https?:\/\/(www\.)?/, '')}</small></th>
      <td role="cell" class="say"><span class={`health ${toneOf(feed)}`}><i class={`dot ${toneOf(feed)}`} />{headline(feed)}</span>{said && <small>{said}</small>}</td>
      <td role="cell" class="chart"><Bars weeks={activity?.weeks ?? none} /></td>
      <td role="cell" class="num opt">{activity?.weeks.at(-1) ?? 0}</td>
      <td role="cell" class="num mid">{share(activity)}</td>
      <td role="cell" class="num soft opt">{feed.last_success === null ? '–' : when(feed.last_success, now)}</td>
      <td role="cell" class="num soft mid">{feed.next_poll === null ? t('sources.notAsked') : Date.parse(feed.next_poll) <= now ? t('sources.due') : when(feed.next_poll, now)}</td>
      <td role="cell" class="do" onClick={(event) => event.stopPropagation()}>
        <button class="btn icon" type="button" disabled={isPaused || !isOnline.value} aria-label={t('sources.pollNamed', { name })} onClick={() => acts.poll(feed)}><Icon name="refresh" /></button>
        {feed.origin !== null && <button class="btn icon" type="button" disabled={!isOnline.value} aria-label={t(isPaused ? 'sources.resumeNamed' : 'sources.pauseNamed', { name })}
          onClick={() => acts.pause(feed)}><Icon name={isPaused ? 'play' : 'pause'} /></button>}</td>
    </tr>
  );
}

function Head({ count, onFile }: { count: string; onFile: (text: string) => void }): JSX.Element {
  const file = useRef<HTMLInputElement>(null);
  return (
    <header class="bar"><h1>{t('nav.sources')}</h1><span class="quiet">{count}</span>
      <label class="find push desktop"><Icon name="search" /><input id="feed-search" type="search" aria-label={t('sources.find')} placeholder={t('sources.find')}
        value={query.value.get('q') ?? ''} onInput={(event) => go(hrefWith({ q: event.currentTarget.value || null }))} /><kbd>/</kbd></label>
      <input class="sr" type="file" accept=".opml,.xml,text/xml,application/xml" tabIndex={-1} aria-hidden="true" ref={file}
        onChange={(event) => { void event.currentTarget.files?.[0]?.text().then(onFile); event.currentTarget.value = ''; }} />
      <button class="btn line desktop" type="button" onClick={() => file.current?.click()}>{t('opml.import')}</button>
      <a class="btn line desktop" href={addressOf('/api/v1/feeds.opml')} download="feeds.opml">{t('opml.export')}</a>
      <button class="btn fill" type="button" onClick={() => openAdd()}><Icon name="plus" />{t('add')}</button></header>
  );
}

function Tabs({ totals }: { totals: Feeds['totals'] | undefined }): JSX.Element {
  const current = query.value.get('health');
  const tab = (id: string | null, label: string, n: number | undefined): JSX.Element => (
    <a key={id} href={hrefWith({ health: id, feed: null })} {...(current === id ? { 'aria-current': 'true' as const } : {})}>{label}{n !== undefined && <span>{n}</span>}</a>);
  return (
    <nav class="sub rule" aria-label={t('sources.filter')}><div class="tabs">{tab(null, t('tabs.all'), totals?.feeds)}
      {filters.map((one) => {
        const n = totals && one.healths.reduce((sum, health) => sum + totals[health], 0);
        return (n !== 0 || current === one.id) && tab(one.id, t(one.label), n);
      })}</div></nav>
  );
}

function Table({ feeds, activity, open, now, acts, onOpen }: { feeds: Feed[]; activity: Map<string, Activity>; open: string | null; now: number; acts: Acts; onOpen: (feed: Feed) => void }): JSX.Element {
  const [limit, setLimit] = useState(rowsAtOnce);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t('sources.list')}>
      <table class="table" role="table"><thead role="rowgroup"><tr role="row">
        <th role="columnheader" scope="col">{t('sources.name')}</th><th role="columnheader" scope="col">{t('sources.health')}</th>
        <th role="columnheader" scope="col" class="chart">{t('sources.weeks')}</th><th role="columnheader" scope="col" class="num opt">{t('sources.thisWeek')}</th>
        <th role="columnheader" scope="col" class="num mid">{t('sources.share')}</th><th role="columnheader" scope="col" class="num opt">{t('sources.lastSuccess')}</th>
        <th role="columnheader" scope="col" class="num mid">{t('sources.next')}</th><th role="columnheader" scope="col" class="do"><span class="sr">{t('sources.acts')}</span></th></tr></thead>
        <tbody role="rowgroup">{feeds.slice(0, limit).map((feed) => (
          <Row key={keyOf(feed)} feed={feed} activity={activity.get(feed.id ?? '')} isOpen={open === keyOf(feed)} now={now} acts={acts} onOpen={onOpen} />))}</tbody></table>
      {feeds.length > limit && <p class="acts tail"><button class="btn line" type="button" onClick={() => setLimit(limit + rowsAtOnce)}>{t('list.further', { n: limit, total: feeds.length })}</button></p>}
    </div>
  );
}

function useActs(reload: () => void, close: () => void): Acts {
  const pause = async (feed: Feed): Promise<void> => {
    const isPaused = feed.health === 'paused';
    const stored = await write({ method: 'PATCH', path: `/api/v1/feeds/${feed.id}`, body: { enabled: isPaused } });
    if (stored === null) return;
    reload();
    say({ text: t(isPaused ? 'sources.resumed' : 'sources.pausedDone', { name: nameOf(feed) }), tone: 'plain',
      act: { label: t('undo'), run: () => void write({ method: 'PATCH', path: `/api/v1/feeds/${feed.id}`, body: { enabled: !isPaused } }).then(reload) } });
  };
  const poll = async (feed: Feed): Promise<void> => {
    if (await write({ method: 'POST', path: `/api/v1/feeds/${feed.id}/poll` }) !== null) say({ text: t('sources.polling', { name: nameOf(feed) }), tone: 'plain' });
  };
  const takeBack = async (feed: Feed, unfollow: boolean): Promise<void> => {
    if (await write({ method: 'DELETE', path: `/api/v1/feeds/${feed.id}` }) === null) return;
    say({ text: t(unfollow ? 'feed.unfollowed' : 'feed.takenBack', { name: nameOf(feed) }), tone: 'plain' });
    if (unfollow) close();
    reload();
  };
  return { poll: (feed) => void poll(feed), pause: (feed) => void pause(feed), takeBack: (feed, unfollow) => void takeBack(feed, unfollow), reload, close };
}

function focusRow(key: string | undefined): void {
  if (key === undefined) return;
  document.querySelector<HTMLElement>(`[data-feed="${CSS.escape(key)}"] .name button`)?.focus();
}

function focused(feeds: Feed[]): Feed | undefined {
  const key = document.activeElement?.closest<HTMLElement>('[data-feed]')?.dataset['feed'] ?? query.value.get('feed');
  return feeds.find((feed) => keyOf(feed) === key);
}

function useSourceKeys(feeds: Feed[], acts: Acts, onOpen: (feed: Feed) => void): void {
  const step = (by: 1 | -1): void => {
    const at = feeds.findIndex((feed) => feed === focused(feeds));
    const next = feeds[Math.max(0, Math.min(feeds.length - 1, at < 0 ? 0 : at + by))];
    if (next) focusRow(keyOf(next));
  };
  const withFeed = (run: (feed: Feed) => void) => (): void => {
    const feed = focused(feeds);
    if (feed) run(feed);
  };
  useKeys({
    sourceDown: () => step(1), sourceUp: () => step(-1),
    poll: withFeed((feed) => { if (feed.health !== 'paused') acts.poll(feed); }), pause: withFeed(acts.pause), sourceEdit: withFeed(onOpen),
    sourceFind: () => document.getElementById('feed-search')?.focus(),
    undo: () => { const act = toast.value?.act; dismiss(); act?.run(); },
    leave: () => { if (query.value.has('feed')) acts.close(); else (document.activeElement as HTMLElement | null)?.blur(); },
  });
}

export function SourcesPage(): JSX.Element {
  const remote = useRemote<Feeds>('/api/v1/feeds', ['feeds']);
  const activities = useRemote<{ feeds: Activity[] }>('/api/v1/feeds/activity', ['feeds']);
  const [file, setFile] = useState<string | null>(null);
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const clock = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(clock);
  }, []);
  const health = query.value.get('health'), text = query.value.get('q') ?? '', open = query.value.get('feed');
  const healths = filters.find((one) => one.id === health)?.healths;
  const all = remote.data?.feeds;
  const shown = useMemo(() => all?.filter((feed) => matches(feed, healths, text)) ?? [], [all, health, text]);
  const feeds = useSteadyOrder(shown, `${health} ${text}`);
  const activity = useMemo(() => new Map(activities.data?.feeds.map((one) => [one.id, one])), [activities.data]);
  const close = (): void => {
    go(hrefWith({ feed: null }));
    requestAnimationFrame(() => focusRow(open ?? undefined));
  };
  const acts = useActs(() => { remote.reload(); activities.reload(); }, close);
  const onOpen = (feed: Feed): void => go(hrefWith({ feed: keyOf(feed) }));
  useSourceKeys(feeds, acts, onOpen);
  const chosen = all?.find((feed) => keyOf(feed) === open);
  const total = remote.data?.totals;
  return (
    <main id="main" class={chosen ? 'aside' : 'solo'} {...(chosen ? { 'data-view': 'second' } : {})}>
      <section class="pane" aria-label={t('nav.sources')}>
        <Head count={total ? t('sources.count', { n: total.feeds }) : ''} onFile={setFile} />
        <Tabs totals={total} />
        {remote.status === 'failed' ? <Failed title={t('sources.failed')} why={remote.why} onRetry={remote.reload} />
          : !all ? <Bones />
            : all.length === 0 ? <Empty title={t('sources.empty')} text={t('sources.emptyText')}><button class="btn line" type="button" onClick={() => openAdd()}>{t('add')}</button></Empty>
              : feeds.length === 0 ? <Empty title={t('sources.none')} text={t('sources.noneText')}><a class="btn line" href={hrefWith({ health: null, q: null })}>{t('empty.filter.clear')}</a></Empty>
                : <Table feeds={feeds} activity={activity} open={open} now={now} acts={acts} onOpen={onOpen} />}
      </section>
      {chosen && <Detail feed={chosen} activity={activity.get(chosen.id ?? '')} now={now} acts={acts} />}
      {file !== null && <Import text={file} onDone={acts.reload} onClose={() => setFile(null)} />}
    </main>
  );
}
