// What a change would move, and where the machine and she differ: one list, which a cell of the matrix filters.
import type { JSX } from 'preact';
import { sectionIds, sectionName } from '../draft/sections.ts';
import { type Key, t } from '../i18n.ts';
import { go, hrefWith, query } from '../route.ts';

export interface Confusion {
  items: number;
  agreed: number;
  cells: { editor: string; machine: string; count: number; agreed: boolean }[];
  differing: { id: string; title: string | null; editor: string; machine: string; issue: string | null }[];
}

interface Move { id: string; title: string | null; from: string; to: string; editor: string | null; margin: number }
export interface Trial { items: number; complete: boolean; moved: number; shifted: number; opened: number; closed: number; moves: Move[] }

interface Cell { editor: string; machine: string }

function chosenCell(): Cell | null {
  const [editor, machine] = (query.value.get('cell') ?? '').split(' ');
  return editor && machine ? { editor, machine } : null;
}

const isBetter = (move: Move): boolean => move.editor !== null && move.to === move.editor;
const isWorse = (move: Move): boolean => move.editor !== null && move.from === move.editor;

/** How a trial changes a cell. */
function change(trial: Trial | null, cell: Cell): number {
  const placed = trial?.moves.filter((move) => move.editor === cell.editor) ?? [];
  return placed.filter((move) => move.to === cell.machine).length - placed.filter((move) => move.from === cell.machine).length;
}

function MatrixCell({ cell, count, delta, agreed }: { cell: Cell; count: number; delta: number; agreed: boolean }): JSX.Element {
  if (count === 0 && delta === 0) return <td class="quiet">·</td>;
  const now = chosenCell(), isChosen = now?.editor === cell.editor && now.machine === cell.machine;
  return (
    <td class={agreed ? 'hit' : count >= 3 ? 'miss' : ''}>
      <button type="button" aria-pressed={isChosen} onClick={() => go(hrefWith({ cell: isChosen ? null : `${cell.editor} ${cell.machine}` }))}>
        <span class="sr">{t('rules.cell', { editor: sectionName(cell.editor), machine: sectionName(cell.machine) })}</span>{count}{delta !== 0 && <small class={(delta > 0) === agreed ? 'good' : 'bad'}>{delta > 0 ? `+${delta}` : `−${-delta}`}</small>}</button></td>
  );
}

function Matrix({ confusion, trial }: { confusion: Confusion; trial: Trial | null }): JSX.Element {
  const named = [...new Set([...sectionIds.value, ...confusion.cells.flatMap((cell) => [cell.editor, cell.machine])])];
  const columns = named.filter((id) => confusion.cells.some((cell) => cell.machine === id) || trial?.moves.some((move) => move.to === id));
  const rows = named.filter((id) => confusion.cells.some((cell) => cell.editor === id));
  return (
    <section class="block pad" aria-labelledby="matrix"><h3 id="matrix">{t('rules.matrix')}<span>{t('rules.agreed', { items: confusion.items, share: Math.round((100 * confusion.agreed) / Math.max(1, confusion.items)) })}</span></h3>
      <table class="matrix"><caption class="sr">{t('rules.matrixCaption')}</caption>
        <thead><tr><th scope="col">{t('rules.youPut')}</th>{columns.map((id) => <th scope="col" key={id}>{sectionName(id)}</th>)}</tr></thead>
        <tbody>{rows.map((editor) => (
          <tr key={editor}><th scope="row">{sectionName(editor)}</th>{columns.map((machine) => {
            const cell = confusion.cells.find((one) => one.editor === editor && one.machine === machine);
            return <MatrixCell key={machine} cell={{ editor, machine }} count={cell?.count ?? 0} delta={change(trial, { editor, machine })} agreed={cell?.agreed ?? editor === machine} />;
          })}</tr>))}</tbody></table></section>
  );
}

function moveNote(move: Move): string {
  if (isBetter(move)) return t('rules.better', { section: sectionName(move.to) });
  if (isWorse(move)) return t('rules.worse', { section: sectionName(move.from) });
  return move.editor === null ? '' : t('rules.youPutIt', { section: sectionName(move.editor) });
}

/** Only what there is: a row of noughts says nothing. */
function SumUp({ trial }: { trial: Trial }): JSX.Element | null {
  const counts: [Key, number][] = [['rules.sumBetter', trial.moves.filter(isBetter).length], ['rules.sumWorse', trial.moves.filter(isWorse).length],
    ['rules.sumOpened', trial.opened], ['rules.sumClosed', trial.closed]];
  const said = counts.filter(([, n]) => n > 0);
  return said.length === 0 ? null : <p class="sumup">{said.map(([key, n]) => t(key, { n })).join(t('list.comma'))}</p>;
}

function Moves({ trial }: { trial: Trial }): JSX.Element {
  const cell = chosenCell();
  const rank = (move: Move): number => (isWorse(move) ? 0 : isBetter(move) ? 1 : 2);
  const shown = trial.moves.filter((move) => cell === null || (move.editor === cell.editor && (move.to === cell.machine || move.from === cell.machine)))
    .sort((a, b) => rank(a) - rank(b));
  return (
    <>
      <SumUp trial={trial} />
      {shown.length === 0 ? <p class="note">{t(cell ? 'rules.noneInCell' : 'rules.nothingMoves')}</p>
        : <ul class="moves">{shown.map((move) => (
          <li key={move.id}><span class="clip">{move.title ?? t('row.untitled')}</span><span class="to">{sectionName(move.from)} → <b>{sectionName(move.to)}</b></span>
            {move.editor !== null && <span class={isWorse(move) ? 'quiet warn' : 'quiet'}>{moveNote(move)}</span>}</li>))}</ul>}
      {trial.moved > trial.moves.length && <p class="note">{t('rules.further', { n: trial.moves.length, total: trial.moved })}</p>}
    </>
  );
}

function Differing({ confusion }: { confusion: Confusion }): JSX.Element {
  const cell = chosenCell();
  const shown = confusion.differing.filter((item) => cell === null || (item.editor === cell.editor && item.machine === cell.machine));
  if (confusion.items === 0) return <p class="note">{t('rules.nothingYet')}</p>;
  if (shown.length === 0) return <p class="note">{t(cell ? 'rules.noneInCell' : 'rules.allAgree')}</p>;
  return <ul class="moves">{shown.map((item) => (
    <li key={item.id}><span class="clip">{item.title ?? t('row.untitled')}</span><span class="to">{sectionName(item.machine)} → <b>{sectionName(item.editor)}</b></span>
      <span class="quiet">{item.issue === null ? t('rules.inDraft') : t('rules.inIssue', { date: item.issue })}</span></li>))}</ul>;
}

export function Side({ confusion, trial, isTrying }: { confusion: Confusion | null; trial: Trial | null; isTrying: boolean }): JSX.Element {
  const cell = chosenCell();
  return (
    <section class="pane" aria-label={t(trial ? 'rules.trial' : 'rules.matrix')}>
      <header class="bar rule"><h2>{trial ? t('rules.tried', { n: trial.items.toLocaleString() }) : t('rules.differ')}</h2>
        <span class="quiet push" role="status">{isTrying ? t('rules.trying') : trial ? t('rules.moving', { n: trial.moved }) : ''}</span>
        {cell && <a class="btn" href={hrefWith({ cell: null })}>{t('empty.filter.clear')}</a>}</header>
      <div class="scroll" tabIndex={0} role="region" aria-label={t('rules.trial')}>
        {confusion && confusion.items > 0 && <Matrix confusion={confusion} trial={trial} />}
        {trial ? <Moves trial={trial} /> : confusion && <Differing confusion={confusion} />}
      </div>
    </section>
  );
}
