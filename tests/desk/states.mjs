// The desk between its ordinary pages: dialogs, nothing there, on its way, refused, away from the service. One
// table for those who look (screenshots.mjs) and for those who measure (states_axe.mjs).
//
// A state is a page's address, what to wait for, and `prepare`, which brings it about. Where the service could
// only be brought to it by waiting (an empty inbox, an answer on its way) its answer is put in its place.
import { address, ask, expectFailures, send } from './harness.mjs';

const put = (page, path, body) => page.route(path, (route) => route.fulfill({ contentType: 'application/json', body: JSON.stringify(body) }));
const anyPick = async () => (await ask('/api/v1/draft')).sections.flatMap((one) => (one.form === 'oneline' ? [] : one.picks)).findLast((pick) => !pick.suggested);

const noStories = { stories: [], next: null };
const noCounts = { states: ['inbox', 'later'].map((state) => ({ state, total: 0, uncertain: 0, sections: {} })) };
const found = { outcome: 'choose', feed: null, item: null, feeds: [
  { number: 0, title: '示例芯片评论', url: 'https://chips.example/feed.xml', format: 'RSS 2.0', entries: 20 },
  { number: 1, title: '示例芯片评论 · 评论', url: 'https://chips.example/comments/feed.xml', format: 'Atom', entries: 1 }] };
const stored = { outcome: 'item', feed: null, feeds: [], item: { id: 1, title: '1.3 MB 的超轻量检测网络：全平台通用，准确率接近大模型',
  source: 'mp.example.com', section: 'oss', url: 'https://mp.example.com/s/1' } };
const longTitle = 'Towards Energy-Proportional Inference of Very Long Titled Models on Heterogeneous Microcontrollers without Operating Systems: '
  + '在没有操作系统的异构微控制器上按能耗成比例推理标题很长的模型，以及一个没有空格的标识符 '
  + 'example_organisation_with_a_long_name/quantised_transformer_inference_runtime_for_embedded_devices';

/** The page anew, with answers of the test's own in place of the service's. */
async function answered(page, answers) {
  for (const [path, body] of Object.entries(answers)) await put(page, path, body);
  await page.reload();
}

async function addressAdded(page, answer) {
  await put(page, '**/api/v1/add', answer);
  await page.keyboard.press('a');
  await page.locator('dialog [name=url]').fill('https://chips.example/');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog .found');
}

/** A line open whose summary somebody else has changed while she wrote. */
async function inConflict(page) {
  const pick = await anyPick();
  const row = page.locator(`#pick-${pick.story ?? pick.id}`);
  await row.click();
  let release = () => undefined;
  const gate = new Promise((resolve) => { release = resolve; });
  await page.route('**/api/v1/picks/*', async (route) => {
    if (route.request().method() === 'PATCH') await gate;
    await route.continue();
  });
  expectFailures(true); // the 412
  await page.locator('.pick.open [name=summary]').fill('按通道量化在小型 NPU 上为什么更准：权重分布、尺度与误差，一步步推导。');
  await send('PATCH', `/api/v1/picks/${pick.id}`, { summary: `按通道量化在小型 NPU 上为什么更准，附测量结果（第 ${pick.version} 版的下一稿）。` });
  release();
  await page.waitForSelector('.pick.open .conflict');
  await page.locator('.pick.open').scrollIntoViewIfNeeded();
}

export const states = {
  help: { path: '/desk/inbox', ready: '.row.cursor', prepare: async (page) => {
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
  } },
  add: { path: '/desk/inbox', ready: '.row.cursor', prepare: async (page) => {
    await page.keyboard.press('a');
    await page.waitForSelector('dialog[open] [name=url]');
  } },
  'add-feeds': { path: '/desk/sources', ready: '.table tbody tr', prepare: (page) => addressAdded(page, found) },
  'add-article': { path: '/desk/inbox', ready: '.row.cursor', prepare: (page) => addressAdded(page, stored) },
  'add-refused': { path: '/desk/inbox', ready: '.row.cursor', prepare: async (page) => {
    expectFailures(true); // the 422
    await page.keyboard.press('a');
    await page.locator('dialog [name=url]').fill('ftp://chips.example/');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog .alert');
  } },
  filter: { path: '/desk/inbox', ready: '.row.cursor', prepare: async (page) => {
    await page.locator('.bar button[aria-haspopup=dialog]').click();
    await page.waitForSelector('dialog[open]');
  } },
  ticked: { path: '/desk/inbox?age=7', ready: '.row.cursor', prepare: async (page) => {
    for (const key of [' ', 'j', ' ', 'j', 'j']) await page.keyboard.press(key);
    await page.waitForSelector('.float');
  } },
  decided: { path: '/desk/inbox', ready: '.row.cursor', prepare: async (page) => {
    await page.keyboard.press('l');
    await page.waitForSelector('.toast');
    await page.keyboard.press('z');
    await page.waitForSelector('.toast');
  } },
  'long-title': { path: '/desk/inbox', ready: '.row.cursor', prepare: async (page) => {
    const answer = await ask('/api/v1/stories?limit=60');
    answer.stories.forEach((story, index) => { if (index % 3 === 0) Object.assign(story, { title: longTitle, reasons: [] }); });
    await answered(page, { '**/api/v1/stories?*': answer });
    await page.waitForSelector('.row.cursor');
  } },
  'nothing-left': { path: '/desk/inbox', ready: '.row.cursor', prepare: async (page) => {
    await answered(page, { '**/api/v1/stories?*': noStories, '**/api/v1/counts*': noCounts });
    await page.waitForSelector('.empty');
  } },
  'first-run': { path: '/desk/inbox', ready: '.row.cursor', prepare: async (page) => {
    await answered(page, { '**/api/v1/stories?*': noStories, '**/api/v1/counts*': noCounts,
      '**/healthz': { feeds: 0, feeds_failing: 0, items: 0, issues: 0 } });
    await page.waitForSelector('.empty');
  } },
  'first-poll': { path: '/desk/inbox', ready: '.row.cursor', prepare: async (page) => {
    await answered(page, { '**/api/v1/stories?*': noStories, '**/api/v1/counts*': noCounts,
      '**/healthz': { feeds: 12, feeds_failing: 0, items: 0, issues: 0 } });
    await page.waitForSelector('.empty');
  } },
  'first-steps': { path: '/desk/inbox', ready: '.row.cursor', prepare: async (page) => {
    const draft = await ask('/api/v1/draft');
    for (const section of draft.sections) section.picks = [];
    await answered(page, { '**/api/v1/draft': draft, '**/healthz': { feeds: 15, feeds_failing: 2, items: 173, issues: 0 } });
    await page.waitForSelector('.start');
  } },
  'first-run-sources': { path: '/desk/sources', ready: '.table tbody tr', prepare: async (page) => {
    await answered(page, { '**/api/v1/feeds?*': { feeds: [], next: null }, '**/api/v1/feeds': { feeds: [], next: null } });
    await page.waitForSelector('.empty');
  } },
  'first-run-archive': { path: '/desk/archive', ready: '.issue', prepare: async (page) => {
    await answered(page, { '**/api/v1/issues?*': { issues: [], next: null }, '**/api/v1/issues': { issues: [], next: null } });
    await page.waitForSelector('.empty');
  } },
  loading: { path: '/desk/inbox', ready: '.row.cursor', prepare: async (page) => {
    await page.route('**/api/v1/stories?*', () => undefined); // no answer comes
    await page.reload();
    await page.waitForSelector('.list .bone, .scroll .bone');
  } },
  failed: { path: '/desk/inbox', ready: '.row.cursor', prepare: async (page) => {
    expectFailures(true); // the 500
    await page.route('**/api/v1/stories?*', (route) => route.fulfill({ status: 500, body: '' }));
    await page.reload();
    await page.waitForSelector('.empty[role=alert]');
  } },
  offline: { path: '/desk/inbox', ready: '.row.cursor', prepare: async (page) => {
    expectFailures(true);
    await page.route('**/api/v1/**', (route) => route.abort());
    for (const key of ['l', 'x']) await page.keyboard.press(key);
    await page.waitForSelector('.banner');
  } },
  'line-open': { path: '/desk/draft', ready: '.pick:not(.suggested)', prepare: async (page) => {
    await page.locator('.pick:not(.suggested)').first().click();
    await page.locator('.pick.open [name=summary]').waitFor();
  } },
  conflict: { path: '/desk/draft', ready: '.pick:not(.suggested)', prepare: inConflict },
  lifted: { path: '/desk/draft', ready: '.pick:not(.suggested)', prepare: async (page) => {
    await page.locator('.pick:not(.suggested)').last().click();
    for (const key of ['Escape', 'Space', 'ArrowUp']) await page.keyboard.press(key);
    await page.waitForSelector('.pick.lift');
  } },
  markdown: { path: '/desk/draft', ready: '.pick:not(.suggested)', prepare: async (page) => {
    await page.keyboard.press('v');
    await page.waitForSelector('pre.md:not(:empty)', { state: 'attached' });
  } },
  webpage: { path: '/desk/draft', ready: '.pick:not(.suggested)', prepare: async (page) => {
    for (const key of ['v', 'v']) await page.keyboard.press(key);
    await page.waitForSelector('iframe.html:not([hidden])', { state: 'attached' });
  } },
  publish: { path: '/desk/draft', ready: '.pick', prepare: async (page) => {
    await page.waitForSelector('#checks', { state: 'attached' });
    await page.keyboard.press('Shift+P');
    await page.waitForSelector('dialog[open] .diff');
  } },
  'nothing-found': { path: '/desk/search?q=qqqzzz', ready: '.empty' },
  'search-start': { path: '/desk/search', ready: '.empty' },
  'search-printed': { path: '/desk/search?q=NPU&in=printed', ready: '.hit, .empty' },
  tablet: { path: '/desk/inbox', ready: '.row.cursor', viewport: { width: 1024, height: 768 } },
  'tablet-draft': { path: '/desk/draft', ready: '.pick', viewport: { width: 1024, height: 768 } },
  wide: { path: '/desk/inbox', ready: '.row.cursor', viewport: { width: 1920, height: 1080 } },
  'wide-draft': { path: '/desk/draft', ready: '.pick', viewport: { width: 1920, height: 1080 } },
  'wide-rules': { path: '/desk/rules', ready: '.lines li', viewport: { width: 1920, height: 1080 } },
};
