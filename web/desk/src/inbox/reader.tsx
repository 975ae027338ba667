// The story under the cursor: its text, why it is here, who reported it, what was printed before.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Refused, type Related, type Story, type StoryDetail, get } from '../api.ts';
import { dateTime, t } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { sectionName, sections } from '../draft/sections.ts';
import { Article } from './article.tsx';
import { decide, merge, mergeable } from './deciding.ts';
import { Reports, Similar, Why } from './facts.tsx';
import { Bundled, PaperFacts, ReleaseFacts, identityOf, paperOf, releaseOf } from './kinds.tsx';
import { hostOf, safeUrl, whoseOf } from './reasons.ts';
import { outbox } from '../outbox.ts';
import { hrefOf, page } from '../route.ts';
import { unsureText } from './row.tsx';
import { cursorIndex, remaining, total } from './stories.ts';
import { markSeen } from './seen.ts';

const readDelayMs = 120; // not for every row that j passes
const seenAfterMs = 1200;

interface Reading { id: string; detail: StoryDetail | null; related: Related | null; failure: string | null }

function useReading(story: Story | null): Reading | null {
  const [state, setState] = useState<Reading | null>(null);
  const id = story?.id, version = story?.version;
  // A story that an undo is about to bring back is not there to be read yet.
  const isAwaited = id !== undefined && outbox.value.some(({ overlay }) => overlay.kind === 'undo' && overlay.stories.includes(id));
  useEffect(() => {
    if (!id || isAwaited) return undefined;
    const abort = new AbortController();
    const change = (part: Partial<Reading>): void => setState((old) => {
      const before = old?.id === id ? old : { id, detail: null, related: null, failure: null };
      return { ...before, ...part };
    });
    const timer = setTimeout(() => {
      get<StoryDetail>(`/api/v1/stories/${id}`, abort.signal).then((detail) => change({ detail, failure: null }), (error: unknown) => {
        if (!abort.signal.aborted) change({ failure: error instanceof Refused ? error.message : t('disconnected') });
      });
      get<Related>(`/api/v1/stories/${id}/related`, abort.signal).then((related) => change({ related }), () => undefined);
    }, readDelayMs);
    const seen = setTimeout(() => markSeen(id), seenAfterMs);
    return () => { clearTimeout(timer); clearTimeout(seen); abort.abort(); };
  }, [id, version, isAwaited]);
  return state?.id === id ? state : null;
}

function SectionChoice({ story }: { story: Story }): JSX.Element {
  return (
    <div class="seg" role="group" aria-label={t('sections.choose')}>
      {sections.value.slice(0, 5).map((section, index) => (
        <button key={section.id} type="button" aria-pressed={section.id === story.section}
          onClick={() => decide('picked', section.id, [story])}><i>{index + 1}</i>{sectionName(section.id)}</button>
      ))}
    </div>
  );
}

function Bar({ story, onBack }: { story: Story; onBack: () => void }): JSX.Element {
  const href = safeUrl(story.url);
  const isLater = page.value === 'later';
  return (
    <div class="bar rule acts">
      <button class="btn icon phone" type="button" aria-label={t('back')} onClick={onBack}><Icon name="back" /></button>
      <button class="btn fill" type="button" onClick={() => decide('picked', undefined, [story])}>{t('pick')}<kbd>s</kbd></button>
      <SectionChoice story={story} />
      {isLater
        ? <button class="btn" type="button" onClick={() => decide('inbox', undefined, [story])}>{t('toInbox')}</button>
        : <button class="btn" type="button" onClick={() => decide('later', undefined, [story])}>{t('later')}<kbd>l</kbd></button>}
      <button class="btn" type="button" onClick={() => decide('rejected', undefined, [story])}>{t('reject')}<kbd>x</kbd></button>
      <span class="push" />
      {mergeable().length > 1 && <button class="btn icon" type="button" aria-label={t('key.merge')} title={`${t('key.merge')} (m)`} onClick={merge}><Icon name="merge" /></button>}
      {href && <a class="btn icon" href={href} target="_blank" rel="noreferrer noopener" aria-label={t('original')} title={`${t('original')} (o)`}><Icon name="out" /></a>}
    </div>
  );
}

function Eyebrow({ story }: { story: Story }): JSX.Element {
  const href = safeUrl(story.url);
  return (
    <p class="eyebrow">
      {story.source !== null && <a href={hrefOf(page.value, { source: story.source })} title={t('filter.only', { name: story.source })}>{story.source}</a>}
      <time dateTime={story.published ?? story.first_seen}>{dateTime(story.published ?? story.first_seen)}</time>
      {href && <a class="link" href={href} target="_blank" rel="noreferrer noopener">{hostOf(href)}</a>}
      <span class="push">{t('reader.position', { n: cursorIndex.value + 1, total: total.value ?? remaining.value.length })}</span>
    </p>
  );
}

/** What there is to know before reading on: unsure, printed, whose it is. */
function Marks({ story }: { story: Story }): JSX.Element | null {
  const number = identityOf(story);
  const tags = story.tags.filter((tag) => number === null || !tag.startsWith(number));
  if (!story.uncertain && story.printed === null && story.vendor === null && tags.length === 0) return null;
  return (
    <p class="marks">
      {story.printed !== null && <span class="was">{t('row.printed', { date: story.printed })}</span>}
      {story.uncertain && <span class="warn">{unsureText(story)}</span>}
      {story.vendor !== null && <a class="chip" href={hrefOf(page.value, { vendor: story.vendor })} title={t('filter.only', { name: story.vendor })}>{story.vendor}</a>}
      {tags.map((tag) => <a class="chip" key={tag} href={hrefOf(page.value, { tag })} title={t('filter.only', { name: tag })}>{tag}</a>)}
    </p>
  );
}

function Failure({ why, href }: { why: string; href: string | null }): JSX.Element {
  return (
    <p class="alert note-warn" role="status"><Icon name="warn" /><span>{t('reader.failed', { why })}</span>
      {href && <a class="link" href={href} target="_blank" rel="noreferrer noopener">{t('original')}</a>}</p>
  );
}

const boneWidths = [32, 92, 57, 99, 96, 46];

/** The shape of a story that is on its way. */
export function ReaderBones(): JSX.Element {
  return (
    <section class="pane" aria-hidden="true"><div class="bar acts" />
      <div class="reader"><svg class="reader-bones" width="100%" height="200">{boneWidths.map((width, index) => (
        <rect key={index} class="bone" y={index < 3 ? index * 32 : 32 + index * 28} rx="4" height={index === 1 || index === 2 ? 16 : 10} width={`${width}%`} />))}</svg></div>
    </section>
  );
}

export function Reader({ story, onBack }: { story: Story | null; onBack: () => void }): JSX.Element {
  const reading = useReading(story);
  if (story === null) {
    return <section class="pane" aria-label={t('original')}><div class="empty"><p class="quiet">{t('reader.none')}</p></div></section>;
  }
  const detail = reading?.detail ?? null, related = reading?.related ?? null;
  const item = detail?.story_items.find((one) => one.id === detail.lead) ?? null;
  const paper = item && paperOf(item), release = item && releaseOf(item);
  return (
    <section class="pane" aria-label={story.title ?? t('row.untitled')}>
      <Bar story={story} onBack={onBack} />
      <article class="scroll reader" tabIndex={0} key={story.id}>
        <Eyebrow story={story} />
        <h2 lang={story.language ?? undefined}>{whoseOf(story) !== null && `${whoseOf(story)} `}{story.title ?? t('row.untitled')}</h2>
        <Marks story={story} />
        {item && paper && <PaperFacts item={item} paper={paper} />}
        {release && <ReleaseFacts release={release} />}
        <Article story={story} detail={detail} isPaper={paper !== null} />
        {reading?.failure && <Failure why={reading.failure} href={safeUrl(story.url)} />}
        {related && <Bundled related={related} />}
        <Why story={story} />
        {detail && <Reports detail={detail} />}
        {related && <Similar related={related} />}
      </article>
    </section>
  );
}

