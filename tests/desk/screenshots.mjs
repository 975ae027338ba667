// Every page of the desk as a picture: zh and en, light and dark, 1440 px and a phone of 390; its states
// (states.mjs) and the daemon's other pages in fewer looks. `make screenshots`.
//
// $SCREENSHOTS is the folder they go to, $ONLY part of a name ("a,b" for several), for when one page is worked at.
import fs from 'node:fs';
import path from 'node:path';
import { ask, browser, expectFailures, open, run, tell, until } from './harness.mjs';
import { states } from './states.mjs';

const folder = process.env.SCREENSHOTS ?? 'build/screenshots';
const only = (process.env.ONLY ?? '').split(',');
const isWanted = (name) => only.some((part) => name.includes(part));
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
  trial: { path: '/desk/rules?tab=papers', ready: '.lines li', prepare: async (page) => {
    await page.keyboard.press('n');
    await page.locator('.edit textarea').fill('芯片、GPU、端侧、/v[0-9]+/');
    await page.locator('.edit .btn.line').click();
    await page.locator('#try').click();
    await page.waitForSelector('.moves li', { state: 'attached' });
  } },
  refused: { path: '/desk/rules?tab=papers', ready: '.lines li', prepare: async (page) => {
    expectFailures(true); // the 422
    await page.keyboard.press('n');
    await page.locator('.edit textarea').fill('推理框架、/v[0-9](\\.[0-9]+/');
    await page.locator('.edit .btn.line').click();
    await page.locator('#try').click();
    await page.waitForSelector('.lines li.err');
    await page.locator('.lines li.err').scrollIntoViewIfNeeded();
  } },
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

const few = ['zh-light', 'en-dark', 'zh-phone'];

/** The picture of one page in one look, taken when nothing on it moves any more. */
async function shoot(name, look, { path: address, ready = 'body', prepare, viewport, fullPage = false }) {
  const { name: suffix, ...options } = look;
  const page = await open(address, viewport ? { ...options, viewport } : options);
  await page.waitForSelector(ready);
  await prepare?.(page);
  if (name !== 'loading') await page.waitForFunction(() => !document.querySelector('.scroll[aria-busy=true], main[aria-busy=true]'));
  for (const frame of page.frames()) await frame.waitForLoadState();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.screenshot({ path: path.join(folder, `${name}-${suffix}.png`), fullPage });
  await page.context().close();
}

/** Everything of a table in the looks named, a fixed viewport only where there is no phone. */
async function shootAll(table, names) {
  for (const [name, one] of Object.entries(table)) {
    if (!isWanted(name)) continue;
    const at = typeof one.path === 'string' ? one.path : await one.path();
    for (const look of looks.filter((each) => names.includes(each.name) && !(one.viewport && each.viewport))) {
      await shoot(name, look, { ...one, path: at });
    }
  }
}

/** What the daemon serves besides: pages without a script. */
const others = {
  'plain-front': { path: '/plain' },
  'plain-draft': { path: '/draft.html', fullPage: true },
  'plain-wechat': { path: '/draft.wechat.html' },
  'plain-issues': { path: '/issues/' },
  'plain-issue': { path: async () => `/issues/${(await issues())[0].date}`, fullPage: true },
  'plain-missing': { path: '/nowhere' },
  'plain-missing-issue': { path: '/issues/1999-01-01' },
};

async function shootLogin() {
  await tell('account ada admin');
  expectFailures(true); // 401
  const enter = async (page, password) => {
    await page.fill('input[name=name]', 'ada');
    await page.fill('input[name=password]', password);
    await page.click('button');
  };
  await shootAll({
    login: { path: '/login', ready: 'input[name=name]' },
    'login-refused': { path: '/login', ready: 'input[name=name]', prepare: async (page) => {
      await enter(page, 'not the password');
      await page.waitForSelector('[role=alert]');
    } },
    account: { path: '/login?next=/desk/settings', ready: 'input[name=name]', prepare: async (page) => {
      await enter(page, 'correct horse battery staple');
      await page.waitForSelector('.entries li');
      await page.locator('.entries').first().scrollIntoViewIfNeeded();
    } },
  }, few);
}

await run({
  async 'every page has its picture'() {
    await decide();
    await until('the items can be searched', async () => (await ask('/api/v1/search?q=GPU')).items?.length > 0);
    await shootAll(pages, looks.map((look) => look.name));
  },
  async 'every state has its picture'() {
    await shootAll(states, few);
  },
  async 'the daemon\'s other pages have theirs'() {
    expectFailures(true); // the 404
    await shootAll(others, ['zh-light', 'zh-dark', 'en-light', 'zh-phone']);
    await shootLogin();
    console.log(`# ${fs.readdirSync(folder).length} pictures in ${folder}`);
    if (browser.contexts().length > 0) throw new Error('a page was left open');
  },
});
