// Who she is to the service: her account, where she is logged in, and the tokens of her programs. Without
// accounts there is nothing of it, but her name.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Refused, ask } from '../api.ts';
import { isOnline } from '../connection.ts';
import { dateTime, t, when } from '../i18n.ts';
import { useRemote, write } from '../parts/remote.ts';
import { say } from '../toast.ts';

export interface Me { name: string; role: 'reader' | 'editor' | 'admin'; accounts: boolean; by: string; session: string | null }
interface Session { id: string; created: string; seen: string; address: string | null; agent: string | null; current: boolean }
interface Token { id: string; label: string; scope: Scope; created: string; used: string | null; expires: string | null }
type Scope = 'read' | 'edit' | 'admin';

const scopesOf: Record<Me['role'], Scope[]> = { reader: ['read'], editor: ['read', 'edit'], admin: ['read', 'edit', 'admin'] };

/** "Firefox · Linux" of what a browser calls itself. */
function browserOf(agent: string | null): string {
  if (agent === null) return t('access.unknown');
  const name = /(Firefox|Edg|OPR|Chrome|Safari|curl)/.exec(agent)?.[1] ?? agent.slice(0, 40);
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1];
  return [name === 'Edg' ? 'Edge' : name === 'OPR' ? 'Opera' : name, system].filter(Boolean).join(' · ');
}

async function leave(): Promise<void> {
  if (await write({ method: 'DELETE', path: '/api/v1/sessions/current' }) !== null) location.assign('/login');
}

export function Account({ me }: { me: Me }): JSX.Element {
  return <><b>{me.name}</b><span class="quiet">{t(`access.${me.role}`)}</span>
    {me.session !== null && <button class="btn line" type="button" disabled={!isOnline.value} onClick={() => void leave()}>{t('access.leave')}</button>}</>;
}

export function Sessions(): JSX.Element | null {
  const remote = useRemote<{ sessions: Session[] }>('/api/v1/sessions');
  const list = remote.data?.sessions;
  if (!list) return <p class="quiet">{t(remote.status === 'failed' ? 'disconnected' : 'loading')}</p>;
  const end = (path: string): void => { void write({ method: 'DELETE', path }).then((done) => { if (done !== null) remote.reload(); }); };
  return (
    <ul class="entries">{list.map((session) => (
      <li key={session.id}><span>{browserOf(session.agent)}{session.current && <small class="quiet">{t('access.here')}</small>}
        <small class="quiet">{[session.address, t('access.seen', { at: when(session.seen, Date.now()) })].filter(Boolean).join(' · ')}</small></span>
        {!session.current && <button class="btn line" type="button" disabled={!isOnline.value} onClick={() => end(`/api/v1/sessions/${session.id}`)}>{t('access.end')}</button>}</li>))}
      {list.length > 1 && <li><button class="btn" type="button" disabled={!isOnline.value} onClick={() => end('/api/v1/sessions')}>{t('access.endOthers')}</button></li>}
    </ul>
  );
}

function NewToken({ role, onMade }: { role: Me['role']; onMade: (secret: string) => void }): JSX.Element {
  const [fault, setFault] = useState<string | null>(null);
  const make = (form: HTMLFormElement): void => {
    const data = new FormData(form), days = Number(data.get('days'));
    ask<{ secret: string }>({ method: 'POST', path: '/api/v1/tokens', body: { label: String(data.get('label')), scope: String(data.get('scope')), days: days > 0 ? days : null } })
      .then((made) => { form.reset(); setFault(null); onMade(made.secret); }, (error: unknown) => setFault(error instanceof Refused ? error.message : t('disconnected')));
  };
  return (
    <form class="newtoken" onSubmit={(event) => { event.preventDefault(); make(event.currentTarget); }}>
      <label class="field"><span>{t('access.label')}</span><input class="input" name="label" required maxLength={100} /></label>
      <label class="field"><span>{t('access.scope')}</span><select class="input" name="scope">{scopesOf[role].map((scope) => <option key={scope} value={scope}>{t(`access.${scope}`)}</option>)}</select></label>
      <label class="field"><span>{t('access.days')}</span><input class="input" name="days" type="number" min="1" max="3660" placeholder={t('access.never')} /></label>
      <button class="btn line" type="submit" disabled={!isOnline.value}>{t('access.make')}</button>
      {fault && <p class="bad" role="alert">{fault}</p>}
    </form>
  );
}

export function Tokens({ role }: { role: Me['role'] }): JSX.Element {
  const remote = useRemote<{ tokens: Token[] }>('/api/v1/tokens');
  const [secret, setSecret] = useState<string | null>(null);
  const revoke = (token: Token): void => {
    void write({ method: 'DELETE', path: `/api/v1/tokens/${token.id}` }).then((done) => {
      if (done === null) return;
      say({ text: t('access.revoked', { name: token.label }), tone: 'plain' });
      remote.reload();
    });
  };
  return (
    <>
      <ul class="entries">{remote.data?.tokens.map((token) => (
        <li key={token.id}><span>{token.label}<small class="quiet">{t(`access.${token.scope}`)}</small>
          <small class="quiet">{token.used === null ? t('access.unused') : t('access.used', { at: when(token.used, Date.now()) })}
            {token.expires !== null && ` · ${t('access.expires', { at: dateTime(token.expires) })}`}</small></span>
          <button class="btn line" type="button" disabled={!isOnline.value} aria-label={`${t('access.revoke')} ${token.label}`} onClick={() => revoke(token)}>{t('access.revoke')}</button></li>))}</ul>
      {secret !== null && <p class="secret" role="status"><span class="quiet">{t('access.once')}</span><output class="mono">{secret}</output></p>}
      <NewToken role={role} onMade={(made) => { setSecret(made); remote.reload(); }} />
    </>
  );
}

export function Password(): JSX.Element {
  const [fault, setFault] = useState<string | null>(null);
  const change = (form: HTMLFormElement): void => {
    const data = new FormData(form);
    ask({ method: 'PUT', path: '/api/v1/me/password', body: { old: String(data.get('old')), new: String(data.get('new')) } }).then(() => {
      form.reset();
      setFault(null);
      say({ text: t('access.changed'), tone: 'plain' });
    }, (error: unknown) => setFault(error instanceof Refused ? error.message : t('disconnected')));
  };
  return (
    <form class="newtoken" onSubmit={(event) => { event.preventDefault(); change(event.currentTarget); }}>
      <label class="field"><span>{t('access.old')}</span><input class="input" name="old" type="password" autocomplete="current-password" required /></label>
      <label class="field"><span>{t('access.new')}</span><input class="input" name="new" type="password" autocomplete="new-password" minLength={10} required /></label>
      <button class="btn line" type="submit" disabled={!isOnline.value}>{t('access.change')}</button>
      {fault && <p class="bad" role="alert">{fault}</p>}
    </form>
  );
}
