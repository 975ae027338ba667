// One story in the list.
import type { JSX } from 'preact';
import type { Story } from '../api.ts';
import { age, t } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { Marked } from '../parts/text.tsx';
import { sectionName } from '../draft/sections.ts';
import { identityOf } from './kinds.tsx';
import { runnerUp, score, titleMarks, vendorLength, whyText } from './reasons.ts';

interface Props {
  story: Story;
  position: number;
  size: number;
  top: number;
  isCursor: boolean;
  isTicked: boolean;
  isLeaving: boolean;
  isRead: boolean;
  isRefused: boolean;
  now: number;
  onOpen: (id: string) => void;
  onTick: (id: string) => void;
}

function Title({ story }: { story: Story }): JSX.Element {
  const text = story.title ?? t('row.untitled');
  return <Marked text={text} spans={titleMarks(story)} bold={story.title === null ? 0 : vendorLength(story)} />;
}

export function unsureText(story: Story): string {
  const other = runnerUp(story);
  return other === null ? t('row.unsure') : t('row.unsureOr', { section: sectionName(other) });
}

function Meta({ story, isRefused }: { story: Story; isRefused: boolean }): JSX.Element {
  const identity = identityOf(story);
  return (
    <span class="m">
      <span class="tag">{sectionName(story.section)}</span>
      {story.source !== null && (
        <span class="chip" title={t('row.sources', { names: [story.source, ...story.also].join('、') })}>
          <span class="clip">{story.source}</span>{story.also.length > 0 && <b>+{story.also.length}</b>}
        </span>
      )}
      {identity !== null && <span class="x mono">{identity}</span>}
      {isRefused && <span class="bad">{t('row.refused')}</span>}
      {story.printed !== null && <span class="was">{t('row.printed', { date: story.printed })}</span>}
      {story.uncertain && <span class="warn">{unsureText(story)}</span>}
    </span>
  );
}

export function Row(props: Props): JSX.Element {
  const { story } = props;
  const states = [
    props.isCursor && 'cursor', props.isRead && 'read', story.printed !== null && 'sent', props.isLeaving && 'leaving',
    props.isRefused && 'refused',
  ].filter(Boolean).join(' ');
  const when = story.published ?? story.first_seen;
  return (
    <li class={`row ${states}`} role="option" id={`story-${story.id}`} aria-selected={props.isTicked}
      aria-posinset={props.position} aria-setsize={props.size} style={{ top: `${props.top}px` }}
      onClick={() => props.onOpen(story.id)}>
      <span class="score" title={whyText(story)}><span class="sr">{t('row.score')} </span>{score(story)}</span>
      <span class={props.isTicked ? 'box on' : 'box'} aria-hidden="true"
        onClick={(event) => { event.stopPropagation(); props.onTick(story.id); }}>
        {props.isTicked && <Icon name="check" />}
      </span>
      <span class="t clip" lang={story.language ?? undefined}><Title story={story} /></span>
      <time dateTime={when}>{age(when, props.now)}</time>
      <Meta story={story} isRefused={props.isRefused} />
    </li>
  );
}
