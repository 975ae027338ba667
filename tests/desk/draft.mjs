// The draft: what is typed is written over what was seen, two editors never lose a word, lines move by
// keyboard and by hand, the guide takes offers, and the checks lead to their places.
import assert from 'node:assert/strict';
import { address, ask, expectFailures, isSettled, open, run, send, tell, until } from './harness.mjs';

const draft = () => ask('/api/v1/draft');
const section = async (id) => (await draft()).sections.find((one) => one.id === id);
const titles = async (id) => (await section(id)).picks.map((pick) => pick.title);
const pickById = async (id) => (await draft()).sections.flatMap((one) => one.picks).find((pick) => pick.id === id);
const rowOf = (pick) => `#pick-${pick.story ?? pick.id}`;
const field = (page, name) => page.locator(`.pick.open [name=${name}]`);
const said = (page) => page.locator('p.sr[aria-live=polite]').innerText();
const saved = (page) => page.waitForSelector('.saved:has-text("已保存")');

await send('POST', '/api/v1/draft/accept', {});
await send('PATCH', '/api/v1/draft', { suggest: false });

async function opened(options) {
  const page = await open('/desk/draft', options);
  await page.waitForSelector('.pick');
  return page;
}

/** Holds the page's writes to this address back until the answer is called. */
async function held(page, path) {
  let release;
  const gate = new Promise((resolve) => { release = resolve; });
  await page.route(path, async (route) => {
    if (route.request().method() === 'PATCH') await gate;
    await route.continue();
  });
  return release;
}

/** The draft page with a line open. */
async function editing(pick, options) {
  const page = await opened(options);
  await page.locator(rowOf(pick)).click();
  await field(page, 'title').waitFor();
  await page.waitForFunction(() => document.activeElement?.name === 'title');
  return page;
}

await run({
  async 'two editors in the guide: both texts side by side, neither chosen, and the other stays in the log'() {
    const one = await opened(), two = await opened();
    await one.locator('[name=guide]').fill('一号写的导读。');
    await saved(one);
    await until('the second page has it', async () => await two.locator('[name=guide]').inputValue() === '一号写的导读。');
    await two.route('**/api/v1/events', (route) => route.abort()); // it hears of nothing until it writes
    expectFailures(true);
    const release = await held(two, '**/api/v1/drafts/*');
    await two.locator('[name=guide]').fill('二号改的导读。');
    await one.locator('[name=guide]').fill('一号又改的导读。');
    await until('the first is stored', async () => (await draft()).guide === '一号又改的导读。');
    release();
    await two.waitForSelector('.guide .conflict');
    assert.deepEqual(await two.locator('.versus section p').allInnerTexts(), ['二号改的导读。', '一号又改的导读。']);
    await two.waitForSelector('.saved:has-text("没有存上：别处改过")');
    assert.equal(await two.locator('[name=guide]').inputValue(), '二号改的导读。');
    assert.equal((await draft()).guide, '一号又改的导读。');
    assert.equal(await two.locator('.conflict .btn.fill').count(), 0);
    await two.reload(); // her text outlives it
    await two.waitForSelector('.guide .conflict');
    assert.equal(await two.locator('[name=guide]').inputValue(), '二号改的导读。');
    await two.locator('.conflict button:has-text("用另一份")').click();
    await two.waitForSelector('.conflict', { state: 'detached' });
    await until('hers is in the log and the other is stored', async () => {
      const { events } = await ask('/api/v1/log?limit=2');
      return events[1].changes[0].after.guide === '二号改的导读。' && events[0].changes[0].after.guide === '一号又改的导读。';
    });
    await until('the page shows it', async () => await two.locator('[name=guide]').inputValue() === '一号又改的导读。');
    for (const page of [one, two]) await page.context().close();
  },
  async 'two editors in two fields of one line are in nobody\'s way'() {
    const pick = (await section('news')).picks[0];
    const page = await editing(pick);
    const release = await held(page, `**/api/v1/picks/${pick.id}`);
    expectFailures(true); // the 412
    await field(page, 'title').fill('这边改标题');
    await send('PATCH', `/api/v1/picks/${pick.id}`, { summary: '那边写摘要。' });
    release();
    await until('both are stored', async () => {
      const now = await pickById(pick.id);
      return now.title === '这边改标题' && now.summary === '那边写摘要。';
    });
    await until('both are shown', async () => await field(page, 'summary').inputValue() === '那边写摘要。');
    assert.equal(await page.locator('.conflict').count(), 0);
    await page.context().close();
  },
  async 'two editors in one field of a line: kept apart, then put together'() {
    const pick = (await section('news')).picks[1];
    const page = await editing(pick);
    const release = await held(page, `**/api/v1/picks/${pick.id}`);
    expectFailures(true);
    await field(page, 'summary').fill('我的摘要。');
    await send('PATCH', `/api/v1/picks/${pick.id}`, { summary: '别处的摘要。' });
    release();
    await page.waitForSelector('.pick.open .conflict');
    await field(page, 'summary').press('End');
    await field(page, 'summary').type('又写一句。');
    await page.locator('.conflict button:has-text("合着改")').click();
    await until('one text of both', async () => (await pickById(pick.id)).summary === '我的摘要。又写一句。\n别处的摘要。');
    await page.context().close();
  },
  async 'fast typing is kept letter by letter while the service answers'() {
    const page = await opened();
    const text = '一二三四五六七八九十'.repeat(12);
    await page.locator('[name=guide]').fill('');
    await page.locator('[name=guide]').pressSequentially(text, { delay: 8 });
    assert.equal(await page.locator('[name=guide]').inputValue(), text);
    await until('it is stored', async () => (await draft()).guide === text);
    await page.context().close();
  },
  async 'the saved state says what it is, also away from the service'() {
    const pick = (await section('blog')).picks[0];
    const page = await editing(pick);
    await field(page, 'summary').fill('第一稿。');
    await page.waitForFunction(() => /^已保存 \d\d:\d\d:\d\d$/.test(document.querySelector('.saved').innerText));
    await field(page, 'url').fill('javascript:alert(1)');
    expectFailures(true);
    await page.waitForSelector('.saved.bad:has-text("没有存上：")');
    await field(page, 'url').fill('https://x.example/second');
    await saved(page);
    await tell('stop');
    await field(page, 'summary').fill('第二稿。');
    await page.waitForSelector('.saved:has-text("离线，1 处改动待送出")');
    await tell('start');
    await until('it is stored', () => pickById(pick.id).then((now) => now.summary === '第二稿。', () => false));
    await page.context().close();
  },
  async 'every field of a line is written, with the original beside it'() {
    const pick = (await section('news')).picks[2];
    const page = await editing(pick);
    const original = pick.original.title;
    await field(page, 'title').fill(`${original.slice(0, 4)}另起`);
    assert.equal(await page.locator('.pick.open .orig').first().innerText(), original);
    assert.ok(await page.locator('.pick.open del').count() > 0);
    await page.locator('.pick.open button:has-text("标出删去的")').click();
    assert.equal(await page.locator('.pick.open del').count(), 0);
    await page.locator('.pick.open button:has-text("标出删去的")').click();
    const texts = { summary: '摘要两段。\n第二段。', clause: '导读说法', source: '某处', url: 'https://x.example/三', tags: '甲，乙' };
    await page.locator('.pick.open [name=highlight]').check();
    for (const [name, text] of Object.entries(texts)) await field(page, name).fill(text);
    await page.locator('.pick.open summary').click();
    await page.locator('.pick.open .rows button:has-text("加一行")').first().click();
    await page.locator('.rows [list]').first().fill('论文');
    await page.locator('[name="lines[0].text"]').fill('https://arxiv.org/abs/2009.00278');
    const now = await until('all is stored', async () => {
      const stored = await pickById(pick.id);
      return stored.lines?.[0]?.text && stored.tags?.length === 2 && stored.clause && stored;
    });
    assert.deepEqual({ ...texts, tags: ['甲', '乙'] }, Object.fromEntries(Object.keys(texts).map((name) => [name, now[name]])));
    assert.deepEqual([now.lines, now.highlight], [[{ label: '论文：', text: 'https://arxiv.org/abs/2009.00278' }], true]);
    await page.locator('.pick.open button:has-text("用原文")').click();
    await until('the original is back', async () => (await pickById(pick.id)).title === original);
    await page.context().close();
  },
  async 'Ctrl and Enter save and open the next, Escape gives the line the focus back'() {
    const { picks } = await section('oss');
    const page = await editing(picks[0]);
    await field(page, 'title').fill('新的项目标题');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector(`${rowOf(picks[1])}.open`);
    await page.waitForFunction(() => document.activeElement?.name === 'title');
    await page.keyboard.press('Escape');
    await page.waitForFunction((id) => document.activeElement?.id === id, rowOf(picks[1]).slice(1));
    await until('it is stored', async () => (await titles('oss'))[0] === '新的项目标题');
    await page.context().close();
  },
  async 'a line is lifted, carried over a section\'s edge, put back, carried again and dropped'() {
    const before = await titles('papers'), [first] = (await section('papers')).picks;
    const page = await opened();
    await page.locator(rowOf(first)).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Space');
    await until('the lift is said', async () => (await said(page)).startsWith('拿起「'));
    await page.keyboard.press('ArrowUp');
    await until('its new section is said', async () => (await said(page)).includes('业界新闻'));
    await page.keyboard.press('Escape');
    await until('it is said to be back', async () => await said(page) === '已放回原处');
    assert.deepEqual(await titles('papers'), before);
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await until('its place is said', async () => /「论文」第 2 条，共 \d+ 条/.test(await said(page)));
    await page.keyboard.press('Space');
    await until('it is stored', async () => (await titles('papers'))[1] === before[0]);
    await page.keyboard.press('Alt+ArrowUp');
    await until('it is back', async () => (await titles('papers'))[0] === before[0]);
    await page.context().close();
  },
  async 'a line is dragged by its grip, within a section and into another'() {
    const news = (await section('news')).picks, blog = (await section('blog')).picks;
    const page = await opened({ viewport: { width: 1440, height: 1900 } });
    const drag = async (from, to, below) => {
      await page.locator(rowOf(from)).hover();
      const grip = await page.locator(`${rowOf(from)} .grip`).boundingBox(), box = await page.locator(rowOf(to)).boundingBox();
      await page.mouse.move(grip.x + 8, grip.y + 8);
      await page.mouse.down();
      await page.mouse.move(grip.x + 20, grip.y + 30, { steps: 4 });
      let way = 0; // a hand trembles; what is moved while the drag begins is not told to the page
      await until('its place is shown', async () => {
        await page.mouse.move(box.x + 60 + (way = 1 - way), box.y + (below ? box.height - 4 : 4), { steps: 6 });
        return page.evaluate(() => document.querySelector('.drop') !== null);
      });
      await page.mouse.up();
      await page.waitForSelector('.drop', { state: 'detached' });
    };
    await drag(news[0], news[2], true);
    await until('it stands third', async () => (await section('news')).picks[2].id === news[0].id);
    await isSettled(page);
    await until('the guide has taken it in', async () => await page.locator('[name=guide]').inputValue() === (await draft()).guide);
    await drag(news[0], blog[1], false);
    await until('it stands second in the other section', async () => (await section('blog')).picks[1].id === news[0].id);
    await page.context().close();
  },
  async 'a line by hand: a subject, a sentence and its address'() {
    const page = await opened();
    await page.locator(rowOf((await section('brief')).picks[0])).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    await page.locator('[name=byhand]').fill('地平线：征程三亮相 https://x.example/j3');
    await page.keyboard.press('Enter');
    const made = await until('it is stored', async () => (await section('brief')).picks.find((pick) => pick.subject === '地平线'));
    assert.deepEqual([made.title, made.url, made.original], ['征程三亮相', 'https://x.example/j3', null]);
    await page.waitForSelector('.pick:has-text("征程三亮相")');
    await page.context().close();
  },
  async 'the guide\'s offer is taken whole, in part, or not at all, and never by itself'() {
    const now = await draft();
    await send('PATCH', '/api/v1/draft', { guide: `${now.guide_proposed}她写的结尾。`, guide_base: now.guide_proposed });
    const picks = (await section('blog')).picks.slice(0, 3);
    const clauses = ['卷积汇编提速一倍', '关键词唤醒压到十八 KB', '手语识别落到手机上'];
    for (const [index, pick] of picks.entries()) await send('PATCH', `/api/v1/picks/${pick.id}`, { highlight: true, clause: clauses[index] });
    const page = await opened();
    await page.waitForSelector('.offer ins');
    const hers = await page.locator('[name=guide]').inputValue();
    assert.ok(!hers.includes('卷积汇编提速一倍') && hers.includes('她写的结尾'));
    await page.locator('.offer button:has-text("重拟一段")').click();
    await page.locator('.parts li:has-text("关键词唤醒压到十八 KB") button').click();
    await until('that part is stored and no other', async () => {
      const { guide } = await draft();
      return guide.includes('关键词唤醒压到十八 KB') && !guide.includes('卷积汇编提速一倍') && guide.includes('她写的结尾');
    });
    await page.waitForSelector('.parts li:has-text("关键词唤醒压到十八 KB")', { state: 'detached' });
    await page.waitForSelector('.parts li:has-text("卷积汇编提速一倍")');
    await page.keyboard.press('Alt+Enter');
    await until('all is taken', async () => (await draft()).guide.includes('卷积汇编提速一倍'));
    await page.waitForSelector('.offer', { state: 'detached' });
    await send('PATCH', `/api/v1/picks/${picks[2].id}`, { clause: '大模型读得更快' });
    await page.waitForSelector('.offer');
    await page.locator('.offer button:has-text("不用")').click();
    await page.waitForSelector('.offer', { state: 'detached' });
    await isSettled(page);
    assert.ok(!(await draft()).guide.includes('大模型读得更快'));
    await page.locator(rowOf(picks[0])).click();
    await page.waitForSelector('.guide.folded');
    assert.ok((await page.locator('[name=guide]').boundingBox()).height <= 60);
    await page.context().close();
  },
  async 'a check leads to its field, and its fix can be undone'() {
    const { made } = await send('POST', '/api/v1/picks', { section: 'news', title: '一句话,后面是半角', source: '某处', url: 'https://x.example/check?utm_source=a' });
    const page = await opened();
    const check = page.locator('.checks li:has-text("半角的")').first();
    await check.locator('button.what').click();
    await page.waitForFunction(() => document.activeElement?.name === 'title');
    assert.equal(await page.evaluate(() => document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)), ',');
    await page.keyboard.press('Escape');
    await check.locator('button:has-text("改好")').click();
    await until('it is mended', async () => (await pickById(made)).title === '一句话，后面是半角');
    await page.locator('.toast button:has-text("撤销")').click();
    await until('it is as it was', async () => (await pickById(made)).title === '一句话,后面是半角');
    await page.waitForSelector('.checks li:has-text("半角的")');
    await page.locator('.checks li:has-text("还没有摘要") button.what').first().click();
    await page.waitForFunction(() => document.activeElement?.name === 'summary');
    await page.context().close();
  },
  async 'the preview follows what is typed, in a frame that may do nothing, and is copied in two forms'() {
    const pick = (await section('news')).picks[0];
    const page = await editing(pick, { permissions: ['clipboard-read', 'clipboard-write'] });
    await field(page, 'title').fill('预览里看得到的标题');
    await saved(page);
    const frame = page.frameLocator('iframe:not([hidden])');
    await frame.locator('text=预览里看得到的标题').first().waitFor();
    assert.equal(await page.locator('iframe').first().getAttribute('sandbox'), '');
    await page.locator('.bar:has(.seg) button:has-text("复制")').click();
    await page.waitForSelector('.toast:has-text("已复制：公众号")');
    await page.evaluate(() => document.addEventListener('paste', (event) => {
      event.preventDefault();
      window.pasted = { html: event.clipboardData.getData('text/html'), plain: event.clipboardData.getData('text/plain') };
    }, { once: true }));
    await field(page, 'summary').press('Control+V');
    const clip = await (await page.waitForFunction(() => window.pasted)).jsonValue();
    assert.ok(/<section[^>]* style="/.test(clip.html) && clip.html.includes('预览里看得到的标题'));
    assert.ok(!clip.plain.includes('<section') && clip.plain.includes('预览里看得到的标题'));
    await page.waitForSelector('text=/20,000 字符/');
    await page.locator('.seg button:has-text("Markdown")').click();
    await page.waitForFunction(() => document.querySelector('pre.md')?.innerText.includes('预览里看得到的标题'));
    await page.context().close();
  },
  async 'a phone shows one part at a time'() {
    const page = await opened({ viewport: { width: 390, height: 844 } });
    const seen = () => page.evaluate(() => ['#sheet', '.checking', '.frames'].map((part) => document.querySelector(part).checkVisibility()));
    assert.deepEqual(await seen(), [true, false, false]);
    await page.locator('.phone button:visible:has-text("检查")').click();
    assert.deepEqual(await seen(), [false, true, false]);
    await page.locator('.phone button:visible:has-text("预览")').click();
    assert.deepEqual(await seen(), [false, false, true]);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await page.context().close();
  },
});
