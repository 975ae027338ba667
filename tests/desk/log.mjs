// The log in words, undo in it, and the settings that stay in this browser.
import assert from 'node:assert/strict';
import { address, ask, decide, expectFailures, open, run, send, stateOf, until } from './harness.mjs';

const act = (id, state, editor) => decide([id], { state }, editor ? { 'Briefd-Editor': editor } : {});

await run({
  async 'an empty log says what will stand there'() {
    const page = await open('/desk/log');
    await page.waitForSelector('.empty[role=status]');
    await page.context().close();
  },
  async 'what was done stands there in words, by whom, with its title'() {
    const { stories } = await ask('/api/v1/stories?limit=3');
    await act(stories[0].id, 'picked');
    await act(stories[1].id, 'rejected', 'wang');
    const page = await open('/desk/log');
    const lines = page.locator('.events li');
    await lines.first().waitFor();
    assert.match(await lines.nth(0).innerText(), /wang 把 1 条标为不用/);
    assert.match(await lines.nth(1).innerText(), /未署名 选入「.+」1 条/);
    assert.ok((await lines.nth(1).innerText()).includes(stories[0].title));
    await page.locator('.tabs a:has-text("wang")').click();
    await page.waitForURL(/editor=wang/);
    await page.waitForFunction(() => document.querySelectorAll('.events li').length === 1);
    await page.context().close();
  },
  async 'one’s own last step is undone in the log, and done again; another’s is not offered'() {
    const page = await open('/desk/log');
    await page.waitForSelector('.events li .btn');
    assert.equal(await page.locator('.events li .btn').count(), 1);
    const { events } = await ask('/api/v1/log');
    const mine = events.find((event) => event.editor === 'editor'), id = mine.changes.find((change) => change.kind === 'story').id;
    await page.locator(`[data-event="${mine.id}"] .btn`).click();
    await until('it is taken back', async () => await stateOf(id) === 'inbox');
    await page.waitForSelector(`[data-event="${mine.id}"].undone`);
    await page.keyboard.press('Shift+Z');
    await until('it is done again', async () => await stateOf(id) === 'picked');
    await page.context().close();
  },
  async 'a new entry comes by itself'() {
    const page = await open('/desk/log');
    await page.waitForSelector('.events li');
    const before = await page.locator('.events li').count();
    const { stories } = await ask('/api/v1/stories?limit=1');
    await act(stories[0].id, 'later', 'li');
    await page.waitForFunction((n) => document.querySelectorAll('.events li').length > n, before);
    await page.context().close();
  },
  async 'a name set here stands in the log, Chinese too'() {
    const page = await open('/desk/settings');
    await page.locator('input[name=editor]').fill('小林');
    await page.keyboard.press('Tab');
    await page.goto(`${address}/desk/inbox`);
    await page.waitForSelector('.row.cursor');
    await page.keyboard.press('l');
    await until('the log has the name', async () => (await ask('/api/v1/log')).events[0].editor === '小林');
    await page.context().close();
  },
  async 'language, look and single keys are chosen and stay'() {
    const page = await open('/desk/settings');
    await page.locator('.seg button:has-text("English")').click();
    await page.waitForSelector('h1:has-text("Settings")');
    await page.locator('.seg button:has-text("Dark")').click();
    await page.locator('.seg button:has-text("Off")').click();
    await page.reload();
    await page.waitForSelector('h1:has-text("Settings")');
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    await page.goto(`${address}/desk/inbox`);
    await page.waitForSelector('.row.cursor');
    const cursor = await page.locator('.row.cursor').getAttribute('id');
    await page.keyboard.press('j');
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    assert.equal(await page.locator('.row.cursor').getAttribute('id'), cursor);
    await page.context().close();
  },
  async 'the bookmark carries the address of the page it is used on'() {
    const page = await open('/desk/settings');
    const script = await page.locator('a.btn[draggable][href]').getAttribute('href');
    assert.match(script, /^javascript:/);
    let opened = null; // run here: the page's policy forbids it there, and a bookmark is run by another page
    new Function('open', 'location', script.slice('javascript:'.length))((url) => { opened = url; }, { href: 'https://a.example/?x=1&y=#z' });
    assert.equal(opened, `${address}/desk/inbox?add=${encodeURIComponent('https://a.example/?x=1&y=#z')}`);
    await page.context().close();
  },
  async 'with an account: a token is made, shown once and revoked, and she logs out'() {
    const [name, password] = ['ada', 'a long enough password'];
    await send('POST', '/api/v1/users', { name, role: 'admin', password });
    const page = await open('/login?next=/desk/settings');
    await page.locator('input[name=name]').fill(name);
    await page.locator('input[name=password]').fill(password);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.entries li:has-text("这台设备")');
    const tokens = () => page.evaluate(() => fetch('/api/v1/tokens').then((answer) => answer.json()).then((list) => list.tokens));
    await page.locator('input[name=label]').fill('脚本');
    await page.locator('.newtoken select').selectOption('edit');
    await page.locator('.newtoken:has(input[name=label]) .btn').click();
    await page.waitForSelector('.secret output');
    assert.match(await page.locator('.secret output').innerText(), /^briefd_/);
    assert.deepEqual((await tokens()).map((token) => [token.label, token.scope]), [['脚本', 'edit']]);
    await page.locator('.entries li:has-text("脚本") .btn').click();
    await until('it is revoked', async () => (await tokens()).length === 0);
    await page.reload();
    await page.waitForSelector('.pref');
    assert.equal(await page.locator('.secret').count(), 0);
    expectFailures(true); // what listens is told that it may no more
    await page.locator('.pref .btn:has-text("退出")').click();
    await page.waitForURL(/\/login/);
    await page.context().close();
  },
});
