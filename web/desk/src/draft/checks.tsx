// What to look at before publishing. Each line leads to its place; where a cure is safe it is offered, goes
// through the same way as typing, and can be taken back.
import type { JSX } from 'preact';
import type { DraftFields, Finding, PickFields } from '../api.ts';
import { t } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { language } from '../settings.ts';
import { say } from '../toast.ts';
import { findings, shown } from './draft.ts';
import { editDraft, editPick, edits, flush } from './edits.ts';
import { goTo, pickOf } from './place.ts';
import { undoDraft } from './moves.ts';
import { sectionName, sections } from './sections.ts';

export function wordsOf(finding: Finding): string {
  const said = finding.message[language.value === 'en' ? 'en' : 'zh'];
  const own = sections.value.find((section) => section.id === finding.section)?.short_title ?? '';
  const words = own === '' || language.value !== 'en' ? said : said.replaceAll(`“${own}”`, sectionName(finding.section ?? ''));
  const title = pickOf(finding)?.title;
  return title ? t('checks.of', { title: title.length > 24 ? `${title.slice(0, 24)}…` : title, words }) : words;
}

function cured(text: string, { start, length, fix }: Finding): string {
  return length === 0 ? fix ?? '' : text.slice(0, start) + (fix ?? '') + text.slice(start + length);
}

/** The write that cures it, over a field whose stored text the finding was made of; null: not by a button. */
function cureOf(finding: Finding): (() => void) | null {
  const pick = pickOf(finding), now = shown.value, { field } = finding;
  if (finding.fix === null || now === null || edits.value.size > 0 || pick?.suggested) return null;
  if (pick === undefined) {
    if (finding.section !== null) return null;
    if (field === 'date') return () => editDraft({ day: cured(now.date, finding) });
    const text = (now as unknown as Record<string, unknown>)[field];
    return typeof text === 'string' || finding.length === 0 ? () => editDraft({ [field]: cured(String(text ?? ''), finding) } as DraftFields) : null;
  }
  const line = /^lines\[(\d+)\]\.text$/.exec(field);
  if (line) {
    const at = Number(line[1]);
    return () => editPick(pick, { lines: (pick.lines ?? []).map((one, index) => (index === at ? { ...one, text: cured(one.text ?? '', finding) } : one)) });
  }
  const text = (pick as unknown as Record<string, unknown>)[field];
  if (typeof text !== 'string' && !(finding.length === 0 && text == null)) return null;
  return () => editPick(pick, { [field]: cured(text ?? '', finding) } as PickFields);
}

function Cure({ finding }: { finding: Finding }): JSX.Element | null {
  const cure = cureOf(finding);
  if (cure === null) return null;
  return <button class="btn line" type="button" title={t('checks.becomes', { text: finding.fix || t('conflict.empty') })} onClick={() => {
    cure();
    flush();
    say({ text: t('checks.cured'), tone: 'plain', act: { label: t('undo'), run: undoDraft } });
  }}>{t('checks.cure')}</button>;
}

function Check({ finding }: { finding: Finding }): JSX.Element {
  const tone = finding.severity === 'error' ? 'bad' : finding.severity === 'warning' ? 'warn' : 'quiet';
  return (
    <li><span class={tone}><Icon name="warn" /></span><button class="what" type="button" onClick={() => goTo(finding)}>{wordsOf(finding)}</button>
      <span class="acts"><Cure finding={finding} />
        <button class="link" type="button" onClick={() => goTo(finding)}>{t('checks.go')}</button></span></li>
  );
}

const weight = { error: 0, warning: 1, hint: 2 };

/** Faults before doubts, each in the order of the issue. */
export function openChecks(): Finding[] {
  return [...findings.value?.findings ?? []].sort((a, b) => weight[a.severity] - weight[b.severity]);
}

let last = -1;

/** The next open check, and after the last one the first. */
export function goToNextCheck(): void {
  const list = openChecks();
  if (list.length === 0) return;
  last = (last + 1) % list.length;
  const finding = list[last];
  if (finding) goTo(finding);
}

export function Checks(): JSX.Element | null {
  const known = findings.value;
  if (known === null) return null;
  const passed = Math.max(0, known.checks - new Set(known.findings.map((finding) => finding.code)).size);
  return (
    <div class="checking">
      <header class="bar"><h2 id="checks">{t('checks')}</h2><span class="quiet">{known.findings.length > 0
        ? t('checks.count', { n: known.findings.length, passed }) : t('checks.none', { passed })}</span></header>
      <ul class="checks" aria-labelledby="checks">{openChecks().map((finding, index) => <Check key={index} finding={finding} />)}</ul>
    </div>
  );
}
