// The story under the cursor: its text, why it is here, who reported it, what was printed before.
//
// An article comes in a frame of its own origin without scripts: the service sends it with a policy that
// lets nothing run and nothing load. All other texts of feeds are set as text.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Reason, Refused, type Story, type StoryDetail, get, getText } from '../api.ts';
import { dateTime, t } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { sectionName, sections } from '../draft/sections.ts';
import { hostOf, kindKey, safeUrl, score, sectionOf, sums } from './reasons.ts';
import { page } from '../route.ts';
import { decide, merge, remaining, total } from './stories.ts';
import { markSeen } from './seen.ts';
import { addressOf } from '../route';

const readDelayMs = 120; // not for every row that j passes
const seenAfterMs = 1200;

function useDetail(story: Story | null): { detail: StoryDetail | null; failure: string | null } {
  const [state, setState] = useState<{ detail: StoryDetail | null; failure: string | null }>({ detail: null, failure: null });
  const id = story?.id, version = story?.version;
  useEffect(() => {
    setState({ detail: null, failure: null });
    if (!id) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      get<StoryDetail>(`/api/v1/stories/${id}`, abort.signal).then(
        (detail) => setState({ detail, failure: null }),
        (error: unknown) => {
          if (!abort.signal.aborted) setState({ detail: null, failure: error instanceof Refused ? error.message : t('disconnected') });
        });
    }, readDelayMs);
    const seen = setTimeout(() => markSeen(id), seenAfterMs);
    return () => { clearTimeout(timer); clearTimeout(seen); abort.abort(); };
  }, [id, version]);
  return state;
}

function Weight({ reason, story, most }: { reason: Reason; story: Story; most: number }): JSX.Element {
  const section = sectionOf(reason);
  const width = Math.max(2, Math.round(72 * Math.abs(reason.weight) / most));
  return (
    <svg class={section !== null && section !== story.section ? 'w against' : 'w'} width="72" height="4" aria-hidden="true">
      <rect width={width} height="4" rx="2" />
    </svg>
  );
}

function signed(weight: number): string {
  return `${weight < 0 ? '−' : '+'}${Math.abs(weight).toFixed(1)}`;
}

function Why({ story }: { story: Story }): JSX.Element {
  const most = Math.max(1, ...story.reasons.map((reason) => Math.abs(reason.weight)));
  const totals = sums(story).map(([section, weight]) => `${sectionName(section)} ${weight.toFixed(1)}`).join('，');
  return (
    <section class="block" id="why" tabIndex={-1} aria-labelledby="why-title">
      <h3 id="why-title">{t('why')} <span>{t('why.sum', { score: score(story), section: sectionName(story.section),
        sure: t(story.uncertain ? 'why.unsure' : 'why.sure') })}</span></h3>
      {story.reasons.length === 0 ? <p class="quiet">{t('why.none')}</p> : (
        <table class="facts">
          <thead class="sr"><tr><th>{t('why.kind')}</th><th>{t('why.matched')}</th><th>{t('sections.choose')}</th><th>{t('why.weight')}</th></tr></thead>
          <tbody>
            {[...story.reasons].sort((a, b) => b.weight - a.weight).map((reason) => (
              <tr key={`${reason.rule} ${reason.matched} ${reason.field}`}>
                <td class="k">{t(kindKey(reason))}</td><td>{reason.matched}</td>
                <td class="k">{sectionOf(reason) === null ? t('why.all') : sectionName(sectionOf(reason) as string)}</td>
                <td class="num">{signed(reason.weight)}</td>
                <td class="k"><Weight reason={reason} story={story} most={most} /></td>
              </tr>
            ))}
          </tbody>
          <tfoot><tr><td colSpan={3}>{totals && t('why.total', { sums: totals })}</td>
            <td class="num" colSpan={2}>{t('why.lead', { n: story.margin.toFixed(1) })}</td></tr></tfoot>
        </table>
      )}
    </section>
  );
}

function Outward({ url, children }: { url: string | null; children: JSX.Element | string }): JSX.Element {
  const href = safeUrl(url);
  return href === null ? <>{children}</> : <a href={href} target="_blank" rel="noreferrer noopener">{children}</a>;
}

function Reports({ detail }: { detail: StoryDetail }): JSX.Element {
  const seen = detail.story_items.flatMap((item) => {
    const title = item.title ?? t('row.untitled');
    const own = { source: item.source ?? '', title, url: item.url, at: item.published ?? item.first_seen };
    const others = item.sightings.filter((one) => one.source !== item.source)
      .map((one) => ({ source: one.source ?? '', title, url: item.url, at: one.first_seen }));
    return [own, ...others];
  });
  const first = seen.map(({ at }) => at).sort()[0] ?? detail.first_seen;
  return (
    <section class="block"><h3>{t('sightings')} <span>{t('sightings.count', { n: seen.length, at: dateTime(first) })}</span></h3>
      <table class="facts"><tbody>
        {seen.map(({ source, title, url, at }, index) => (
          <tr key={index}><td class="k">{source}</td>
            <td class="wide clip"><Outward url={url}>{title}</Outward></td>
            <td class="num quiet">{dateTime(at).slice(5)}</td></tr>
        ))}
      </tbody></table>
    </section>
  );
}

function Similar({ detail }: { detail: StoryDetail }): JSX.Element | null {
  const similar = detail.similar_printed ?? [];
  if (similar.length === 0) return null;
  return (
    <section class="block"><h3>{t('similar')} <span>{t('similar.count', { n: similar.length })}</span></h3>
      <table class="facts"><tbody>
        {similar.map((one) => (
          <tr key={one.date + one.title}><td class="k">{one.date}</td>
            <td class="wide clip"><Outward url={one.url}>{one.title}</Outward></td>
            <td class="num quiet">{one.section}</td></tr>
        ))}
      </tbody></table>
    </section>
  );
}

const lineHeight = 28, charactersInLine = 38, leastHeight = 112;

/** The frame cannot be measured (its policy makes it another origin): about as high as its text is long. */
function Article({ id, title }: { id: string; title: string }): JSX.Element {
  const frame = useRef<HTMLIFrameElement>(null);
  const address = `/api/v1/items/${id}/content`;
  useEffect(() => {
    getText(address).then((html) => {
      const text = (html ?? '').replace(/<style[^]*?<\/style>|<[^>]*>/g, '');
      const blocks = (html ?? '').match(/<(p|li|h\d|br|tr|pre|div)\b/g)?.length ?? 0;
      const height = (text.length / charactersInLine + blocks + 1) * lineHeight;
      if (frame.current) frame.current.style.height = `${Math.max(leastHeight, Math.round(height))}px`;
    }, () => undefined);
  }, [address]);
  return <iframe class="content" ref={frame} sandbox="allow-popups" referrerpolicy="no-referrer"
    title={t('reader.frame', { title })} src={addressOf(address)} />;
}

function Text({ story, detail }: { story: Story; detail: StoryDetail | null }): JSX.Element {
  const item = detail?.story_items.find((one) => one.has_content && one.id === detail.lead) ??
    detail?.story_items.find((one) => one.has_content);
  if (item) return <Article id={item.id} title={story.title ?? ''} />;
  const summary = detail?.story_items.find((one) => one.id === detail.lead)?.summary ?? story.summary;
  return (
    <div class="article" lang={story.language ?? undefined}>
      {summary ? summary.split(/\n+/).map((text, index) => <p key={index}>{text}</p>) : null}
      {detail && <p class="note">{t(summary ? 'reader.noContent' : 'reader.noSummary')}</p>}
    </div>
  );
}

function SectionChoice({ story }: { story: Story }): JSX.Element {
  return (
    <div class="seg" role="group" aria-label={t('sections.choose')}>
      {sections.value.slice(0, 5).map((section, index) => (
        <button key={section.id} type="button" aria-pressed={section.id === story.section}
          onClick={() => decide('picked', section.id)}><i>{index + 1}</i>{section.short_title}</button>
      ))}
    </div>
  );
}

function Bar({ story, onBack }: { story: Story; onBack: () => void }): JSX.Element {
  const href = safeUrl(story.url);
  const isLater = page.value === 'later';
  const isFirst = remaining.value[0]?.id === story.id;
  return (
    <div class="bar rule acts">
      <button class="btn icon phone" type="button" aria-label={t('back')} onClick={onBack}><Icon name="back" /></button>
      <button class="btn fill" type="button" onClick={() => decide('picked')}>{t('pick')}<kbd>s</kbd></button>
      <SectionChoice story={story} />
      {isLater
        ? <button class="btn" type="button" onClick={() => decide('inbox')}>{t('toInbox')}</button>
        : <button class="btn" type="button" onClick={() => decide('later')}>{t('later')}<kbd>l</kbd></button>}
      <button class="btn" type="button" onClick={() => decide('rejected')}>{t('reject')}<kbd>x</kbd></button>
      <span class="push" />
      {!isFirst && <button class="btn icon desktop" type="button" aria-label={t('key.merge')} title={t('key.merge')} onClick={merge}><Icon name="merge" /></button>}
      {href && <a class="btn icon" href={href} target="_blank" rel="noreferrer noopener" aria-label={t('original')}><Icon name="out" /></a>}
    </div>
  );
}

export function Reader({ story, onBack }: { story: Story | null; onBack: () => void }): JSX.Element {
  const { detail, failure } = useDetail(story);
  if (story === null) {
    return <section class="pane" aria-label={t('original')}><div class="empty"><p class="quiet">{t('reader.none')}</p></div></section>;
  }
  const position = remaining.value.findIndex((one) => one.id === story.id) + 1;
  const href = safeUrl(story.url);
  const mine = detail?.id === story.id ? detail : null;
  return (
    <section class="pane" aria-label={story.title ?? t('row.untitled')}>
      <Bar story={story} onBack={onBack} />
      <article class="scroll reader" tabIndex={0} key={story.id}>
        <p class="eyebrow"><span>{story.source}</span><span>{dateTime(story.published ?? story.first_seen)}</span>
          {href && <a class="link" href={href} target="_blank" rel="noreferrer noopener">{hostOf(href)}</a>}
          <span class="push">{t('reader.position', { n: position, total: total.value ?? remaining.value.length })}</span></p>
        <h2 lang={story.language ?? undefined}>{story.title ?? t('row.untitled')}</h2>
        <Text story={story} detail={mine} />
        {failure && <p class="alert note-warn"><Icon name="warn" />{t('reader.failed', { why: failure })}</p>}
        <Why story={story} />
        {mine && <Reports detail={mine} />}
        {mine && <Similar detail={mine} />}
      </article>
    </section>
  );
}
