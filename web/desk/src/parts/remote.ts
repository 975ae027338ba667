// What a page reads from the service and shows: loaded once, read again when told of a change or when the
// service is back, the old kept on screen meanwhile; a newer request makes an older answer moot.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Refused, type Request, ask, get } from '../api.ts';
import { isOnline, onBack, onTold } from '../connection.ts';
import { t } from '../i18n.ts';
import { say } from '../toast.ts';

export type Status = 'loading' | 'ready' | 'failed';

export interface Remote<T> {
  data: T | null;
  status: Status;
  why: string | null; // of a refusal; null: no answer
  reload: () => void;
}

type Name = Parameters<typeof onTold>[0];

const settleMs = 300;
const restFactor = 20; // a long list that is told of all the time is read for a twentieth of it

/** `path` null: nothing is asked. `told`: events after which it is another one; they come in bursts. */
export function useRemote<T>(path: string | null, told: Name[] = []): Remote<T> {
  const [state, setState] = useState<Omit<Remote<T>, 'reload'>>({ data: null, status: 'loading', why: null });
  const [turn, setTurn] = useState(0);
  const shown = useRef<string | null>(null); // whose data is on screen
  const tookMs = useRef(0);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  useEffect(() => {
    if (path === null) return undefined;
    const request = new AbortController(), begun = performance.now();
    if (shown.current !== path) setState({ data: null, status: 'loading', why: null });
    get<T>(path, request.signal).then((data) => {
      shown.current = path;
      tookMs.current = performance.now() - begun;
      setState({ data, status: 'ready', why: null });
    }, (error: unknown) => {
      if (request.signal.aborted) return;
      setState((now) => (shown.current === path && !(error instanceof Refused) ? now
        : { data: null, status: 'failed', why: error instanceof Refused ? error.message : null }));
    });
    return () => request.abort();
  }, [path, turn]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = (): void => {
      if (timer !== undefined) return; // one that waits tells of all that come meanwhile
      timer = setTimeout(() => {
        timer = undefined;
        reload();
      }, Math.max(settleMs, tookMs.current * restFactor));
    };
    const ends = [onBack(reload), onTold('reset', soon), ...told.map((name) => onTold(name, soon))];
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [reload]);
  return { ...state, reload };
}

/** A write whose answer is waited for: a rule, a feed's setting. What stands in the way is said; null then. */
export async function write<T>(request: Request): Promise<T | null> {
  try {
    return await ask<T>(request);
  } catch (error) {
    const why = error instanceof Refused ? error.message : t('disconnected');
    if (!(error instanceof Refused)) isOnline.value = false;
    say({ text: t('refused.why', { why }), tone: 'bad' });
    return null;
  }
}
