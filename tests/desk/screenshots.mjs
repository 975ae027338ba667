// Every page of the desk as a picture: zh and en, light and dark, 1440 px and a phone of 390. `make screenshots`.
//
// $SCREENSHOTS is the folder they go to, $ONLY part of a name, for when one page is worked at.
import fs from 'node:fs';
import path from 'node:path';
import { ask, browser, open, run, until } from './harness.mjs';

const folder = process.env.SCREENSHOTS ?? 'build/screenshots';
const only = process.env.ONLY ?? '';
fs.mkdirSync(folder, { recursive: true });

const looks = [
  { name: 'zh-light', locale: 'zh-CN', colorScheme: 'light' }, { name: 'zh-dark', locale: 'zh-CN', colorScheme: 'dark' },
  { name: 'en-light', locale: 'en-US', colorScheme: 'light' }, { name: 'en-dark', locale: 'en-US', colorScheme: 'dark' },
  { name: 'zh-phone', locale: 'zh-CN', colorScheme: 'light', viewport: { width: 390, height: 844 } },
  { name: 'zh-phone-dark', locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
];

const feeds = async () => (await ask('/api/v1/feeds')).feeds;
const issues = async () => (await ask('/api/v1/issues')).issues;
const pages = {
  inbox: { path: '/desk/inbox', ready: '.row' },
  grouped: { path: '/desk/inbox?group=section', ready: '.row' },
  draft: { path: '/desk/draft', ready: '.pick' },
  later: { path: '/desk/later', ready: '.row, .empty' },
  sources: { path: '/desk/sources', ready: '.table tbody tr' },
  feed: { path: async () => `/desk/sources?feed=${(await feeds())[0].id}`, ready: '.leaf .form' },
  rules: { path: '/desk/rules', ready: '.lines li' },
  vendors: { path: '/desk/rules?tab=vendors', ready: '.lines li' },
  archive: { path: '/desk/archive', ready: '.issue, .empty' },
  issue: { path: async () => `/desk/archive?issue=${(await issues())[0]?.date ?? ''}`, ready: '.article, .empty' },
  search: { path: '/desk/search?q=GPU', ready: '.hit, .empty' },
  settings: { path: '/desk/settings', ready: '.prefs-page' },
  log: { path: '/desk/log', ready: '.events li, .empty' },
};

/** Something decided, so that the draft, the log and the pages behind them have something to show. */
async function decide() {
  const { stories } = await ask('/api/v1/stories?limit=12');
  const page = await open('/desk/inbox');
  await page.evaluate(async (ids) => {
    const send = (body) => fetch('/api/v1/decisions', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    for (const id of ids.slice(0, 6)) await send({ stories: [{ id }], state: 'picked' });
    await send({ stories: ids.slice(6, 8).map((id) => ({ id })), state: 'later' });
    await send({ stories: [{ id: ids[8] }], state: 'rejected' });
    await fetch('/api/v1/undo', { method: 'POST' });
    const draft = await (await fetch('/api/v1/draft')).json();
    await fetch('/api/v1/publish', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ date: draft.date }) });
    const rest = (await (await fetch('/api/v1/stories?limit=8')).json()).stories;
    for (const { id } of rest.slice(0, 4)) await send({ stories: [{ id }], state: 'picked' });
  }, stories.map((story) => story.id));
  await page.context().close();
}

await run({
  async 'every page has its picture'() {
    await decide();
    await until('the items can be searched', async () => (await ask('/api/v1/search?q=GPU')).items?.length > 0);
    for (const [name, { path: address, ready }] of Object.entries(pages)) {
      if (!name.includes(only)) continue;
      const at = typeof address === 'string' ? address : await address();
      for (const { name: look, ...options } of looks) {
        const page = await open(at, options);
        await page.waitForSelector(ready);
        await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'));
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
        await page.screenshot({ path: path.join(folder, `${name}-${look}.png`) });
        await page.context().close();
      }
    }
    console.log(`# ${fs.readdirSync(folder).length} pictures in ${folder}`);
    if (browser.contexts().length > 0) throw new Error('a page was left open');
  },
});
