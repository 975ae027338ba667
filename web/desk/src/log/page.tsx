// What was done, by whom, newest first, in words; and taking one's own last action back.
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { get } from '../api.ts';
import { isOnline } from '../connection.ts';
import { sectionName } from '../draft/sections.ts';
import { type Key, t } from '../i18n.ts';
import { useKeys } from '../keys.ts';
import { Icon } from '../parts/icon.tsx';
import { useRemote, write } from '../parts/remote.ts';
import { useRows } from '../parts/rows.ts';
import { Bones, Empty, Failed } from '../parts/states.tsx';
import { go, hrefOf, hrefWith, query } from '../route.ts';
import { editor } from '../settings.ts';
import { say } from '../toast.ts';

type Action = 'decide' | 'merge' | 'split' | 'patch_pick' | 'move' | 'add_pick' | 'remove' | 'patch_draft' | 'publish' | 'correct' | 'reopen' | 'undo' | 'redo';
type State = Record<string, unknown> | null;
interface Change { kind: 'story' | 'item' | 'pick' | 'draft'; id: string; before: State; after: State }
interface Entry { id: string; at: string; editor: string; action: Action; undoes: string | null; undone_by: string | null; about: string[]; changes: Change[] }
interface LogPage { events: Entry[]; next: string | null; undo: string | null; redo: string | null }

const stories = (entry: Entry): Change[] => entry.changes.filter((change) => change.kind === 'story');
const picks = (entry: Entry): Change[] => entry.changes.filter((change) => change.kind === 'pick');

function fieldsOf(change: Change | undefined): string[] {
  const before = (change?.before?.['body'] ?? change?.before ?? {}) as Record<string, unknown>;
  const after = (change?.after?.['body'] ?? change?.after ?? {}) as Record<string, unknown>;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

/** Names of changed fields, as the draft's form has them; what it does not show is left out. */
function fieldNames(entry: Entry, kind: Change['kind']): string {
  const known: Record<string, Key> = {
    title: 'field.title', subject: 'field.subject', prefix: 'field.prefix', tags: 'field.tags', source: 'field.source', url: 'field.url', linked: 'field.linked',
    summary: 'field.summary', clause: 'field.clause', highlight: 'field.highlight', guide: 'guide', headline: 'field.headline', preface: 'field.preface',
    lead_in: 'field.lead_in', note_before: 'field.note_before', note_after: 'field.note_after', suggest: 'field.suggest', day: 'field.date',
  };
  const names = fieldsOf(entry.changes.find((change) => change.kind === kind)).flatMap((name) => known[name] ?? []);
  return names.map((name) => t(name).replace(/[（(，,].*/, '')).join(t('log.and'));
}

function decided(entry: Entry): string {
  const changed = stories(entry), first = changed[0], n = Math.max(1, changed.length);
  const state = String(first?.after?.['state'] ?? '');
  const section = picks(entry)[0]?.after?.['section'] ?? first?.after?.['section'];
  if (first && first.before?.['state'] === first.after?.['state']) {
    return typeof section === 'string' ? t('log.resection', { n, section: sectionName(section) }) : t('log.lead', { n });
  }
  if (state === 'picked' && typeof section === 'string') return t('log.pickedInto', { n, section: sectionName(section) });
  const words: Record<string, Key> = { picked: 'log.picked', later: 'log.later', rejected: 'log.rejected', inbox: 'log.inbox' };
  return t(words[state] ?? 'log.inbox', { n });
}

function sentence(entry: Entry, all: Map<string, Entry>): string {
  const undone = entry.undoes === null ? undefined : all.get(entry.undoes);
  switch (entry.action) {
    case 'decide': return decided(entry);
    case 'merge': return t('log.merge', { n: Math.max(2, stories(entry).length) });
    case 'split': return t('log.split');
    case 'patch_pick': return t('log.patchPick', { fields: fieldNames(entry, 'pick') || t('log.text') });
    case 'move': return t('log.move', { section: sectionName(String(picks(entry)[0]?.after?.['section'] ?? '')) });
    case 'add_pick': return t('log.addPick', { section: sectionName(String(picks(entry)[0]?.after?.['section'] ?? '')) });
    case 'remove': return t('log.remove');
    case 'patch_draft': return t('log.patchDraft', { fields: fieldNames(entry, 'draft') || t('issue') });
    case 'publish': return t('log.publish');
    case 'correct': return t('log.correct');
    case 'reopen': return t('log.reopen');
    case 'undo': return undone ? t('log.undoOf', { what: sentence(undone, all) }) : t('log.undo');
    case 'redo': return undone ? t('log.redoOf', { what: sentence(undone, all) }) : t('log.redo');
  }
}

const icons: Record<Action, Parameters<typeof Icon>[0]['name']> = {
  decide: 'check', merge: 'merge', split: 'group', patch_pick: 'draft', move: 'up', add_pick: 'plus', remove: 'x', patch_draft: 'draft',
  publish: 'out', correct: 'out', reopen: 'draft', undo: 'undo', redo: 'refresh',
};

function EntryRow({ entry, all, isAlone, undo, redo, onDo }: { entry: Entry; all: Map<string, Entry>; isAlone: boolean; undo: string | null; redo: string | null; onDo: (what: 'undo' | 'redo') => void }): JSX.Element {
  const what = sentence(entry, all), rest = entry.changes.length - entry.about.length;
  return (
    <li class={entry.undone_by === null ? '' : 'undone'} data-event={entry.id}>
      <time dateTime={entry.at}>{new Date(entry.at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}</time>
      <Icon name={icons[entry.action]} />
      <p><a href={hrefWith({ editor: entry.editor })} class={isAlone ? 'what' : 'who'} data-row>{isAlone ? what : nameOf(entry.editor)}</a>{!isAlone && <> <span class="what">{what}</span></>}{entry.undone_by !== null && <span class="quiet"> {t('log.undone')}</span>}</p>
      <p class="about clip">{entry.about.join(t('log.and2'))}{rest > 0 && entry.about.length >= 3 && ` ${t('log.others')}`}</p>
      {entry.id === undo && <button class="btn line" type="button" disabled={!isOnline.value} aria-label={t('log.undoNamed', { what })} onClick={() => onDo('undo')}>{t('undo')}</button>}
      {entry.id === redo && <button class="btn line" type="button" disabled={!isOnline.value} aria-label={t('log.redoNamed', { what })} onClick={() => onDo('redo')}>{t('redo')}</button>}
    </li>
  );
}

/** Whoever writes without a name is "editor" to the service. */
function nameOf(who: string): string {
  return who === 'editor' ? t('log.unnamed') : who;
}

function dayOf(entry: Entry): string {
  const date = new Date(entry.at), two = (n: number): string => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function byDay(entries: Entry[]): [string, Entry[]][] {
  const days = new Map<string, Entry[]>();
  for (const entry of entries) days.set(dayOf(entry), [...(days.get(dayOf(entry)) ?? []), entry]);
  return [...days];
}

export function LogPage(): JSX.Element {
  const who = query.value.get('editor');
  const path = `/api/v1/log?limit=100${who ? `&editor=${encodeURIComponent(who)}` : ''}`;
  const first = useRemote<LogPage>(path, ['decision']);
  const [more, setMore] = useState<LogPage[]>([]);
  useEffect(() => setMore([]), [first.data]);
  const pages = first.data ? [first.data, ...more] : [];
  const entries = pages.flatMap((one) => one.events), next = pages.at(-1)?.next ?? null;
  const all = useMemo(() => new Map(entries.map((entry) => [entry.id, entry])), [first.data, more]);
  const act = (what: 'undo' | 'redo'): void => {
    if (first.data && first.data[what] === null) {
      say({ text: t(what === 'undo' ? 'refused.undo' : 'log.noRedo'), tone: 'plain' });
      return;
    }
    void write({ method: 'POST', path: `/api/v1/${what}`, key: crypto.getRandomValues(new Uint32Array(3)).join('') }).then((done) => {
      if (done === null) return;
      say({ text: t(what === 'undo' ? 'done.undone' : 'log.redone'), tone: 'plain' });
      first.reload();
    });
  };
  useRows(null, () => go(hrefWith({ editor: null })));
  useKeys({ undo: () => act('undo'), redo: () => act('redo') });
  const editors = [...new Set([...entries.map((entry) => entry.editor), editor.value || 'editor'])], isAlone = editors.length === 1 && !who;
  return (
    <main id="main" class="solo">
      <section class="pane" aria-label={t('nav.log')}>
        <header class={isAlone ? 'bar rule' : 'bar'}><h1>{t('nav.log')}</h1><span class="quiet">{t('log.hint')}</span></header>
        {!isAlone && <nav class="sub rule" aria-label={t('log.editors')}><div class="tabs">
          <a href={hrefWith({ editor: null })} {...(who ? {} : { 'aria-current': 'true' as const })}>{t('log.everyone')}</a>
          {editors.map((name) => <a key={name} href={hrefWith({ editor: name })} {...(who === name ? { 'aria-current': 'true' as const } : {})}>{nameOf(name)}</a>)}</div></nav>}
        {first.status === 'failed' ? <Failed title={t('log.failed')} why={first.why} onRetry={first.reload} />
          : !first.data ? <Bones />
            : entries.length === 0 ? <Empty title={t('log.empty')} text={t('log.emptyText')}><a class="btn line" href={hrefOf('inbox')}>{t('nav.inbox')}</a></Empty>
              : <div class="scroll" tabIndex={0} role="region" aria-label={t('nav.log')}>{byDay(entries).map(([day, list]) => (
                <section key={day}><h2 class="year">{day}</h2><ol class="events">{list.map((entry) => (
                  <EntryRow key={entry.id} entry={entry} all={all} isAlone={isAlone} undo={first.data?.undo ?? null} redo={first.data?.redo ?? null} onDo={act} />))}</ol></section>))}
                {next !== null && <p class="acts tail"><button class="btn line" type="button" onClick={() => {
                  get<LogPage>(`${path}&cursor=${next}`).then((found) => setMore([...more, found]), () => say({ text: t('disconnected'), tone: 'bad' }));
                }}>{t('log.more', { n: entries.length })}</button></p>}</div>}
      </section>
    </main>
  );
}
