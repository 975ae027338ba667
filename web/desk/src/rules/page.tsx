// The keyword lists. Changes wait here until they are saved; before that they can be tried on what is stored.
// What is refused stays on the page with its place underlined, and nothing is saved until it is mended.
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { type Problem, Refused, ask, whyOf } from '../api.ts';
import { isOnline } from '../connection.ts';
import { sectionName, sections } from '../draft/sections.ts';
import { t } from '../i18n.ts';
import { keep, readKept } from '../kept.ts';
import { useKeys } from '../keys.ts';
import { Icon } from '../parts/icon.tsx';
import { useRemote, write as send } from '../parts/remote.ts';
import { Bones, Empty, Failed } from '../parts/states.tsx';
import { hrefWith, query } from '../route.ts';
import { say } from '../toast.ts';
import { RuleLine } from './line.tsx';
import { type Hits, type HitsAnswer, type Kind, type Misplaced, type Place, type Rule, type RulesAnswer, type VendorsAnswer, keyOf, placeOf, reasonOf, rulesOf, write } from './rules.ts';
import { type Confusion, Side, type Trial } from './side.tsx';

interface Refusal extends Problem { problems?: Misplaced[] }

interface Tab { id: string; kind: Kind; section: string | null; label: string }

function tabs(): Tab[] {
  return [...sections.value.map((one): Tab => ({ id: one.id, kind: 'rule', section: one.id, label: sectionName(one.id) })),
    { id: 'topics', kind: 'topic', section: null, label: t('rules.topics') }, { id: 'vendors', kind: 'vendor', section: null, label: t('rules.vendors') }];
}

function fits(rule: Rule, tab: Tab): boolean {
  return rule.kind === tab.kind && rule.section === tab.section;
}

function pathOf(rule: Rule): string {
  const name = encodeURIComponent(rule.name);
  return rule.kind === 'rule' ? `/api/v1/rules/${encodeURIComponent(rule.section ?? '')}/${name}` : `/api/v1/${rule.kind}s/${name}`;
}

/** Unsaved changes outlive a reload and another page. */
const keptAs = 'rules';

function readChanges(): Map<string, Rule> {
  try {
    return new Map(JSON.parse(readKept(keptAs) || '[]') as [string, Rule][]);
  } catch {
    return new Map();
  }
}

/** What she changed and has not saved. */
function useChanges(stored: Rule[]) {
  const [changes, setChanges] = useState<Map<string, Rule>>(readChanges);
  useEffect(() => keep(keptAs, changes.size === 0 ? '' : JSON.stringify([...changes])), [changes]);
  const [places, setPlaces] = useState<Place[]>([]);
  const [trial, setTrial] = useState<Trial | null>(null);
  const [busy, setBusy] = useState<'no' | 'trying' | 'saving'>('no');
  const known = new Set(stored.map(keyOf));
  const set = (next: Map<string, Rule>): void => {
    setChanges(next);
    setPlaces(places.filter((place) => next.has(place.key)));
    setTrial(null);
  };
  const put = (rule: Rule, before: string): void => {
    const next = new Map([...changes].filter(([key]) => key !== before || known.has(before)));
    next.set(keyOf(rule), rule);
    setPlaces(places.filter((place) => place.key !== before));
    setChanges(next);
    setTrial(null);
  };
  const drop = (key: string): void => set(new Map([...changes].filter(([one]) => one !== key)));
  const run = async (method: 'POST' | 'PUT', path: string, of: Map<string, Rule>): Promise<unknown> => {
    const written = write([...of.values()]);
    setBusy(method === 'POST' ? 'trying' : 'saving');
    try {
      const answer = await ask<unknown>({ method, path, body: { rules: written.text } });
      setPlaces([]);
      return answer;
    } catch (error) {
      const problem = error instanceof Refused ? (error.problem as Refusal) : null;
      const found = problem?.problems?.flatMap((one) => placeOf(one, written) ?? []) ?? [];
      setPlaces(found);
      setTrial(null);
      say({ text: found.length > 0 ? t('rules.refused', { n: found.length }) : t('refused.why', { why: problem ? whyOf(problem) : t('disconnected') }), tone: 'bad' });
      return null;
    } finally {
      setBusy('no');
    }
  };
  return { changes, places, trial, busy, put, drop, clear: () => set(new Map()), run, setTrial, known };
}

function focusLine(by: 1 | -1): void {
  const lines = [...document.querySelectorAll<HTMLElement>('.lines > li')];
  const at = lines.findIndex((line) => line.contains(document.activeElement));
  lines[Math.max(0, Math.min(lines.length - 1, at < 0 ? 0 : at + by))]?.querySelector<HTMLElement>('button')?.focus();
}

export function RulesPage(): JSX.Element {
  const rules = useRemote<RulesAnswer>('/api/v1/rules'), vendors = useRemote<VendorsAnswer>('/api/v1/vendors');
  const confusion = useRemote<Confusion>('/api/v1/rules/confusion', ['judged', 'decision']);
  const hits = useRemote<HitsAnswer>('/api/v1/rules/hits', ['judged']);
  const [editing, setEditing] = useState<string | null>(null);
  const [second, setSecond] = useState(false);
  const stored = useMemo(() => (rules.data && vendors.data ? rulesOf(rules.data, vendors.data) : []), [rules.data, vendors.data]);
  const { changes, places, trial, busy, put, drop, clear, run, setTrial, known } = useChanges(stored);
  const all = [...stored.map((rule) => changes.get(keyOf(rule)) ?? rule), ...[...changes.values()].filter((rule) => !known.has(keyOf(rule)))];
  const tab = tabs().find((one) => one.id === query.value.get('tab')) ?? tabs().find((one) => all.some((rule) => fits(rule, one))) ?? tabs()[0];
  const found = useMemo(() => hits.data && new Map(hits.data.rules.map((one) => [one.rule, one])), [hits.data]);
  const hitsOf = (rule: Rule): Hits | null => found && (found.get(reasonOf(rule)) ?? { items: 0, words: [] });
  const shown = tab ? all.filter((rule) => fits(rule, tab)) : [];
  const reload = (): void => { rules.reload(); vendors.reload(); confusion.reload(); hits.reload(); };

  const tryThem = async (): Promise<void> => {
    if (changes.size === 0 || busy !== 'no') return;
    const answer = await run('POST', '/api/v1/rules/try', changes) as Trial | null;
    setTrial(answer);
    if (answer) setSecond(true);
  };
  const save = async (): Promise<void> => {
    if (await run('PUT', '/api/v1/rules', changes) === null) return;
    clear();
    reload();
    say({ text: t('rules.saved'), tone: 'plain' });
  };
  const takeBack = async (rule: Rule): Promise<void> => {
    if (await send({ method: 'DELETE', path: pathOf(rule) }) === null) return;
    reload();
    say({ text: t('rules.takenBack', { name: rule.name }), tone: 'plain',
      act: { label: t('undo'), run: () => void send({ method: 'PUT', path: '/api/v1/rules', body: { rules: write([rule]).text } }).then(reload) } });
  };
  const addNew = (): void => {
    if (!tab || editing !== null) return;
    let n = 1;
    while (all.some((rule) => fits(rule, tab) && rule.name === `desk-${n}`)) n++;
    const rule: Rule = { kind: tab.kind, section: tab.section, name: tab.kind === 'vendor' ? '' : `desk-${n}`, weight: 1, final: false, words: [], origin: '' };
    put(rule, keyOf(rule));
    setEditing(keyOf(rule));
  };
  useKeys({
    ruleDown: () => focusLine(1), ruleUp: () => focusLine(-1), ruleNew: addNew,
    ruleTry: () => { requestAnimationFrame(() => document.getElementById('try')?.click()); }, // after the open line has closed
    ruleEdit: () => document.activeElement?.closest('.lines > li')?.querySelector<HTMLElement>('.does button')?.click(),
    leave: () => setSecond(false),
  });
  const isReady = rules.data !== null && vendors.data !== null;
  const failed = rules.status === 'failed' ? rules : vendors.status === 'failed' ? vendors : null;
  const canSave = changes.size > 0 && places.length === 0 && busy === 'no' && editing === null && isOnline.value;
  return (
    <main id="main" class="study" {...(second ? { 'data-view': 'second' } : {})}>
      <section class="pane" aria-label={t('nav.rules')}>
        <header class="bar"><h1>{t('nav.rules')}</h1><span class="quiet desktop">{changes.size > 0 ? t('rules.changes', { n: changes.size }) : t('rules.hint')}</span>
          {changes.size > 0 && <button class="btn push" type="button" onClick={() => { clear(); setEditing(null); }}>{t('rules.discard')}</button>}
          <button id="try" class={changes.size > 0 ? 'btn line' : 'btn line push'} type="button" disabled={changes.size === 0 || busy !== 'no' || !isOnline.value} onClick={() => void tryThem()}>
            {t(busy === 'trying' ? 'rules.trying' : 'key.tryRules')}<kbd>Ctrl</kbd><kbd>Enter</kbd></button>
          <button class="btn fill" type="button" disabled={!canSave} aria-describedby="save-note" onClick={() => void save()}>{t('rules.save')}</button>
          <span id="save-note" class="sr">{places.length > 0 ? t('rules.refused', { n: places.length }) : ''}</span></header>
        <nav class="sub rule" aria-label={t('nav.rules')}><div class="tabs">{tabs().map((one) => (
          <a key={one.id} href={hrefWith({ tab: one.id })} {...(tab?.id === one.id ? { 'aria-current': 'true' as const } : {})}>{one.label}
            <span>{all.filter((rule) => fits(rule, one)).length}</span></a>))}</div></nav>
        {failed ? <Failed title={t('rules.failed')} why={failed.why} onRetry={reload} /> : !isReady || !tab ? <Bones /> : (
          <div class="scroll" tabIndex={0} role="region" aria-label={t('rules.of', { section: tab.label })}>
            {shown.length === 0 ? <Empty title={t('rules.empty')} text={t('rules.emptyText')} />
              : <ol class="lines">{shown.map((rule, index) => {
                  const key = keyOf(rule);
                  return <RuleLine key={key} rule={rule} number={index + 1} isChanged={changes.has(key)} isNew={!known.has(key)} isEditing={editing === key}
                    hits={hitsOf(rule)}
                    places={places.filter((place) => place.key === key)} onEdit={(on) => setEditing(on ? key : null)} onChange={(next) => put(next, key)}
                    onDrop={() => drop(key)} onTakeBack={() => void takeBack(rule)} />;
                })}</ol>}
            <button class="btn addline" type="button" onClick={addNew}><Icon name="plus" />{t(tab.kind === 'vendor' ? 'rules.newVendor' : 'key.newRule')}<kbd>n</kbd></button>
            <p class="note">{t('rules.note')}</p>
          </div>)}
      </section>
      <Side confusion={confusion.data} trial={trial} isTrying={busy === 'trying'} />
      <div class="phone switch"><div class="seg" role="group" aria-label={t('draft.views')}>
        <button type="button" aria-pressed={!second} onClick={() => setSecond(false)}>{t('nav.rules')}</button>
        <button type="button" aria-pressed={second} onClick={() => setSecond(true)}>{t(trial ? 'rules.trial' : 'rules.matrix')}</button></div></div>
    </main>
  );
}
