import { render } from 'preact';
import type { JSX } from 'preact';
import { effect } from '@preact/signals';
import './styles/index.css';
import { listen } from './connection.ts';
import { DraftPage } from './draft/page.tsx';
import { draft, readDraft } from './draft/draft.ts';
import { restoreEdits } from './draft/edits.ts';
import { Frame } from './frame.tsx';
import { t } from './i18n.ts';
import { InboxPage } from './inbox/page.tsx';
import { start } from './inbox/stories.ts';
import { send } from './outbox.ts';
import { page } from './route.ts';

function Desk(): JSX.Element {
  return <Frame>{page.value === 'draft' ? <DraftPage /> : <InboxPage key={page.value} />}</Frame>;
}

restoreEdits();
start();
void readDraft();
void send();
listen();
effect(() => {
  document.title = `${t(`nav.${page.value}`)} · ${draft.value?.title ?? 'briefd'}`;
});
const root = document.getElementById('desk');
if (root) render(<Desk />, root);
