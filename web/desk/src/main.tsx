import { render } from 'preact';
import type { JSX } from 'preact';
import { effect } from '@preact/signals';
import './styles/index.css';
import { identify, identifyAtLast } from './account.ts';
import { startAdding } from './add/add.ts';
import { listen, onBack } from './connection.ts';
import { draft, readDraft } from './draft/draft.ts';
import { restoreEdits } from './draft/edits.ts';
import { Frame } from './frame.tsx';
import { t } from './i18n.ts';
import { start } from './inbox/stories.ts';
import { send } from './outbox.ts';
import { pageTable } from './pages.tsx';
import { page } from './route.ts';

function Desk(): JSX.Element {
  const View = (pageTable[page.value] ?? pageTable.inbox)?.view;
  return <Frame>{View ? <View key={page.value} /> : <></>}</Frame>;
}

restoreEdits();
start();
startAdding();
void readDraft();
onBack(() => void identify().catch(() => undefined)); // somebody else, perhaps
listen();
effect(() => {
  document.title = `${t(`nav.${page.value}`)} · ${draft.value?.title ?? 'briefd'}`;
});
const root = document.getElementById('desk');
const show = (): void => { if (root) render(<Desk />, root); };
// Nothing is shown before it is known whose it is; a service that does not answer must not keep her from her own.
void identify().then(show, show).then(identifyAtLast).then(send);
