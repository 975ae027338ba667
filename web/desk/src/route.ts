// Where she is: the page is the last part of the path, filters are the query, so that back, reload and
// bookmarks work.
import { computed, signal } from '@preact/signals';

export const pages = ['inbox', 'draft', 'later', 'archive', 'sources', 'rules', 'log', 'search', 'settings'] as const;
export type Page = (typeof pages)[number];

// A proxy may have put a prefix before all addresses: what stands before the last /desk/. Opened at / (the
// service's own address, which a first visitor types) it is the inbox, under its own name from then on, so that
// each page has one address.
const folder = location.pathname.lastIndexOf('/desk/');
const prefix = location.pathname.slice(0, folder < 0 ? location.pathname.lastIndexOf('/') : folder);
const base = `${prefix}/desk/`;
if (folder < 0) {
  for (const link of document.querySelectorAll('link')) link.setAttribute('href', link.href); // it was said from here
  history.replaceState(null, '', `${base}inbox${location.search}`);
}

/** An address of the service, such as /api/v1/draft, as it is reached from here. */
export function addressOf(path: string): string {
  return prefix + path;
}

const address = signal(location.pathname + location.search);

export const page = computed<Page>(() => {
  const name = new URL(address.value, location.href).pathname.slice(base.length);
  return pages.find((known) => known === name) ?? 'inbox';
});
export const query = computed(() => new URL(address.value, location.href).searchParams);

export function hrefOf(to: Page, filters: Record<string, string | null> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value) search.set(name, value);
  return base + to + (search.size > 0 ? `?${search}` : '');
}

export function go(href: string): void {
  if (href === address.value) return;
  history.pushState(null, '', href);
  address.value = href;
}

/** The same page with some filters changed. */
export function hrefWith(changes: Record<string, string | null>): string {
  return hrefOf(page.value, { ...Object.fromEntries(query.value), ...changes });
}

addEventListener('popstate', () => {
  address.value = location.pathname + location.search;
});

// A plain click on a link of the desk stays in the page; with a modifier it is the browser's.
addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || link.origin !== location.origin || link.target || event.defaultPrevented ||
      event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey ||
      !link.pathname.startsWith(base)) return;
  event.preventDefault();
  go(link.pathname + link.search);
});
