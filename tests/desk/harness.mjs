// What the desk's browser tests share: Debian's Chromium, a page that complains of every error, broken policy
// and foreign request, waiting on conditions (never on time), and a runner.
//
// usage of a test file: NAME.mjs ADDRESS CHROMIUM; started by run.py, which owns the daemon and stops or
// starts it when a line "stop" or "start" is printed.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

const require = createRequire(fileURLToPath(new URL('../../web/desk/package.json', import.meta.url)));
const { chromium } = require('playwright-core');
export const [address, executablePath] = process.argv.slice(2);
const input = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();

export const browser = await chromium.launch({ executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'] });
const complaints = [];
let isDown = false;

/** While true, failed requests, which the browser names in its console, are no complaint. */
export function expectFailures(expected) {
  isDown = expected;
}

/** Stops or starts the daemon, or makes an account: "account NAME ROLE". */
export async function tell(order) {
  console.log(order);
  await input.next();
}

/** A page of the desk in a context of its own; whatever it complains of fails the test. */
export async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', ...options });
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) complaints.push(`request to ${request.url()}`);
  });
  page.on('requestfailed', (request) => { // announced, but held back by the page's policy: it never left
    const at = complaints.indexOf(`request to ${request.url()}`);
    if (at >= 0 && /csp/i.test(request.failure()?.errorText ?? '')) complaints.splice(at, 1);
  });
  page.on('console', (message) => {
    const probed = /\/api\/v1\/draft\/(findings|guide)$|\/draft\.wechat\.html$/.test(message.location().url);
    // The init script above is tried in an article's frame as well, where nothing runs.
    const blocked = /^Blocked script execution in '[^']*\/content/.test(message.text());
    if (message.type() === 'error' && !isDown && !probed && !blocked) complaints.push(`${message.text()} ${message.location().url}`);
  });
  await page.goto(address + path);
  return page;
}

/** What the API answers to a GET. */
export async function ask(path) {
  return (await fetch(address + path)).json();
}

/** What the API answers to a request, which it has to take. */
export async function send(method, path, body, headers = {}) {
  const answer = await fetch(address + path, body === undefined ? { method, headers }
    : { method, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

/** An editor's decision on these stories. */
export const decide = (ids, what, headers = {}) => send('POST', '/api/v1/decisions', { stories: ids.map((id) => ({ id })), ...what }, headers);

/** The first true value of condition, within twenty seconds. */
export async function until(what, condition) {
  const end = Date.now() + 20000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const stateOf = async (id) => (await ask(`/api/v1/stories/${id}`)).state;
export const cursorOf = async (page) => (await page.locator('.row.cursor').getAttribute('id')).slice('story-'.length);
/** Until nothing waits to be sent. */
export const isSettled = (page) => page.waitForFunction(() => !Object.keys(localStorage).some((name) => name.startsWith('briefd.outbox.')));

/** Runs every test in its order, closes the browser and ends the process. */
export async function run(tests) {
  let failed = 0, passed = 0;
  for (const [name, test] of Object.entries(tests)) {
    complaints.length = 0;
    isDown = false;
    try {
      await test();
      assert.deepEqual(complaints, [], 'the console is quiet and no policy was broken');
      passed++;
      console.log(`ok ${name}`);
    } catch (error) {
      failed++;
      console.log(`not ok ${name}\n${error.stack}`);
      for (const context of browser.contexts()) await context.close();
    }
  }
  await browser.close();
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}
