// The side of the sources: one feed, what it brings, and its settings.
import type { JSX } from 'preact';
import { isOnline } from '../connection.ts';
import { t, when } from '../i18n.ts';
import { safeUrl } from '../inbox/reasons.ts';
import { Icon } from '../parts/icon.tsx';
import { hrefOf } from '../route.ts';
import { Bars } from './bars.tsx';
import { type Activity, type Feed, detail, headline, nameOf, share, toneOf } from './feeds.ts';
import { FeedForm } from './settings.tsx';

function Fact({ name, value }: { name: string; value: string }): JSX.Element {
  return <tr><th class="k" scope="row">{name}</th><td>{value}</td></tr>;
}

function Facts({ feed, now }: { feed: Feed; now: number }): JSX.Element {
  const at = (iso: string | null): string => (iso === null ? '–' : when(iso, now));
  return (
    <table class="facts"><tbody>
      <Fact name={t('sources.lastSuccess')} value={at(feed.last_success)} />
      <Fact name={t('sources.lastPoll')} value={at(feed.last_poll) + (feed.status ? t('sources.answered', { status: feed.status }) : '')} />
      <Fact name={t('sources.next')} value={feed.next_poll === null ? t('sources.notAsked') : at(feed.next_poll)} />
      <Fact name={t('sources.interval')} value={feed.interval_s === 0 ? '–' : t('sources.every', { n: Math.max(1, Math.round(feed.interval_s / 60)) })} />
      <Fact name={t('sources.entries')} value={String(feed.entries)} />
      <Fact name={t('sources.newest')} value={at(feed.newest_entry)} />
    </tbody></table>
  );
}

export interface Acts { poll: (feed: Feed) => void; pause: (feed: Feed) => void; takeBack: (feed: Feed, unfollow: boolean) => void; reload: () => void; close: () => void }

export function Detail({ feed, activity, now, acts }: { feed: Feed; activity: Activity | undefined; now: number; acts: Acts }): JSX.Element {
  const isPaused = feed.health === 'paused', href = safeUrl(feed.url), said = detail(feed, activity, now);
  return (
    <aside class="pane" aria-label={nameOf(feed)}>
      <header class="bar rule"><h2 class="clip">{nameOf(feed)}</h2>
        <button class="btn line push" type="button" disabled={isPaused || !isOnline.value} onClick={() => acts.poll(feed)}><Icon name="refresh" />{t('sources.poll')}</button>
        {feed.origin !== null && <button class="btn line" type="button" disabled={!isOnline.value} onClick={() => acts.pause(feed)}>
          <Icon name={isPaused ? 'play' : 'pause'} />{t(isPaused ? 'sources.resume' : 'sources.pause')}</button>}
        <button class="btn icon" type="button" aria-label={t('close')} onClick={acts.close}><Icon name="x" /></button></header>
      <div class="scroll" tabIndex={0} role="region" aria-label={t('feed.about')}>
        <div class="leaf">
          <p class="mono address">{href ? <a class="link" href={href} target="_blank" rel="noreferrer noopener">{feed.url}</a> : feed.url}</p>
          <p class={`health ${toneOf(feed)}`}><i class={`dot ${toneOf(feed)}`} />{headline(feed)}</p>
          {said && <p class="quiet">{said}</p>}
          {activity && <section class="block"><h3>{t('sources.weeks')}<span>{t('sources.picked', { picked: activity.picked, items: activity.items, share: share(activity) })}</span></h3>
            <Bars weeks={activity.weeks} large /></section>}
          <section class="block"><h3>{t('sources.polls')}</h3><Facts feed={feed} now={now} />
            <p class="acts"><a class="link" href={hrefOf('inbox', { source: nameOf(feed) })}>{t('sources.items')}</a></p></section>
          {feed.id !== null && feed.origin !== null && <FeedForm key={feed.id} id={feed.id} onChanged={acts.reload} onTakeBack={(unfollow) => acts.takeBack(feed, unfollow)} />}
        </div>
      </div>
    </aside>
  );
}
