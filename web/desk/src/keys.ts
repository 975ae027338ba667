// The keyboard: one table of what there is, which the listener obeys and the help shows; a page says
// what its own entries do by `useKeys`. Single keys rest in fields and while an input method composes,
// and can be switched off in the settings (WCAG 2.1.4); chords and Escape work everywhere.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Key } from './i18n.ts';
import { singleKeys } from './settings.ts';

export type Scope = 'list' | 'draft' | 'go' | 'all' | 'sources' | 'rules' | 'rows';

export interface Entry {
  id: string;
  scope: Scope;
  keys: string[]; // 'j', 'Shift+J', 'Alt+ArrowUp', 'g i'; any of them
  label: Key;
  foot?: boolean; // shown in the footer of its page
  pair?: Key; // with the next entry of the table it is one line: "上下 j k"
}

export const table = [
  { id: 'down', scope: 'list', keys: ['j', 'ArrowDown'], label: 'key.down', foot: true, pair: 'key.updown' },
  { id: 'up', scope: 'list', keys: ['k', 'ArrowUp'], label: 'key.up', foot: true },
  { id: 'pick', scope: 'list', keys: ['s'], label: 'key.pick', foot: true },
  { id: 'section', scope: 'list', keys: ['1', '2', '3', '4', '5'], label: 'key.section', foot: true },
  { id: 'later', scope: 'list', keys: ['l'], label: 'key.later', foot: true },
  { id: 'reject', scope: 'list', keys: ['x'], label: 'key.reject', foot: true },
  { id: 'merge', scope: 'list', keys: ['m'], label: 'key.merge', foot: true },
  { id: 'original', scope: 'list', keys: ['o'], label: 'key.original', foot: true },
  { id: 'why', scope: 'list', keys: ['w'], label: 'key.why', foot: true },
  { id: 'tick', scope: 'list', keys: ['Space'], label: 'key.tick' },
  { id: 'extendDown', scope: 'list', keys: ['Shift+J', 'Shift+ArrowDown'], label: 'key.extend.down', pair: 'key.extend' },
  { id: 'extendUp', scope: 'list', keys: ['Shift+K', 'Shift+ArrowUp'], label: 'key.extend.up' },
  { id: 'first', scope: 'list', keys: ['Home'], label: 'key.first', pair: 'key.ends' },
  { id: 'last', scope: 'list', keys: ['End'], label: 'key.last' },
  { id: 'fresh', scope: 'list', keys: ['.'], label: 'key.fresh' },
  { id: 'filter', scope: 'list', keys: ['f 1', 'f 2', 'f 3', 'f 4', 'f 5', 'f 0'], label: 'key.filter' },
  { id: 'filterMore', scope: 'list', keys: ['f f'], label: 'key.filterMore' },
  { id: 'editPick', scope: 'list', keys: ['e'], label: 'key.editPick' },
  { id: 'draftDown', scope: 'draft', keys: ['j', 'ArrowDown'], label: 'key.down', foot: true, pair: 'key.updown' },
  { id: 'draftUp', scope: 'draft', keys: ['k', 'ArrowUp'], label: 'key.up', foot: true },
  { id: 'edit', scope: 'draft', keys: ['e', 'Enter'], label: 'key.edit', foot: true },
  { id: 'moveUp', scope: 'draft', keys: ['Alt+ArrowUp'], label: 'key.moveUp', foot: true, pair: 'key.move' },
  { id: 'moveDown', scope: 'draft', keys: ['Alt+ArrowDown'], label: 'key.moveDown', foot: true },
  { id: 'toSection', scope: 'draft', keys: ['1', '2', '3', '4', '5'], label: 'key.toSection', foot: true },
  { id: 'lift', scope: 'draft', keys: ['Space'], label: 'key.lift' },
  { id: 'byHand', scope: 'draft', keys: ['n'], label: 'key.byHand' },
  { id: 'nextCheck', scope: 'draft', keys: ['c'], label: 'key.nextCheck' },
  { id: 'nextForm', scope: 'draft', keys: ['v'], label: 'key.nextForm' },
  { id: 'publish', scope: 'draft', keys: ['Shift+P'], label: 'key.publish' },
  { id: 'suggest', scope: 'draft', keys: ['Shift+S'], label: 'key.suggest' },
  { id: 'accept', scope: 'draft', keys: ['s'], label: 'key.accept' },
  { id: 'takeOut', scope: 'draft', keys: ['x'], label: 'key.takeOut', foot: true },
  { id: 'saveNext', scope: 'draft', keys: ['Ctrl+Enter', 'Meta+Enter'], label: 'key.saveNext' },
  { id: 'acceptGuide', scope: 'draft', keys: ['Alt+Enter'], label: 'key.acceptGuide' },
  { id: 'goInbox', scope: 'go', keys: ['g i'], label: 'key.goInbox' },
  { id: 'goDraft', scope: 'go', keys: ['g d'], label: 'key.goDraft' },
  { id: 'goLater', scope: 'go', keys: ['g l'], label: 'key.goLater' },
  { id: 'goArchive', scope: 'go', keys: ['g h'], label: 'key.goArchive' },
  { id: 'goSources', scope: 'go', keys: ['g s'], label: 'key.goSources' },
  { id: 'goRules', scope: 'go', keys: ['g r'], label: 'key.goRules' },
  { id: 'goLog', scope: 'go', keys: ['g e'], label: 'key.goLog' },
  { id: 'sourceDown', scope: 'sources', keys: ['j', 'ArrowDown'], label: 'key.down', foot: true, pair: 'key.updown' },
  { id: 'sourceUp', scope: 'sources', keys: ['k', 'ArrowUp'], label: 'key.up', foot: true },
  { id: 'poll', scope: 'sources', keys: ['r'], label: 'key.poll', foot: true },
  { id: 'pause', scope: 'sources', keys: ['p'], label: 'key.pause', foot: true },
  { id: 'sourceEdit', scope: 'sources', keys: ['e'], label: 'key.edit', foot: true },
  { id: 'sourceFind', scope: 'sources', keys: ['/'], label: 'key.find', foot: true },
  { id: 'ruleDown', scope: 'rules', keys: ['j', 'ArrowDown'], label: 'key.down', foot: true, pair: 'key.updown' },
  { id: 'ruleUp', scope: 'rules', keys: ['k', 'ArrowUp'], label: 'key.up', foot: true },
  { id: 'ruleEdit', scope: 'rules', keys: ['e'], label: 'key.edit', foot: true },
  { id: 'ruleNew', scope: 'rules', keys: ['n'], label: 'key.newRule', foot: true },
  { id: 'ruleTry', scope: 'rules', keys: ['Ctrl+Enter', 'Meta+Enter'], label: 'key.tryRules', foot: true },
  { id: 'rowDown', scope: 'rows', keys: ['j', 'ArrowDown'], label: 'key.down', foot: true, pair: 'key.updown' },
  { id: 'rowUp', scope: 'rows', keys: ['k', 'ArrowUp'], label: 'key.up', foot: true },
  { id: 'rowOpen', scope: 'rows', keys: ['o'], label: 'key.open', foot: true },
  { id: 'rowFind', scope: 'rows', keys: ['/'], label: 'key.find', foot: true },
  { id: 'search', scope: 'all', keys: ['/'], label: 'key.search' },
  { id: 'add', scope: 'all', keys: ['a'], label: 'key.add' },
  { id: 'undo', scope: 'all', keys: ['z', 'u'], label: 'key.undo', foot: true },
  { id: 'redo', scope: 'all', keys: ['Shift+Z'], label: 'key.redo' },
  { id: 'leave', scope: 'all', keys: ['Escape'], label: 'key.leave' },
  { id: 'help', scope: 'all', keys: ['?'], label: 'key.help' },
] as const satisfies readonly Entry[];

export type Action = (typeof table)[number]['id'];
type Handler = (key: string) => void;
export type Handlers = Partial<Record<Action, Handler>>;

/** Sets of handlers, the newest first: a dialog's stand before its page's. */
const stack: { handlers: Handlers; modal: boolean }[] = [];
export const pending = signal<string | null>(null); // 'g' or 'f', waiting for the second key
let pendingTimer: ReturnType<typeof setTimeout> | undefined;
const leaders = new Set(['g', 'f']);
const secondKeyMs = 1500;

function nameOf(event: KeyboardEvent): string {
  // Caps lock is not a shift key.
  const isLetter = event.key.length === 1 && /[a-z]/i.test(event.key);
  const key = event.key === ' ' ? 'Space' : isLetter ? (event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase()) : event.key;
  const shift = event.shiftKey && (key.length > 1 || isLetter) ? 'Shift+' : '';
  return `${event.ctrlKey ? 'Ctrl+' : ''}${event.metaKey ? 'Meta+' : ''}${event.altKey ? 'Alt+' : ''}${shift}${key}`;
}

function isInField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement &&
    (target.matches('input:not([type=radio]):not([type=checkbox]), textarea, select') || target.isContentEditable);
}

/** Keys that a focused control means for itself. */
function belongsToControl(event: KeyboardEvent): boolean {
  const control = event.target instanceof Element && event.target.closest('button, a[href], summary, [role=radio]');
  return Boolean(control) && (event.key === 'Enter' || event.key === ' ');
}

function find(name: string): { handler: Handler; key: string } | null {
  for (const { handlers, modal } of stack) {
    for (const entry of table) {
      const handler = handlers[entry.id];
      if (handler && (entry.keys as readonly string[]).includes(name)) {
        return { handler, key: name.split(' ').at(-1) ?? name };
      }
    }
    if (modal) return null;
  }
  return null;
}

function setPending(leader: string | null): void {
  clearTimeout(pendingTimer);
  pending.value = leader;
  if (leader) pendingTimer = setTimeout(() => { pending.value = null; }, secondKeyMs);
}

function onKey(event: KeyboardEvent): void {
  if (event.isComposing || event.defaultPrevented) return;
  const name = nameOf(event);
  const isSingle = !/^(Ctrl|Meta|Alt)\+|^Escape$/.test(name);
  if (isSingle && (isInField(event.target) || belongsToControl(event))) return;
  if (singleKeys.value === 'off' && /^(Shift\+)?.$/.test(name)) return;
  const leader = pending.value;
  setPending(null);
  const found = find(leader ? `${leader} ${name}` : name);
  if (found) {
    event.preventDefault();
    found.handler(found.key);
  } else if (!leader && leaders.has(name) && stack[0]?.modal !== true) {
    setPending(name);
  }
}

addEventListener('keydown', onKey);

export function useKeys(handlers: Handlers, options: { modal?: boolean; active?: boolean } = {}): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  const { modal = false, active = true } = options;
  useEffect(() => {
    if (!active) return undefined;
    const layer = {
      modal,
      get handlers(): Handlers { return latest.current; },
    };
    stack.unshift(layer);
    return () => { stack.splice(stack.indexOf(layer), 1); };
  }, [modal, active]);
}

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const glyphs: Record<string, string> = {
  ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', Ctrl: isMac ? '⌘' : 'Ctrl', Alt: isMac ? '⌥' : 'Alt',
};

/** 'Alt+ArrowUp' as its key caps: ['Alt', '↑']. */
export function caps(name: string): string[] {
  return name.split(/[+ ]/).map((part) => glyphs[part] ?? part);
}
