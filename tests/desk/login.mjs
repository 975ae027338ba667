// Logging in without a script, an ended session, and two people at one computer.
import assert from 'node:assert/strict';
import { address, cursorOf, expectFailures, isSettled, open, run, tell, until } from './harness.mjs';

const password = 'correct horse battery staple';
const label = '登录已经失效';

async function logIn(page, name) {
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', password);
  await page.click('button');
  await page.waitForURL(/\/desk\//);
}

/** A page that has logged in, and its cookie for asking beside it. */
async function enter(name, options = {}) {
  const page = await open('/desk/inbox', options);
  await logIn(page, name);
  await page.locator('.row').first().waitFor();
  return page;
}

async function askAs(page, path, method = 'GET') {
  const [cookie] = await page.context().cookies();
  const answer = await fetch(address + path, { method, headers: { Cookie: `${cookie.name}=${cookie.value}` } });
  return answer.json();
}

const firstRow = (page) => page.locator('.row.cursor');

await run({
  async 'the login works without a script, in both languages, and leads back'() {
    await tell('account ada admin');
    await tell('account bob editor');
    expectFailures(true); // a wrong password is 401, which the console names
    for (const [locale, button, wrong] of [['zh-CN', '登录', '用户名或密码不对'], ['en-GB', 'Log in', 'Wrong name or password']]) {
      const page = await open('/desk/draft?x=1', { locale, javaScriptEnabled: false });
      assert.equal(await page.locator('button').innerText(), button);
      await page.fill('input[name=name]', 'ada');
      await page.fill('input[name=password]', 'not the password');
      await page.click('button');
      assert.match(await page.locator('[role=alert]').innerText(), new RegExp(wrong));
      assert.equal(await page.locator('input[name=name]').inputValue(), 'ada');
      await page.fill('input[name=password]', password);
      await page.click('button');
      await page.waitForURL(`${address}/desk/draft?x=1`);
      await page.context().close();
    }
  },

  async 'the page is legible in light and dark and on a phone'() {
    for (const colorScheme of ['light', 'dark']) {
      const page = await open('/login', { colorScheme, viewport: { width: 360, height: 640 } });
      const [ink, ground] = await page.evaluate(() => [getComputedStyle(document.body).color,
        getComputedStyle(document.documentElement).backgroundColor]);
      const light = (color) => Number(/\d+/.exec(color)[0]) > 127;
      assert.notEqual(light(ink), light(ground));
      assert.equal(light(ground), colorScheme === 'light');
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      await page.context().close();
    }
  },

  async 'the desk says who is logged in, and logging out leads to the login'() {
    const page = await enter('ada');
    await page.getByRole('button', { name: 'ada · 退出' }).click();
    await page.waitForURL(/\/login\?next=/);
    const answer = await page.request.get(`${address}/api/v1/me`);
    assert.equal(answer.status(), 401);
    await page.context().close();
  },

  async 'what is decided after the session has ended is sent when she is back'() {
    const page = await enter('ada');
    const id = (await firstRow(page).getAttribute('id')).slice('story-'.length);
    await isSettled(page);
    expectFailures(true);
    await askAs(page, '/api/v1/sessions/current', 'DELETE');
    await page.keyboard.press('l');
    await page.getByText(label).waitFor();
    await page.getByRole('link', { name: '去登录' }).click();
    await page.waitForURL(/\/login\?next=/);
    await logIn(page, 'ada');
    await page.locator('.nav').waitFor();
    await isSettled(page);
    await until('the decision has arrived', async () => (await askAs(page, `/api/v1/stories/${id}`)).state === 'later');
    const [event] = (await askAs(page, '/api/v1/log?limit=1')).events;
    assert.equal(event.editor, 'ada');
    await page.context().close();
  },

  async 'somebody else at the same computer sends nothing of hers'() {
    const page = await enter('ada');
    const id = (await firstRow(page).getAttribute('id')).slice('story-'.length);
    await isSettled(page);
    const before = (await askAs(page, '/api/v1/log?limit=1')).events[0].id;
    expectFailures(true);
    await askAs(page, '/api/v1/sessions/current', 'DELETE');
    await page.keyboard.press('x');
    await page.getByText(label).waitFor();
    await page.goto(`${address}/login`);
    await logIn(page, 'bob');
    await page.getByRole('button', { name: 'bob · 退出' }).waitFor();
    await page.locator('.row').first().waitFor();
    assert.equal((await askAs(page, '/api/v1/log?limit=1')).events[0].id, before);
    await page.getByRole('button', { name: 'bob · 退出' }).click();
    await page.waitForURL(/\/login/);
    await logIn(page, 'ada');
    await until('hers has arrived', async () => (await askAs(page, `/api/v1/stories/${id}`)).state === 'rejected');
    assert.equal((await askAs(page, '/api/v1/log?limit=1')).events[0].editor, 'ada');
    await page.context().close();
  },

  async 'a text of hers in conflict, and her unsaved rules, are neither shown to another nor saved in his name'() {
    const page = await enter('ada');
    const picked = await cursorOf(page);
    await page.keyboard.press('s');
    await isSettled(page);
    await page.goto(`${address}/desk/draft`);
    await page.locator('.pick:not(.suggested)').first().click();
    await page.locator('textarea[name=title]').waitFor();
    await isSettled(page);
    const pick = (await askAs(page, '/api/v1/draft')).sections.flatMap((section) => section.picks).find((one) => one.story === picked);
    expectFailures(true); // the 412
    let isFirst = true;
    await page.route('**/api/v1/picks/*', async (route) => { // somebody is quicker
      if (isFirst) {
        isFirst = false;
        const [cookie] = await page.context().cookies();
        await fetch(`${address}/api/v1/picks/${pick.id}`, { method: 'PATCH', body: JSON.stringify({ title: '别处的标题' }),
          headers: { Cookie: `${cookie.name}=${cookie.value}`, 'Content-Type': 'application/merge-patch+json' } });
      }
      await route.continue();
    });
    await page.locator('textarea[name=title]').fill('她的标题');
    await page.waitForSelector('.pick.open .conflict');
    await page.goto(`${address}/desk/rules?tab=papers`);
    await page.waitForSelector('.lines li');
    await page.keyboard.press('n');
    await page.locator('.edit textarea').fill('她的词');
    await page.locator('.edit .btn.line').click();
    await page.waitForSelector('.lines li.new');
    await page.getByRole('button', { name: 'ada · 退出' }).click();
    await page.waitForURL(/\/login/);

    await page.goto(`${address}/login?next=/desk/rules?tab=papers`);
    await logIn(page, 'bob');
    await page.getByRole('button', { name: 'bob · 退出' }).waitFor();
    await page.waitForSelector('.lines li');
    assert.equal(await page.locator('.lines li.new').count(), 0);
    await page.goto(`${address}/desk/draft`);
    await page.waitForSelector('.pick:has-text("别处的标题")');
    assert.equal(await page.locator('.conflict').count(), 0);
    assert.ok(!(await page.locator('main').innerText()).includes('她的标题'));
    await page.getByRole('button', { name: 'bob · 退出' }).click();
    await page.waitForURL(/\/login/);

    await page.goto(`${address}/login?next=/desk/draft`);
    await logIn(page, 'ada');
    await page.waitForSelector('.pick:has-text("她的标题")');
    await page.goto(`${address}/desk/rules?tab=papers`);
    await page.waitForSelector('.lines li.new:has-text("她的词")');
    assert.equal((await askAs(page, `/api/v1/draft`)).sections.flatMap((section) => section.picks).find((one) => one.id === pick.id).title, '别处的标题');
    await page.context().close();
  },
});
