// Dragging by the grip. The library (pragmatic-drag-and-drop) speaks to the browser's own drag and drop and
// moves nothing by itself; here it is told what can be taken, and where over a line or a section it would land.
import { useEffect, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';
import { signal } from '@preact/signals';
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements, monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import type { Pick } from '../api.ts';
import { findPick, isHeld, placeOf, shown } from './draft.ts';
import { flush } from './edits.ts';
import { movePick } from './moves.ts';

interface Gap { section: string; index: number } // among the section's picks, the dragged one still counted

export const gap = signal<Gap | null>(null); // where it would land

function isBelowMiddle(element: Element, y: number): boolean {
  const box = element.getBoundingClientRect();
  return y > box.top + box.height / 2;
}

export function useDraggable(pick: Pick): { row: RefObject<HTMLLIElement>; grip: RefObject<HTMLSpanElement> } {
  const row = useRef<HTMLLIElement>(null), grip = useRef<HTMLSpanElement>(null);
  const { id, suggested } = pick;
  useEffect(() => {
    const element = row.current, dragHandle = grip.current;
    if (element === null || dragHandle === null || id === null || suggested) return undefined;
    return combine(
      draggable({ element, dragHandle, getInitialData: () => ({ pick: id }) }),
      dropTargetForElements({ element, getData: ({ input }) => {
        const at = placeOf(id);
        return at === null ? {} : { section: at.section, index: at.index + (isBelowMiddle(element, input.clientY) ? 1 : 0) };
      } }),
    );
  }, [id, suggested]);
  return { row, grip };
}

/** A section takes what lands beside its lines: at its head before them, else behind them. */
export function useSectionTarget(section: string): RefObject<HTMLElement> {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    return dropTargetForElements({ element, getData: ({ input }) => {
      const picks = shown.value?.sections.find((one) => one.id === section)?.picks.filter((pick) => !pick.suggested) ?? [];
      const list = element.querySelector('ol');
      return { section, index: list && input.clientY < list.getBoundingClientRect().top ? 0 : picks.length };
    } });
  }, [section]);
  return ref;
}

function gapOf(data: Record<string | symbol, unknown> | undefined): Gap | null {
  return typeof data?.['section'] === 'string' && typeof data['index'] === 'number'
    ? { section: data['section'], index: data['index'] } : null;
}

function land(id: string, to: Gap): void {
  const pick = findPick(id), from = placeOf(id);
  if (!pick || from === null) return;
  const isBehind = from.section === to.section && from.index < to.index;
  movePick(pick, to.section, to.index - (isBehind ? 1 : 0));
}

export function useDragging(): void {
  useEffect(() => monitorForElements({
    onDragStart: () => { flush(); isHeld.value = true; },
    onDrag: ({ location }) => { gap.value = gapOf(location.current.dropTargets[0]?.data); },
    onDrop: ({ source, location }) => {
      const to = gapOf(location.current.dropTargets[0]?.data);
      gap.value = null;
      if (to !== null && typeof source.data['pick'] === 'string') land(source.data['pick'], to);
      isHeld.value = false;
    },
  }), []);
}
