// A text area that keeps what is typed into it, and takes what comes from elsewhere (an offer, a fix, another
// editor). In the layout phase: a later effect would see the text of one key press ago and undo the next.
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';

/** `tidy`: what becomes of a typed text ("a，" is the tag "a"), so that nothing is tidied under the cursor. */
export function useTyped(text: string, tidy: (typed: string) => string = (typed) => typed): RefObject<HTMLTextAreaElement> {
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (area.current && tidy(area.current.value) !== text) area.current.value = text;
  }, [text]);
  return area;
}
