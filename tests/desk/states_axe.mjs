// axe-core in every state of states.mjs: dialogs, nothing there, loading, refused, offline, conflict. $ONLY is part
// of a name, for when one is worked at.
import { check } from './accessible.mjs';
import { ask, decide, run, send } from './harness.mjs';
import { states } from './states.mjs';

const { stories } = await ask('/api/v1/stories?limit=8');
for (const { id } of stories.slice(0, 3)) await decide([id], { state: 'picked' });
const { date } = await ask('/api/v1/draft');
await send('POST', '/api/v1/publish', { date });
for (const { id } of stories.slice(4, 6)) await decide([id], { state: 'picked' });

// A state with a window of its own is another look at a page that axe.mjs has examined.
await run(Object.fromEntries(Object.entries(states).filter(([name, state]) => !state.viewport && name.includes(process.env.ONLY ?? ''))
  .map(([name, { path, ready, prepare }]) => [name, () => check(path, ready, prepare)])));
