// A link that leaves the desk.
import type { JSX } from 'preact';
import { safeUrl } from './reasons.ts';

export function Outward({ url, children }: { url: string | null; children: JSX.Element | string }): JSX.Element {
  const href = safeUrl(url);
  return href === null ? <>{children}</> : <a class="out" href={href} target="_blank" rel="noreferrer noopener">{children}</a>;
}
