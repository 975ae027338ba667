// The list of stories, of which only the rows in sight are in the document (20,000 stay smooth).
//
// Every row has one height and every heading one, so a place is a multiplication and nothing is kept a row.
// Below what has been read the list is as long as the service says it will be, drawn as bones until it is
// read. The list is one tab stop: the cursor is aria-activedescendant.
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Story } from '../api.ts';
import { t } from '../i18n.ts';
import { sectionName } from '../draft/sections.ts';
import { query } from '../route.ts';
import { listCounts } from './counts.ts';
import { isGrouped } from './filters.ts';
import { Row } from './row.tsx';
import { isSeen } from './seen.ts';
import { cursorId, leaving, loadUntil, loaded, refused, shown, ticked, toggleTick, total } from './stories.ts';
import { touch } from './touch.ts';

const overscan = 8;
const readAhead = 60;
const headingHeight = 40;
const rowHeights = { wide: 52, phone: 88 };

/** Where a group begins: the index of its first story, and its heading's top. */
interface Group { section: string; at: number; top: number }

interface Layout { groups: Group[]; count: number; rowHeight: number }

const phone = matchMedia('(max-width: 720px)');

function layOut(stories: Story[], grouped: boolean, rowHeight: number): Layout {
  const groups: Group[] = [];
  let section: string | null = null;
  for (let at = 0; grouped && at < stories.length; at++) {
    const story = stories[at] as Story;
    if (story.section === section) continue;
    section = story.section;
    groups.push({ section, at, top: at * rowHeight + groups.length * headingHeight });
  }
  return { groups, count: stories.length, rowHeight };
}

/** How many headings stand above the row. */
function headingsAbove({ groups }: Layout, index: number): number {
  let n = 0;
  while (n < groups.length && (groups[n] as Group).at <= index) n++;
  return n;
}

function topOf(layout: Layout, index: number): number {
  return index * layout.rowHeight + headingsAbove(layout, index) * headingHeight;
}

/** The group whose heading or rows stand at `y`. */
function groupAt({ groups }: Layout, y: number): Group | undefined {
  return groups.findLast((group) => group.top <= y);
}

/** The row at `y`; at a heading the one below it. */
function indexAt(layout: Layout, y: number): number {
  const group = groupAt(layout, y);
  const index = group ? group.at + Math.max(0, Math.floor((y - group.top - headingHeight) / layout.rowHeight))
    : Math.floor(y / layout.rowHeight);
  return Math.max(0, Math.min(layout.count, index));
}

function Heading({ section, top }: { section: string; top: number }): JSX.Element {
  return <li class="group" role="presentation" style={{ top: `${top}px` }}><b>{sectionName(section)}</b>{listCounts.value?.sections.get(section)}</li>;
}

const kept = new Map<string, number>(); // scroll by address

/** The cursor's row, its distance from the list's top edge. */
export function offsetOfCursor(): number | null {
  const row = cursorId.value ? document.getElementById(`story-${cursorId.value}`) : null;
  const scroller = row?.closest('.scroll');
  return row && scroller ? row.getBoundingClientRect().top - scroller.getBoundingClientRect().top : null;
}

export function keepCursorAt(offset: number | null): void {
  if (offset === null) return;
  requestAnimationFrame(() => {
    const now = offsetOfCursor();
    const scroller = document.querySelector('#list')?.closest('.scroll');
    if (now !== null && scroller) scroller.scrollTop += now - offset;
  });
}

export function focusList(): void {
  document.getElementById('list')?.focus({ preventScroll: true });
}

export function List({ onOpen }: { onOpen: (id: string) => void }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 900, phone: phone.matches });
  const [now, setNow] = useState(Date.now());
  const rowHeight = view.phone ? rowHeights.phone : rowHeights.wide;
  const stories = shown.value, grouped = isGrouped.value;
  const layout = useMemo(() => layOut(stories, grouped, rowHeight), [stories, grouped, rowHeight]);
  const read = topOf(layout, stories.length - 1) + (stories.length > 0 ? rowHeight : 0);
  const behind = Math.max(0, (total.value ?? 0) - loaded.value.length);
  const first = Math.max(0, indexAt(layout, view.top) - overscan);
  const end = Math.min(stories.length, indexAt(layout, view.top + view.height) + overscan + 1);

  const measure = (): void => {
    const element = scroller.current;
    if (!element) return;
    setView({ top: element.scrollTop, height: element.clientHeight, phone: phone.matches });
    kept.set(location.pathname + location.search, element.scrollTop);
  };
  useEffect(() => {
    if (document.activeElement === document.body) focusList(); // nothing else has the focus
  }, []);
  useEffect(() => {
    addEventListener('resize', measure);
    const clock = setInterval(() => setNow(Date.now()), 60_000);
    return () => { removeEventListener('resize', measure); clearInterval(clock); };
  }, []);
  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollTop = kept.get(location.pathname + location.search) ?? 0;
    measure();
  }, [query.value.toString(), stories.length > 0]);
  useEffect(() => {
    const inSight = Math.ceil((view.top + view.height - read) / rowHeight);
    void loadUntil(end + readAhead + Math.max(0, inSight));
  }, [end, read, view.top, view.height]);
  useLayoutEffect(() => {
    const element = scroller.current;
    const index = stories.findIndex((story) => story.id === cursorId.value);
    if (!element || index < 0) return;
    const top = topOf(layout, index), edge = grouped ? headingHeight : 0;
    if (top - edge < element.scrollTop) element.scrollTop = Math.max(0, top - edge);
    else if (top + rowHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + rowHeight - element.clientHeight;
    }
  }, [cursorId.value]);

  const current = groupAt(layout, view.top)?.section;
  const size = total.value ?? stories.length;
  return (
    <div class="scroll" ref={scroller} onScroll={measure} {...touch}>
      {grouped && current && <p class="group now" aria-hidden="true"><b>{sectionName(current)}</b>{listCounts.value?.sections.get(current)}</p>}
      <ul id="list" class={grouped ? 'list grouped' : 'list'} role="listbox" tabIndex={0} aria-multiselectable="true"
        aria-label={t(query.value.get('sort') === 'date' ? 'list.labelNewest' : 'list.label')} aria-busy={behind > 0}
        {...(cursorId.value ? { 'aria-activedescendant': `story-${cursorId.value}` } : {})}
        style={{ height: `${read + behind * rowHeight}px` }}>
        {layout.groups.filter((group) => group.at >= first && group.at < end).map(({ section, top }) => (
          <Heading key={`heading-${section}`} section={section} top={top} />))}
        {stories.slice(first, end).map((story, index) => (
          <Row key={story.id} story={story} position={first + index + 1} size={size} top={topOf(layout, first + index)}
            isCursor={story.id === cursorId.value} isTicked={ticked.value.has(story.id)}
            isLeaving={leaving.value.has(story.id)} isRefused={refused.value.has(story.id)}
            isRead={isSeen(story.id)} now={now} onOpen={onOpen} onTick={toggleTick} />))}
        {behind > 0 && <Bones from={Math.max(read, view.top - rowHeight)} to={Math.min(read + behind * rowHeight, view.top + view.height)} height={rowHeight} />}
      </ul>
    </div>
  );
}

/** Rows that have not been read yet, where they will stand. */
function Bones({ from, to, height }: { from: number; to: number; height: number }): JSX.Element {
  const count = Math.max(0, Math.ceil((to - from) / height));
  return (
    <li role="presentation" class="bones" style={{ top: `${from}px` }} aria-hidden="true">
      {Array.from({ length: count }, (_, index) => <Bone key={index} index={index} height={height} />)}
    </li>
  );
}

function Bone({ index, height }: { index: number; height: number }): JSX.Element {
  return (
    <svg class="skeleton" height={height} width="100%">
      <rect class="bone" x="48" y="11" width={`${48 + ((index * 17) % 35)}%`} height="12" rx="3" />
      <rect class="bone" x="48" y="32" width={`${14 + ((index * 7) % 9)}%`} height="10" rx="3" />
    </svg>
  );
}

const skeletonAfterMs = 300;

export function SkeletonList(): JSX.Element {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), skeletonAfterMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="scroll" aria-busy="true">
      {isLong && <><p class="sr" role="status">{t('loading')}</p>
        <div aria-hidden="true">{Array.from({ length: 14 }, (_, index) => <Bone key={index} index={index} height={52} />)}</div></>}
    </div>
  );
}
