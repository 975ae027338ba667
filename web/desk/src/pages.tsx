// The table of pages: one line each, in the order of the navigation. What is not needed for the first
// view of the inbox is read when she first goes there.
//
// A new page is its name in route.ts, a line here, and its words (`nav.NAME`) in both languages; keys of its
// own are entries of keys.ts with a scope that the line names.
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from './i18n.ts';
import { InboxPage } from './inbox/page.tsx';
import type { Action, Scope } from './keys.ts';
import type { IconName } from './parts/icon.tsx';
import type { Page } from './route.ts';

type View = () => JSX.Element;
type Load = () => Promise<View>;

export interface PageEntry {
  view: View;
  icon: IconName;
  group: 'issue' | 'manage' | 'none'; // where the navigation lists it
  scope: Scope; // whose keys the footer shows
  key?: Action; // g and a letter
}

const skeletonAfterMs = 300;

function Waiting({ failed }: { failed: boolean }): JSX.Element {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), skeletonAfterMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <main id="main" aria-busy={!failed}>
      {failed ? (
        <div class="empty" role="alert"><h2>{t('page.failed')}</h2><p>{t('page.failed.text')}</p>
          <p class="acts"><button class="btn line" type="button" onClick={() => location.reload()}>{t('page.reload')}</button></p></div>
      ) : isLong && <p class="empty quiet">{t('loading')}</p>}
    </main>
  );
}

/** A page whose script is read when it is first shown. */
function later(load: Load): View {
  const view = signal<View | null>(null);
  const failed = signal(false);
  let asked = false;
  return function Later() {
    useEffect(() => {
      if (asked) return;
      asked = true;
      load().then((found) => { view.value = found; }, () => { failed.value = true; });
    }, []);
    const Found = view.value;
    return Found ? <Found /> : <Waiting failed={failed.value} />;
  };
}

export const pageTable: Partial<Record<Page, PageEntry>> = {
  inbox: { view: InboxPage, icon: 'inbox', group: 'issue', scope: 'list', key: 'goInbox' },
  draft: { view: later(() => import('./draft/page.tsx').then((m) => m.DraftPage)), icon: 'draft', group: 'issue', scope: 'draft', key: 'goDraft' },
  later: { view: InboxPage, icon: 'later', group: 'issue', scope: 'list', key: 'goLater' },
  archive: { view: later(() => import('./archive/page.tsx').then((m) => m.ArchivePage)), icon: 'archive', group: 'issue', scope: 'rows', key: 'goArchive' },
  sources: { view: later(() => import('./sources/page.tsx').then((m) => m.SourcesPage)), icon: 'sources', group: 'manage', scope: 'sources', key: 'goSources' },
  rules: { view: later(() => import('./rules/page.tsx').then((m) => m.RulesPage)), icon: 'rules', group: 'manage', scope: 'rules', key: 'goRules' },
  log: { view: later(() => import('./log/page.tsx').then((m) => m.LogPage)), icon: 'log', group: 'manage', scope: 'rows', key: 'goLog' },
  search: { view: later(() => import('./search/page.tsx').then((m) => m.SearchPage)), icon: 'search', group: 'manage', scope: 'rows' },
  settings: { view: later(() => import('./settings/page.tsx').then((m) => m.SettingsPage)), icon: 'settings', group: 'manage', scope: 'all' },
};

export const pagesOf = (group: PageEntry['group']): [Page, PageEntry][] =>
  (Object.entries(pageTable) as [Page, PageEntry][]).filter(([, entry]) => entry.group === group);
