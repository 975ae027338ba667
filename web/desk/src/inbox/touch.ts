// A finger on a row: to the right picks, to the left rejects, resting ticks.
//
// The row follows the finger from a few pixels on and says what will happen; a third of its width decides.
// Scrolling stays the browser's (touch-action: pan-y): it cancels the pointer, and the row goes back.
import { decide } from './deciding.ts';
import { cursorId, remaining, toggleTick } from './stories.ts';

const slackPx = 12, restMs = 500, decidingPart = 0.33;

interface Hold { row: HTMLElement; id: string; x: number; y: number; swipes: boolean; timer: ReturnType<typeof setTimeout> }

let hold: Hold | null = null;
let swallowsClick = false;

function settle(): void {
  if (!hold) return;
  clearTimeout(hold.timer);
  hold.row.style.transform = '';
  delete hold.row.dataset['swipe'];
  hold = null;
}

function rest(): void {
  if (!hold || hold.swipes) return;
  toggleTick(hold.id);
  swallowsClick = true;
  settle();
}

function onDown(event: PointerEvent): void {
  settle();
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.row') : null;
  if (event.pointerType !== 'touch' || !event.isPrimary || !row) return;
  swallowsClick = false;
  hold = { row, id: row.id.slice('story-'.length), x: event.clientX, y: event.clientY, swipes: false,
    timer: setTimeout(rest, restMs) };
}

function onMove(event: PointerEvent): void {
  if (!hold) return;
  const x = event.clientX - hold.x, y = event.clientY - hold.y;
  if (!hold.swipes && Math.hypot(x, y) < slackPx) return;
  clearTimeout(hold.timer);
  if (!hold.swipes && Math.abs(y) > Math.abs(x)) {
    settle();
    return;
  }
  hold.swipes = true;
  hold.row.style.transform = `translateX(${x}px)`;
  const decides = Math.abs(x) > hold.row.clientWidth * decidingPart;
  hold.row.dataset['swipe'] = decides ? (x > 0 ? 'picks' : 'rejects') : 'moves';
}

function onUp(): void {
  if (!hold) return;
  const { id, swipes, row } = hold;
  const what = row.dataset['swipe'];
  settle();
  if (!swipes) return;
  swallowsClick = true;
  const story = remaining.value.find((one) => one.id === id);
  if (!story || (what !== 'picks' && what !== 'rejects')) return;
  cursorId.value = id;
  decide(what === 'picks' ? 'picked' : 'rejected', undefined, [story]);
}

/** For the list; a click that ends a gesture is none. */
export const touch = {
  onPointerDown: onDown, onPointerMove: onMove, onPointerUp: onUp, onPointerCancel: settle,
  onClickCapture: (event: Event): void => {
    if (swallowsClick) event.stopPropagation();
    swallowsClick = false;
  },
  onContextMenu: (event: Event): void => { if (hold || swallowsClick) event.preventDefault(); },
};
