// Who is logged in at this desk.
//
// Without accounts nobody is, and nothing of this shows. A session may end while the desk is open (idle too
// long, logged out elsewhere): answers are 401 then, the desk says so and goes on; what is decided and
// written waits in the outbox, which belongs to one account, until that one is logged in again. Somebody
// else who logs in finds his own desk.
import { signal } from '@preact/signals';
import { type Me, Unreachable, account, get, isLoggedOut, rememberAccount, ask } from './api.ts';
import { addressOf } from './route.ts';

export const me = signal<Me | null>(null);
const retryMs = 2000;

/** Asks who is here. A desk of another account is loaded anew, and does nothing more until it is. */
export async function identify(): Promise<void> {
  const found = await get<Me>('/api/v1/me');
  const name = found.accounts ? found.name : '';
  if (name === account) {
    me.value = found;
    return;
  }
  rememberAccount(name);
  location.reload();
  await new Promise<never>(() => undefined);
}

/** The same until it is answered. */
export async function identifyAtLast(): Promise<void> {
  while (me.value === null) {
    try {
      await identify();
      return;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}

export function loginHref(): string {
  return addressOf(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

export async function logOut(): Promise<void> {
  try {
    await ask({ method: 'DELETE', path: '/api/v1/sessions/current' });
  } catch (error) {
    if (error instanceof Unreachable && !isLoggedOut.value) return; // the banner tells
  }
  location.assign(loginHref());
}
